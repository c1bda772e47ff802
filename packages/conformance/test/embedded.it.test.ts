import { embeddedProvider } from "@ondash/transport";
import { describe } from "vitest";
import { declareSuite } from "./suite.ts";

describe("the embedded broker", () => {
  declareSuite("embedded", embeddedProvider());
});
