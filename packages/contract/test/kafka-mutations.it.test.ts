import { chatSchemas } from "@ondash/schemas";
import { describe } from "vitest";
import { itFinds } from "./support/it-finds.ts";
import { kafkaOperators } from "./support/kafka-operators.ts";

describe.each(chatSchemas)("kafka rules on $name", (schema) => {
  for (const operator of kafkaOperators) itFinds(schema, operator);
});
