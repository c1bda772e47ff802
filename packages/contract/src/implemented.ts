import { rules } from "./catalogue.ts";
import { kafkaRuleIds } from "./kafka/partition-rules.ts";
import { messageRules } from "./message/message-rules.ts";
import { recordRules } from "./record/record-rules.ts";
import { grammarRules, orderRules } from "./turn/turn-rules.ts";

/** ORD-09 looks at two turns; the CHT rules are judged by @ondash/chart-contract. */
const implemented: ReadonlySet<string> = new Set([
  ...[...recordRules, ...orderRules, ...grammarRules, ...messageRules].map(([id]) => id),
  ...kafkaRuleIds,
  "ORD-09",
]);

/** Ids of the rules that this package does not judge. */
export const notImplemented: ReadonlySet<string> = new Set(
  rules.map(({ id }) => id).filter((id) => !implemented.has(id)),
);
