import { join, resolve } from "node:path";
import { type Clock, systemClock } from "@ondash/core";
import { type Against, resolveAgainst } from "./against.ts";
import { createBuf } from "./buf.ts";
import { type Consumer, impactOf, parseConsumers } from "./consumers.ts";
import { type ContractRule, stricterRules } from "./contract-rules.ts";
import { type Edges, nodeEdges } from "./edges.ts";
import { CompatError, isCompatError } from "./error.ts";
import { witnessReports } from "./finding.ts";
import { formatGithub } from "./format-github.ts";
import { formatJson } from "./format-json.ts";
import { formatTerminal } from "./format-terminal.ts";
import type { Image } from "./image.ts";
import { type Judgement, judge, type Verdict } from "./judge.ts";
import { enumsOf, messagesOf } from "./locate.ts";
import { placeInTree, readText, shown, sideDirectory, sideFiles } from "./module-files.ts";
import type { Assessed, Report } from "./report.ts";
import { isExpired, parseWaivers, type Waiver, waives } from "./waivers.ts";

/** A scenario, or a rule of the contract, and the fields that it involves, by full name. */
export interface Involvement {
  readonly name: string;
  readonly fields: ReadonlySet<string>;
}

/** What to compare and how to report. */
export interface CompatOptions {
  /** What paths are relative to. */
  readonly cwd: string;
  /** Directory of the module. Default `proto/schemas`. */
  readonly proto?: string | undefined;
  /** `baseline` (default), a directory, an image, or a git ref. */
  readonly against?: string | undefined;
  /** Default `terminal`. */
  readonly format?: "terminal" | "json" | "github" | undefined;
  /** Seed of the witness search. Default 42. */
  readonly seed?: number | undefined;
  /** Random messages per type and direction. Default 300; fewer when many types changed. */
  readonly runs?: number | undefined;
  /** Scenarios that show a field: named with the findings about it. Called at most once, and only for findings. */
  readonly scenarios?: (() => readonly Involvement[]) | undefined;
  /** Rules of the contract about a field: named with the findings about it. */
  readonly contractRules?: readonly Involvement[] | undefined;
  /** All rules of the contract: one that is new or weighs more than at the last release is a break. Default: not checked. */
  readonly contract?: readonly ContractRule[] | undefined;
  /** Default: this machine. */
  readonly edges?: Edges | undefined;
  readonly clock?: Clock | undefined;
}

/** What a process would leave behind. */
export interface CompatResult {
  /** 0 compatible · 1 breaking · 2 syntax error or wrong usage · 3 no baseline or no buf. */
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly stdout: string;
  readonly stderr: string;
}

/** The gate, from the files to the text. Misuse and missing tools are exit codes too: it throws only for defects. */
export async function runCompat(options: CompatOptions): Promise<CompatResult> {
  try {
    const report = await checkCompat(options);
    const format = { terminal: formatTerminal, json: formatJson, github: formatGithub }[options.format ?? "terminal"];
    return {
      exitCode: report.breaking ? 1 : 0,
      stdout: format(report),
      stderr: report.remarks.map((line) => `${line}\n`).join(""),
    };
  } catch (error) {
    if (!isCompatError(error)) throw error;
    const exitCode = error.code === "baseline" || error.code === "buf" ? 3 : 2;
    return { exitCode, stdout: "", stderr: `${error.message.replace(/^\[\w+\] /, "")}\n` };
  }
}

/**
 * The gate without its texts.
 *
 * @throws CompatError when there is nothing to judge
 */
export async function checkCompat(options: CompatOptions): Promise<Report> {
  const { cwd, seed = 42, runs = 300 } = options;
  const edges = options.edges ?? nodeEdges();
  const clock = options.clock ?? systemClock;
  const proto = resolve(cwd, options.proto ?? "proto/schemas");
  if (edges.kindOf(proto) !== "directory") {
    throw new CompatError(
      "usage",
      `--proto ${shown(cwd, proto)}: no such directory; expected the root of a protobuf module`,
    );
  }
  if (options.format !== undefined && !["terminal", "json", "github"].includes(options.format)) {
    throw new CompatError("usage", `--format ${options.format}: expected terminal, json or github`);
  }
  const buf = createBuf(edges, cwd);
  const against = options.against ?? "baseline";
  const side = sideDirectory(edges, proto);
  // Both at once: the other side may have to be compiled too.
  const [now, other] = await Promise.allSettled([
    buf.build(proto),
    resolveAgainst({ edges, buf, cwd, proto, against }),
  ]);
  if (other.status === "rejected" && !(now.status === "rejected" && isSyntax(now.reason))) throw other.reason;
  if (now.status === "rejected") throw now.reason;
  if (other.status === "rejected") throw other.reason;
  const after = now.value;
  const beside = (name: string): string => shown(cwd, join(side, name));
  const waivers = parseWaivers(readText(edges, join(side, sideFiles.waivers)) ?? "", beside(sideFiles.waivers));
  const sides = [...other.value.releases, after].map((image) => image.types);
  const consumers = parseConsumers(
    readText(edges, join(side, sideFiles.consumers)) ?? "",
    beside(sideFiles.consumers),
    sides,
  );
  const { config, policy, releases } = other.value;
  const verdict = await judge(after, releases, { buf, config, policy, seed, runs });
  let known: readonly Involvement[] | undefined;
  const scenarios = (): readonly Involvement[] => (known ??= options.scenarios?.() ?? []);
  const assessed = verdict.judgements.map((judgement): Assessed => {
    const place = placeInTree(edges, cwd, proto, judgement.subject.file);
    return assess(judgement, place, { after, releases, consumers, waivers, now: clock.now(), options, scenarios });
  });
  const rulesFile = shown(cwd, join(side, sideFiles.baseline, sideFiles.contract));
  assessed.push(...contractFindings(other.value, options.contract, waivers, clock.now(), rulesFile));
  const failures = [
    ...waiverFailures(waivers, assessed, clock.now(), beside(sideFiles.waivers)),
    ...releaseFailures(other.value, beside),
  ];
  return reportOf([...assessed, ...failures], verdict, other.value, seed, edges, side, cwd);
}

function isSyntax(reason: unknown): boolean {
  return isCompatError(reason) && reason.code === "syntax";
}

interface Context {
  readonly after: Image;
  readonly releases: readonly Image[];
  readonly consumers: readonly Consumer[];
  readonly waivers: readonly Waiver[];
  readonly now: number;
  readonly options: CompatOptions;
  /** Asked for only when there is something to say about them. */
  readonly scenarios: () => readonly Involvement[];
}

function assess(judgement: Judgement, place: string, context: Context): Assessed {
  const { subject, level, buf, rules, witnesses } = judgement;
  const types = typesOf(subject.name, context);
  const impact = impactOf(subject.name, types, context.consumers);
  const names = (list: readonly Involvement[] | undefined): string[] =>
    (list ?? [])
      .filter(
        ({ fields }) =>
          fields.has(subject.name) ||
          [...types].some((type) => [...fields].some((field) => field.startsWith(`${type}.`))),
      )
      .map(({ name }) => name);
  const waived = level === "break" && isWaived(`${subject.name}: ${subject.change}`, context.waivers, context.now);
  return {
    judgement,
    impact,
    finding: {
      subject: subject.name,
      change: subject.change,
      severity: level,
      file: place,
      line: subject.line,
      buf: [...new Set(buf.map(({ type }) => type))],
      rules: [...new Set([...rules.map(({ rule }) => rule), ...names(context.options.contractRules)])],
      waived,
      victims: impact.consumers.map(({ name }) => name),
      scenarios: names(context.scenarios()),
      witnesses: witnesses.flatMap(witnessReports),
    },
  };
}

/** The message and enum types that a subject stands for when it is no field: itself, or what its file declares. */
function typesOf(subject: string, { after, releases }: Context): ReadonlySet<string> {
  const files = [after, ...releases].flatMap((image) => image.files);
  const types = [...messagesOf(files), ...enumsOf(files)];
  const isType = types.some(({ typeName }) => typeName === subject);
  if (isType) return new Set([subject]);
  const ofValue = enumsOf(files).find((type) =>
    type.values.some((value) => `${type.typeName}.${value.name}` === subject),
  );
  if (ofValue !== undefined) return new Set([ofValue.typeName]);
  return new Set(types.filter(({ file }) => file.proto.name === subject).map(({ typeName }) => typeName));
}

function failure(file: string, line: number, subject: string, change: string, rule: string): Assessed {
  const finding = {
    subject,
    change,
    severity: "break" as const,
    file,
    line,
    buf: [],
    rules: [rule],
    waived: false,
    victims: [],
    scenarios: [],
    witnesses: [],
  };
  return { judgement: undefined, impact: { consumers: [], topics: [] }, finding };
}

function waiverFailures(
  waivers: readonly Waiver[],
  assessed: readonly Assessed[],
  now: number,
  file: string,
): Assessed[] {
  const breaks = assessed
    .filter(({ finding }) => finding.severity === "break")
    .map(({ finding }) => `${finding.subject}: ${finding.change}`);
  return waivers.flatMap((waiver) => {
    const used = breaks.some((text) => waives(waiver, text));
    const found: Assessed[] = [];
    if (isExpired(waiver, now))
      found.push(
        failure(file, waiver.line, `waiver of ${waiver.change}`, `expired on ${waiver.expires}`, "WAIVER_EXPIRED"),
      );
    if (!used)
      found.push(
        failure(file, waiver.line, `waiver of ${waiver.change}`, "unused: there is no such break", "WAIVER_UNUSED"),
      );
    return found;
  });
}

function contractFindings(
  { contract, policy }: Against,
  now: readonly ContractRule[] | undefined,
  waivers: readonly Waiver[],
  today: number,
  file: string,
): Assessed[] {
  const severity = policy.ofRule("CONTRACT_STRICTER");
  if (contract === undefined || now === undefined || severity === "off") return [];
  return stricterRules(contract, now).map(({ id, change }) => {
    const found = failure(file, 1, `contract rule ${id}`, change, "CONTRACT_STRICTER");
    const waived = severity === "break" && isWaived(`contract rule ${id}: ${change}`, waivers, today);
    return { ...found, finding: { ...found.finding, severity, waived } };
  });
}

function isWaived(text: string, waivers: readonly Waiver[], now: number): boolean {
  return waivers.some((waiver) => waives(waiver, text) && !isExpired(waiver, now));
}

function releaseFailures(against: Against, beside: (name: string) => string): Assessed[] {
  return against.changedReleases
    .filter(() => against.policy.ofRule("RELEASE_CHANGED") === "break")
    .map((path) =>
      failure(beside(path), 1, path, `differs from ${against.what}: a released image never changes`, "RELEASE_CHANGED"),
    );
}

function reportOf(
  assessed: readonly Assessed[],
  verdict: Verdict,
  against: Against,
  seed: number,
  edges: Edges,
  side: string,
  cwd: string,
): Report {
  const breaking = assessed.some(({ finding }) => finding.severity === "break" && !finding.waived);
  return {
    breaking,
    assessed,
    against: against.what,
    searched: verdict.searched,
    runs: verdict.runs,
    seed,
    remarks: remarksOn(edges, side, cwd, against),
  };
}

/** A policy that was edited and does not count yet: said, so that nobody wonders. */
function remarksOn(edges: Edges, side: string, cwd: string, against: Against): string[] {
  return [sideFiles.policy, sideFiles.buf].flatMap((name) => {
    const here = readText(edges, join(side, name));
    const there = readText(edges, join(side, sideFiles.baseline, name));
    if (here === there || against.what !== shown(cwd, join(side, sideFiles.baseline))) return [];
    return [`${shown(cwd, join(side, name))} differs from ${against.what}/${name}: the baseline's counts`];
  });
}
