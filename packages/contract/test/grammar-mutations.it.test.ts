import { chatSchemas } from "@ondash/schemas";
import { describe } from "vitest";
import { grammarOperators } from "./support/grammar-operators.ts";
import { itFinds } from "./support/it-finds.ts";

describe.each(chatSchemas)("grammar rules on $name", (schema) => {
  for (const operator of grammarOperators) itFinds(schema, operator);
});
