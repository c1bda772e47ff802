import { embeddedProvider } from "@ondash/transport";
import { describe } from "vitest";
import { declareDialogues } from "./dialogue-suite.ts";

describe("dialogues with the embedded broker", () => {
  declareDialogues("embedded", embeddedProvider());
});
