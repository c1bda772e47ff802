import { chatSchemas } from "@ondash/schemas";
import { describe } from "vitest";
import { itFinds } from "./support/it-finds.ts";
import { recordOperators } from "./support/record-operators.ts";

describe.each(chatSchemas)("a broken record of $name", (schema) => {
  for (const operator of recordOperators) itFinds(schema, operator);
});
