import { severityOf } from "@ondash/contract";
import { type ChatSchema, chatSchemas } from "@ondash/schemas";
import { agreementOperators } from "../support/agreement-operators.ts";
import { grammarOperators } from "../support/grammar-operators.ts";
import { kafkaOperators } from "../support/kafka-operators.ts";
import { messageOperators } from "../support/message-operators.ts";
import type { Operator } from "../support/operators.ts";
import { orderOperators } from "../support/order-operators.ts";
import { recordOperators } from "../support/record-operators.ts";

/** An operator on legal turns of one version. */
export interface VersionedOperator {
  readonly schema: ChatSchema;
  readonly operator: Operator;
  /** `ORD-04 chat.v2: a record is dropped`. Unique. */
  readonly name: string;
}

/** Every operator in every version it applies to, in the order of the catalogue's families. */
export const allOperators: readonly VersionedOperator[] = [
  ...recordOperators,
  ...orderOperators,
  ...agreementOperators,
  ...grammarOperators,
  ...kafkaOperators,
  ...messageOperators,
].flatMap((operator) =>
  chatSchemas
    .filter(
      ({ name, version }) =>
        severityOf(operator.rule, name) !== undefined && (operator.versions ?? [1, 2]).includes(version),
    )
    .map((schema) => ({ schema, operator, name: `${operator.rule} ${schema.name}: ${operator.does}` })),
);
