import type { EventKind } from "@ondash/schemas";
import { type Check, type Finding, held, idle, violated } from "../finding.ts";
import type { RecordFacts, RecordRule } from "./facts.ts";

/** A finding about one record. */
export function about(facts: RecordFacts, finding: Omit<Finding, "records" | "eventIds">): Check {
  const { topic, partition, offset } = facts.record;
  const id = facts.decoded.ok ? facts.decoded.event.eventId : "";
  return violated({ ...finding, records: [{ topic, partition, offset }], eventIds: id === "" ? [] : [id] });
}

/** REC-01: the value decodes strictly. */
export const decodes: RecordRule = (facts) => {
  if (facts.decoded.ok) return held;
  const { value } = facts.record;
  return about(facts, {
    message: `The value is not a ${facts.schema.name} envelope: ${facts.decoded.reason}.`,
    expected: `the bare protobuf bytes of ${facts.schema.envelope.typeName}`,
    actual: value === null ? "a tombstone (null)" : value.length === 0 ? "an empty value" : facts.decoded.reason,
    notes: value === null || value.length === 0 ? [] : [`value: ${value.length} bytes, ${hexStart(value)}`],
  });
};

function hexStart(value: Uint8Array): string {
  const hex = Array.from(value.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return value.length > 16 ? `${hex} …` : hex;
}

/** REC-02: exactly one known arm. */
export const hasOneArm: RecordRule = (facts) => {
  const { decoded } = facts;
  if (!decoded.ok) return idle;
  if (decoded.knownArms.length === 1) return held;
  const actual =
    decoded.knownArms.length > 1
      ? decoded.knownArms.join(" and ")
      : decoded.unknownArms.length > 0
        ? `only arms the schema does not know (field ${decoded.unknownArms.join(", ")})`
        : "no arm at all";
  return about(facts, {
    message: "The envelope does not carry exactly one event.",
    expected: "one of status, text, chart, error, completion",
    actual,
  });
};

/** REC-03: the arm is in its topic. */
export const isInItsTopic: RecordRule = (facts) => {
  const { decoded, schema, record } = facts;
  if (!decoded.ok || decoded.knownArms.length !== 1) return idle;
  const arm = decoded.knownArms[0] as EventKind;
  if (schema.topics[arm] === record.topic) return held;
  return about(facts, {
    message: `A ${arm} event is in the wrong topic.`,
    expected: schema.topics[arm],
    actual: record.topic,
  });
};

/** REC-13: nothing unknown. */
export const hasNoUnknownFields: RecordRule = (facts) => {
  if (!facts.decoded.ok) return idle;
  if (!facts.decoded.unknownFields) return held;
  const arms = facts.decoded.unknownArms;
  return about(facts, {
    message: `The envelope has fields that ${facts.schema.name} does not know.`,
    expected: "only fields of the schema",
    actual: arms.length > 0 ? `unknown fields, among them field ${arms.join(", ")}` : "unknown fields",
  });
};
