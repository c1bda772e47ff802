import { formatRfc3339, parseRfc3339, type RecordHeader } from "@ondash/schemas";
import { type ContractEvent, compareInstants } from "../event.ts";
import { contrast, held, idle, quote } from "../finding.ts";
import { about } from "./envelope-rules.ts";
import type { RecordFacts, RecordRule } from "./facts.ts";
import { textOfKey as textOf } from "./key-rules.ts";

/** What was expected of a header's value and what came; undefined: it says what it must. */
type HeaderLaw = (value: string, event: ContractEvent, facts: RecordFacts) => readonly [string, string] | undefined;

const equal =
  (expected: (event: ContractEvent, facts: RecordFacts) => string | undefined): HeaderLaw =>
  (value, event, facts) => {
    const want = expected(event, facts);
    return want === undefined || value === want ? undefined : contrast(want, value);
  };

/** The required headers of CloudEvents 1.0 in Kafka's binary mode, and what each must say. */
const REQUIRED: readonly (readonly [name: string, law: HeaderLaw])[] = [
  ["ce_specversion", equal(() => "1.0")],
  ["ce_id", equal((event) => event.eventId)],
  [
    "ce_source",
    (value) => (/^\/ondash-llm\/./su.test(value) ? undefined : ["/ondash-llm/<one or more characters>", quote(value)]),
  ],
  [
    "ce_type",
    equal((event, { schema }) => (event.body === undefined ? undefined : `${schema.name}.${event.body.kind}`)),
  ],
  ["ce_subject", equal((event) => event.conversationId)],
  [
    "ce_time",
    (value, { timestamp }) => {
      // Without a valid timestamp there is nothing to compare with, and REC-08 has the record.
      if (timestamp === undefined) return undefined;
      const instant = parseRfc3339(value);
      if (instant !== undefined && compareInstants(instant, timestamp) === 0) return undefined;
      return [`RFC 3339 text of ${formatRfc3339(timestamp) ?? "a timestamp that is not valid"}`, quote(value)];
    },
  ],
  ["content-type", equal(() => "application/protobuf")],
];

/** REC-11: the CloudEvents headers agree with the envelope. */
export const headersAgree: RecordRule = (facts) => {
  const { decoded, schema, record } = facts;
  if (!decoded.ok || !schema.cloudEvents) return idle;
  const wrong = REQUIRED.flatMap(([name, law]) => {
    const found = breach(name, law, record.headers, decoded.event, facts);
    return found === undefined ? [] : [found];
  });
  if (wrong.length === 0) return held;
  return about(facts, {
    message: "The CloudEvents headers do not agree with the envelope.",
    expected: wrong.map(([expected]) => expected).join("; "),
    actual: wrong.map(([, actual]) => actual).join("; "),
  });
};

function breach(
  name: string,
  law: HeaderLaw,
  headers: readonly RecordHeader[],
  event: ContractEvent,
  facts: RecordFacts,
): readonly [expected: string, actual: string] | undefined {
  const alike = headers.filter(([header]) => header.toLowerCase() === name);
  const otherCase = alike.find(([header]) => header !== name);
  if (otherCase !== undefined) return [`${name} in lower case`, quote(otherCase[0])];
  const [first] = alike;
  if (first === undefined || alike.length > 1) return [`${name} exactly once`, `${name} ${alike.length} times`];
  const text = textOf(first[1]);
  if (text === undefined) return [`${name} as UTF-8`, `${name} ${first[1] === null ? "null" : "not UTF-8"}`];
  const wrong = law(text, event, facts);
  return wrong === undefined ? undefined : [`${name} ${wrong[0]}`, `${name} ${wrong[1]}`];
}
