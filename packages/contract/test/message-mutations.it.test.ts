import { chatSchemas } from "@ondash/schemas";
import { describe } from "vitest";
import { itFinds } from "./support/it-finds.ts";
import { messageOperators } from "./support/message-operators.ts";

describe.each(chatSchemas)("message rules on $name", (schema) => {
  for (const operator of messageOperators) itFinds(schema, operator);
});
