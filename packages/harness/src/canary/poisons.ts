import type { SchemaName } from "@ondash/schemas";

/** One way of poisoning the canary's turn, and the rule that must say so. */
export interface Poison {
  /** For people: what is wrong with the turn. */
  readonly what: string;
  /** The fault, in the scenario format. */
  readonly fault: string;
  readonly rule: Readonly<Partial<Record<SchemaName, string>>>;
}

const both = (rule: string): Poison["rule"] => ({ "chat.v1": rule, "chat.v2": rule });

/** The kinds of poison: of each family of rules that a single turn can break, more than one. */
export const poisons: readonly Poison[] = [
  { what: "its chart was never sent", fault: "{ at: chart, do: drop }", rule: both("ORD-04") },
  {
    what: "its producer died after the chart",
    fault: "{ after: chart, do: stop }",
    rule: { "chat.v1": "ORD-04", "chat.v2": "ORD-07" },
  },
  { what: "a text was sent twice", fault: "{ at: 4, do: duplicate, same_id: true }", rule: both("ORD-01") },
  {
    what: "a text was built anew for a retry",
    fault: "{ at: 6, do: duplicate, same_id: false }",
    rule: { "chat.v1": "ORD-03", "chat.v2": "ORD-02" },
  },
  { what: "two texts were written in the wrong order", fault: "{ do: swap, at: [4, 6] }", rule: both("ORD-03") },
  { what: "a text has another key", fault: "{ at: 4, do: key, value: canary }", rule: both("REC-04") },
  { what: "a text is a tombstone", fault: "{ at: 4, do: tombstone }", rule: both("REC-01") },
  { what: "a text was written to another topic", fault: "{ at: 4, do: topic, value: status }", rule: both("REC-03") },
  {
    what: "a text has no position",
    fault: "{ at: 4, do: set, path: text.position, value: null }",
    rule: both("REC-07"),
  },
  {
    what: "a text comes after no chart",
    fault: "{ at: 4, do: set, path: text.position, value: AFTER }",
    rule: both("GRM-03"),
  },
  {
    what: "a record has no CloudEvents id",
    fault: "{ at: 2, do: header, name: ce_id, value: null }",
    rule: { "chat.v2": "REC-11" },
  },
];
