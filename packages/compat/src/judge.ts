import { blame } from "./blame.ts";
import type { BreakingConfig, Buf } from "./buf.ts";
import { type DirectedWitness, searchImages } from "./compare-images.ts";
import type { Image } from "./image.ts";
import type { Oracle } from "./observe.ts";
import { heaviest, type Level, type Policy } from "./policy.ts";
import { checkProjectRules, type RuleFinding } from "./project-rules.ts";
import type { SearchOptions, Witness } from "./search.ts";
import { bufSubject, type Change, enumValueSubject, fieldSubject, messageSubject, type Subject } from "./subject.ts";

/** All that is known about one subject of a change. */
export interface Judgement {
  readonly subject: Subject;
  readonly level: Exclude<Level, "off">;
  /** Rules of buf with its sentences. */
  readonly buf: readonly { readonly type: string; readonly message: string }[];
  readonly rules: readonly { readonly rule: string; readonly message: string }[];
  /** With the level that the policy gives each. */
  readonly witnesses: readonly (DirectedWitness & { readonly level: Level })[];
  /** Which release it was compared with: 0 the newest, 1 the one before it, … */
  readonly age: number;
}

/** What a comparison came to. */
export interface Verdict {
  readonly judgements: readonly Judgement[];
  readonly searched: readonly string[];
  readonly runs: number;
}

/** How to judge. */
export interface JudgeOptions extends SearchOptions {
  readonly buf: Buf;
  readonly config: BreakingConfig;
  readonly policy: Policy;
}

interface Draft {
  readonly subject: Subject;
  readonly age: number;
  readonly buf: Judgement["buf"][number][];
  readonly rules: RuleFinding[];
  readonly witnesses: DirectedWitness[];
}

/**
 * Compares an image with releases, the newest first. What an older release shows and already showed when its successor
 * was released is history, not part of this change.
 */
export async function judge(after: Image, releases: readonly Image[], options: JudgeOptions): Promise<Verdict> {
  const drafts = new Map<string, Draft>();
  const searched = new Set<string>();
  let runs = 0;
  for (const [age, before] of releases.entries()) {
    const change: Change = { before, after };
    const newer = releases[age - 1];
    const found = await collect(change, releases.slice(age + 1), age, options);
    for (const name of found.searched) searched.add(name);
    runs = Math.max(runs, found.runs);
    const history =
      newer === undefined
        ? new Set<string>()
        : new Set((await collect({ before, after: newer }, [], age, options)).drafts.flatMap(keysOf));
    for (const draft of found.drafts) {
      const rest = withoutHistory(draft, history);
      const known = drafts.get(draft.subject.name);
      if (rest === undefined || (known !== undefined && known.age < age)) continue;
      drafts.set(draft.subject.name, rest);
    }
  }
  const judgements = [...drafts.values()].flatMap((draft) => weigh(draft, options.policy));
  return { judgements: judgements.toSorted(byPlace), searched: [...searched], runs };
}

async function collect(
  change: Change,
  earlier: readonly Image[],
  age: number,
  { buf, config, seed, runs }: JudgeOptions,
): Promise<{ drafts: Draft[]; searched: readonly string[]; runs: number }> {
  const drafts = new Map<string, Draft>();
  const draftOf = (subject: Subject): Draft => {
    const draft = drafts.get(subject.name) ?? { subject, age, buf: [], rules: [], witnesses: [] };
    drafts.set(subject.name, draft);
    return draft;
  };
  const breaking = buf.breaking(change.after, change.before, config);
  const search = searchImages(change, { seed, runs });
  for (const finding of await breaking)
    draftOf(bufSubject(change, finding)).buf.push({ type: finding.type, message: finding.message });
  for (const directed of search.witnesses) draftOf(witnessSubject(change, directed.witness)).witnesses.push(directed);
  for (const finding of checkProjectRules(change, earlier)) draftOf(finding.subject).rules.push(finding);
  return { drafts: [...drafts.values()], searched: search.searched, runs: search.runs };
}

function witnessSubject(change: Change, witness: Witness): Subject {
  const blamed = blame(witness);
  if (blamed.kind === "message") return messageSubject(change, blamed.message.typeName);
  if (blamed.kind === "value") return enumValueSubject(change, blamed.enum.typeName, blamed.number);
  return fieldSubject(change, blamed.field.parent.typeName, blamed.field.number);
}

function keysOf(draft: Draft): string[] {
  return [
    ...draft.buf.map(({ type }) => `${draft.subject.name} ${type}`),
    ...draft.rules.map(({ rule }) => `${draft.subject.name} ${rule}`),
    ...draft.witnesses.map((directed) => `${draft.subject.name} ${witnessKey(directed)}`),
  ];
}

function witnessKey({ direction, witness: { effect } }: DirectedWitness): string {
  return `${direction} ${effect.oracle} ${effect.kind} ${effect.decoder}`;
}

function withoutHistory(draft: Draft, history: ReadonlySet<string>): Draft | undefined {
  const fresh = (key: string): boolean => !history.has(`${draft.subject.name} ${key}`);
  const rest = {
    ...draft,
    buf: draft.buf.filter(({ type }) => fresh(type)),
    rules: draft.rules.filter(({ rule }) => fresh(rule)),
    witnesses: draft.witnesses.filter((directed) => fresh(witnessKey(directed))),
  };
  return rest.buf.length + rest.rules.length + rest.witnesses.length === 0 ? undefined : rest;
}

function weigh({ subject, age, buf, rules, witnesses }: Draft, policy: Policy): Judgement[] {
  const weighed = witnesses.map((directed) => ({ ...directed, level: levelOf(directed, policy) }));
  const level = heaviest([
    ...buf.map(({ type }) => policy.ofBuf(type)),
    ...rules.map(({ rule }) => policy.ofRule(rule)),
    ...weighed.map((directed) => directed.level),
  ]);
  return level === "off" ? [] : [{ subject, level, buf, rules, witnesses: weighed, age }];
}

/** The oracles that a witness counts for: what a reader does not complain about is silent as well. */
export function oraclesOf({ effect }: Witness): readonly Oracle[] {
  return effect.oracle === "wire" && effect.kind !== "throws" ? ["wire", "silent"] : [effect.oracle];
}

function levelOf({ direction, witness }: DirectedWitness, policy: Policy): Level {
  return heaviest(oraclesOf(witness).map((oracle) => policy.ofWitness(direction, oracle, witness.effect.kind)));
}

function byPlace(a: Judgement, b: Judgement): number {
  return (
    a.subject.file.localeCompare(b.subject.file) ||
    a.subject.line - b.subject.line ||
    a.subject.name.localeCompare(b.subject.name)
  );
}
