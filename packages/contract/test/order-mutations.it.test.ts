import { chatSchemas } from "@ondash/schemas";
import { describe } from "vitest";
import { agreementOperators } from "./support/agreement-operators.ts";
import { itFinds } from "./support/it-finds.ts";
import { orderOperators } from "./support/order-operators.ts";

describe.each(chatSchemas)("a turn of $name out of order", (schema) => {
  for (const operator of [...orderOperators, ...agreementOperators]) itFinds(schema, operator);
});
