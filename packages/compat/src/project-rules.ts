import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import type { Image } from "./image.ts";
import { commentOf, enumsOf, messagesOf } from "./locate.ts";
import type { ProjectRule } from "./policy.ts";
import { type Change, fieldSubject, placeOf, type Subject } from "./subject.ts";
import { fieldOf } from "./value.ts";

/** A breach of a rule that neither buf nor a witness shows. */
export interface RuleFinding {
  readonly rule: ProjectRule;
  readonly subject: Subject;
  readonly message: string;
}

/**
 * What no tool sees: a topic or a unit that a comment names and that is now another one, an enum alias placed before
 * the old name (ProtoJSON prints the first), a number or name that was reserved and is used again. `earlier` are
 * releases before `change.before`.
 */
export function checkProjectRules(change: Change, earlier: readonly Image[] = []): RuleFinding[] {
  const found: RuleFinding[] = [];
  for (const message of messagesOf(change.before.files)) {
    const now = change.after.types.getMessage(message.typeName);
    if (now === undefined) continue;
    for (const field of message.fields) {
      const same = fieldOf(now, field.number);
      if (same !== undefined) found.push(...checkComments(change, field, same));
    }
  }
  for (const type of enumsOf(change.before.files)) {
    const now = change.after.types.getEnum(type.typeName);
    if (now !== undefined) found.push(...checkAliases(change, type, now));
  }
  found.push(...checkReserved(change, [change.before, ...earlier]));
  return found;
}

function checkComments(change: Change, field: DescField, now: DescField): RuleFinding[] {
  const found: RuleFinding[] = [];
  const [before, after] = [commentOf(field), commentOf(now)];
  if (before === after) return found;
  const [topics, newTopics] = [topicsIn(before), topicsIn(after)];
  const report = (rule: ProjectRule, what: string, from: string, to: string): void => {
    const subject = { ...fieldSubject(change, field.parent.typeName, field.number), change: `${what} ${from} → ${to}` };
    const message = `the comment named the ${what} ${from}, now ${to}: the bytes are the same, their meaning is not`;
    found.push({ rule, subject, message });
  };
  if (topics.length > 0 && topics.join() !== newTopics.join())
    report("TOPIC_MAP", "topic", topics.join(", "), newTopics.join(", ") || "none");
  const [units, newUnits] = [unitsIn(before), unitsIn(after)];
  if (units.length > 0 && units.join() !== newUnits.join())
    report("UNIT_COMMENT", "unit", units.join(", "), newUnits.join(", ") || "none");
  return found;
}

/** Topics that a comment names: `Topic ondash.llm.text.` */
function topicsIn(comment: string): string[] {
  return [
    ...new Set([...comment.matchAll(/\btopics? ([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)/gi)].map(([, topic]) => topic ?? "")),
  ].toSorted();
}

/** Words for units, each with the one name they are compared by. */
const units: readonly (readonly [name: string, words: RegExp])[] = [
  ["nanoseconds", /\bnanoseconds?\b|\bns\b/i],
  ["microseconds", /\bmicroseconds?\b|\bµs\b|\bus\b(?=[.,;)]|$)/],
  ["milliseconds", /\bmilliseconds?\b|\bms\b|\bmillis\b/i],
  ["seconds", /\bseconds?\b/i],
  ["minutes", /\bminutes?\b/i],
  ["hours", /\bhours?\b/i],
  ["days", /\bdays?\b/i],
  ["bytes", /\bbytes?\b/i],
  ["kilobytes", /\bkilobytes?\b|\bk(?:i)?B\b/],
  ["megabytes", /\bmegabytes?\b|\bM(?:i)?B\b/],
  ["percent", /\bper ?cent\b|%/i],
  ["cents", /\bcents\b/i],
  ["meters", /\bmet(?:er|re)s?\b/i],
  ["UTC", /\bUTC\b/],
  ["local time", /\blocal time\b/i],
];

function unitsIn(comment: string): string[] {
  return units.filter(([, words]) => words.test(comment)).map(([name]) => name);
}

function checkAliases(change: Change, type: DescEnum, now: DescEnum): RuleFinding[] {
  return [...new Set(type.values.map((value) => value.number))].flatMap((number) => {
    const old = type.values.find((value) => value.number === number);
    const first = now.values.find((value) => value.number === number);
    const still = now.values.some((value) => value.number === number && value.name === old?.name);
    if (old === undefined || first === undefined || first.name === old.name || !still) return [];
    const subject: Subject = {
      name: `${type.typeName}.${old.name}`,
      change: `alias ${first.name} placed before it`,
      ...placeOf(change, first),
    };
    const message = `ProtoJSON prints the first name of a number: new writers say ${first.name}, which old readers refuse. Put the alias behind ${old.name}`;
    return [{ rule: "ENUM_ALIAS_FIRST" as const, subject, message }];
  });
}

/** Numbers and names that some release reserved, or had and its successor dropped, and that are used again. */
function checkReserved(change: Change, releases: readonly Image[]): RuleFinding[] {
  const found: RuleFinding[] = [];
  for (const now of messagesOf(change.after.files)) {
    for (const field of now.fields) {
      const newest = change.before.types.getMessage(now.typeName);
      // A field that the newest release has was judged when it was released.
      const existing = newest && fieldOf(newest, field.number);
      if (existing !== undefined && existing.name === field.name) continue;
      const why = releases.flatMap((release, age) => {
        const type = release.types.getMessage(now.typeName);
        const reason = type && reservedReason(type, field, age > 0);
        return reason === undefined ? [] : [`${reason} in the release ${age === 0 ? "before" : `${age + 1} before`}`];
      });
      if (why[0] === undefined) continue;
      const subject = fieldSubject(change, now.typeName, field.number);
      const name = `${now.typeName}.${field.name}`;
      found.push({
        rule: "RESERVED_REUSED",
        subject: { ...subject, name },
        message: `${field.name} = ${field.number}: ${why[0]}; old bytes that hold it would be read as something else`,
      });
    }
  }
  return found;
}

function reservedReason(type: DescMessage, field: DescField, older: boolean): string | undefined {
  const { reservedRange, reservedName } = type.proto;
  if (reservedRange.some(({ start, end }) => field.number >= start && field.number < end))
    return `number ${field.number} was reserved`;
  if (reservedName.includes(field.name)) return `name ${field.name} was reserved`;
  const had = older ? fieldOf(type, field.number) : undefined;
  return had === undefined ? undefined : `number ${field.number} was ${had.name}`;
}
