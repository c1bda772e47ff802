import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLParseError,
  type YAMLWarning,
} from "yaml";
import { type Problem, ScenarioError } from "./error.ts";
import type { SourceLocation } from "./plan-types.ts";

/**
 * YAML as plain values that remember where they came from. Provenance belongs to the object or array, not to a path, so
 * that it survives `extends`, `include`, `repeat` and the substitution of parameters.
 */
export interface Provenance {
  readonly self: SourceLocation;
  /** Where each member's key (of arrays: item) and value stand. */
  readonly members: ReadonlyMap<string | number, { readonly key: SourceLocation; readonly value: SourceLocation }>;
}

const provenances = new WeakMap<object, Provenance>();

/** Beyond this a file is no scenario but an accident or an attack. */
const MAX_CHARACTERS = 4_194_304;
const MAX_DEPTH = 64;

/**
 * Reads YAML 1.2 (core schema). Duplicate keys are refused, and so are aliases: they hide what a reader of the file sees
 * twice, and a few of them nested can grow without bound. `extends`, `include` and `repeat` say the same openly.
 * @throws ScenarioError `yaml`.
 */
export function parseSource(text: string, file: string): unknown {
  const first = { file, line: 1, column: 1 };
  if (text.length > MAX_CHARACTERS) {
    throw new ScenarioError("yaml", [{ location: first, text: `a file of more than ${MAX_CHARACTERS} characters` }]);
  }
  const lines = new LineCounter();
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      uniqueKeys: true,
      lineCounter: lines,
    });
  } catch (cause) {
    // The parser is recursive: nesting beyond the stack ends it.
    throw new ScenarioError("yaml", [{ location: first, text: `can't be parsed: ${String(cause)}` }], { cause });
  }
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    location: at(error.pos[0]),
    text: textOf(error),
  }));
  if (problems.length > 0) throw new ScenarioError("yaml", problems);
  const value = convert(document.contents, at, 0, problems);
  if (problems.length > 0) throw new ScenarioError("yaml", problems);
  if (value === null || value === undefined) {
    throw new ScenarioError("yaml", [{ location: first, text: "the file is empty: expected a scenario" }]);
  }
  return value;
}

function textOf({ code, message }: YAMLParseError | YAMLWarning): string {
  if (code === "MULTIPLE_DOCS") return "expected one document, got a second one";
  return message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "not YAML";
}

function convert(
  node: Node | null,
  at: (offset: number) => SourceLocation,
  depth: number,
  problems: Problem[],
): unknown {
  if (node === null) return null;
  const self = at(node.range?.[0] ?? 0);
  if (depth > MAX_DEPTH) {
    problems.push({ location: self, text: `nested deeper than ${MAX_DEPTH} levels` });
    return null;
  }
  if (isAlias(node)) {
    problems.push({
      location: self,
      text: `aliases (*${node.source}) are not supported: write it out, or use extends, include or repeat`,
    });
    return null;
  }
  if (isScalar(node)) {
    const wrong = wrongNumber(node.value, node.source);
    if (wrong !== undefined) problems.push({ location: self, text: wrong });
    return node.value;
  }
  const members = new Map<string | number, { key: SourceLocation; value: SourceLocation }>();
  if (isSeq(node)) {
    const items = node.items.map((item, index) => {
      const child = item as Node | null;
      const location = child === null ? self : at(child.range?.[0] ?? 0);
      members.set(index, { key: location, value: location });
      return convert(child, at, depth + 1, problems);
    });
    return remember(items, { self, members });
  }
  if (isMap(node)) {
    const record: Record<string, unknown> = {};
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const keyNode = pair.key as Node | null;
      const key = isScalar(keyNode) ? String(keyNode.value) : undefined;
      const location = keyNode === null ? self : at(keyNode.range?.[0] ?? 0);
      if (key === undefined) {
        problems.push({ location, text: "a key must be a plain word" });
        continue;
      }
      // YAML tells `1` from "1"; here they would be the same member.
      if (Object.hasOwn(record, key)) problems.push({ location, text: `the key ${key} stands twice` });
      const child = pair.value as Node | null;
      members.set(key, { key: location, value: child?.range == null ? location : at(child.range[0]) });
      // `__proto__` is a key like any other.
      Object.defineProperty(record, key, {
        value: convert(child, at, depth + 1, problems),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return remember(record, { self, members });
  }
  problems.push({ location: self, text: "expected a value" });
  return null;
}

/** Numbers that JavaScript or JSON can't hold as they are written: nothing is rounded in silence. */
function wrongNumber(value: unknown, source: string | undefined): string | undefined {
  if (typeof value !== "number") return undefined;
  if (!Number.isFinite(value)) return `${source ?? value} is no number that JSON has; in a chart write it with raw`;
  const digits = source === undefined || /^[-+]?(\d+|0o[0-7]+|0x[\da-f]+)$/i.test(source);
  if (!digits || Number.isSafeInteger(value)) return undefined;
  return `the integer ${source ?? value} is too large to be kept exactly; write it as a string, or in a chart with raw`;
}

function remember<T extends object>(value: T, provenance: Provenance): T {
  provenances.set(value, provenance);
  return value;
}

/** Gives a copy the provenance of what it was copied from. */
export function inheritProvenance<T extends object>(copy: T, original: object): T {
  const provenance = provenances.get(original);
  if (provenance !== undefined) provenances.set(copy, provenance);
  return copy;
}

/** A record made of another's members and this one's (`extends`): each member keeps its own place. */
export function mergeRecords(
  parent: Readonly<Record<string, unknown>>,
  child: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = { ...parent, ...child };
  const own = provenances.get(child);
  const inherited = provenances.get(parent);
  if (own === undefined || inherited === undefined) return merged;
  return remember(merged, { self: own.self, members: new Map([...inherited.members, ...own.members]) });
}

/** The keys of a record in the order of the file: JavaScript itself puts keys that look like integers first. */
export function keysInOrder(record: Readonly<Record<string, unknown>>): readonly string[] {
  const members = provenances.get(record)?.members;
  if (members === undefined) return Object.keys(record);
  return [...members.keys()].map(String).filter((key) => Object.hasOwn(record, key));
}

/** Where an object or array begins; undefined for one that came from no file. */
export function locationOf(value: unknown): SourceLocation | undefined {
  return typeof value === "object" && value !== null ? provenances.get(value)?.self : undefined;
}

/** Where a member of an object or array stands: its value, or its key. The container's own place when it is absent. */
export function memberLocation(
  container: unknown,
  member: string | number,
  part: "key" | "value" = "value",
): SourceLocation | undefined {
  if (typeof container !== "object" || container === null) return undefined;
  const provenance = provenances.get(container);
  return provenance?.members.get(member)?.[part] ?? provenance?.self;
}

/** The place that a path leads to, or the last known place on the way. */
export function locate(
  root: unknown,
  path: readonly PropertyKey[],
  part: "key" | "value" = "value",
): SourceLocation | undefined {
  let location = locationOf(root);
  let container = root;
  for (const [depth, step] of path.entries()) {
    const member = typeof step === "symbol" ? String(step) : step;
    location = memberLocation(container, member, depth === path.length - 1 ? part : "value") ?? location;
    container =
      typeof container === "object" && container !== null
        ? (container as Record<string | number, unknown>)[member]
        : undefined;
  }
  return location;
}
