import type { EffectKind, Oracle } from "./observe.ts";
import { type Node, readYaml } from "./yaml-file.ts";

/** How much a finding weighs: `break` fails the gate, `warn` and `note` are reported, `off` is not. */
export type Level = "break" | "warn" | "note" | "off";

/** B: old writes, new reads. F: new writes, old reads. */
export type Direction = "B" | "F";

/** The rules that no tool but this one has. */
export type ProjectRule =
  | "TOPIC_MAP"
  | "UNIT_COMMENT"
  | "ENUM_ALIAS_FIRST"
  | "RESERVED_REUSED"
  | "RELEASE_CHANGED"
  | "CONTRACT_STRICTER"
  | "WAIVER_EXPIRED"
  | "WAIVER_UNUSED";

/** What is a break. */
export interface Policy {
  ofBuf(rule: string): Level;
  ofRule(rule: ProjectRule): Level;
  ofWitness(direction: Direction, oracle: Oracle, effect: EffectKind): Level;
}

const levels = ["break", "warn", "note", "off"] as const satisfies readonly Level[];
const rank: Readonly<Record<Level, number>> = { break: 3, warn: 2, note: 1, off: 0 };

/** The heaviest of some levels; `off` for none. */
export function heaviest(of: readonly Level[]): Level {
  return of.reduce<Level>((most, level) => (rank[level] > rank[most] ? level : most), "off");
}

interface Override {
  readonly at: string;
  readonly level: Level;
}

/**
 * The default: any buf finding and any project rule is a break. Old messages must read the same in new code (lost,
 * changed or refused under wire, name or json). New messages may hold what old code can't know (lost is a note), but
 * must not be misread or refused; a strict JSON reader that meets a new field is a warning. What a relay of the other
 * version drops or alters is a warning in both directions.
 */
export const defaultPolicy: Policy = policyWith([]);

function policyWith(overrides: readonly Override[]): Policy {
  const at = (place: string, level: Level): Level =>
    overrides.findLast((override) => override.at === place)?.level ?? level;
  return {
    ofBuf: (rule) => at(`buf.${rule}`, at("buf", "break")),
    ofRule: (rule) => at(`rules.${rule}`, "break"),
    ofWitness: (direction, oracle, effect) =>
      at(`${direction}.${oracle}.${effect}`, defaultLevel(direction, oracle, effect)),
  };
}

function defaultLevel(direction: Direction, oracle: Oracle, effect: EffectKind): Level {
  if (oracle === "relay") return "warn";
  if (direction === "B") return oracle === "silent" ? "note" : "break";
  if (effect === "lost") return "note";
  if (oracle === "json") return "warn";
  return "break";
}

const places =
  /^(?:buf(?:\.[A-Z_]+)?|rules\.(?:TOPIC_MAP|UNIT_COMMENT|ENUM_ALIAS_FIRST|RESERVED_REUSED|RELEASE_CHANGED|CONTRACT_STRICTER)|[BF]\.(?:wire|silent|name|relay|json)\.(?:lost|changed|throws))$/;

/**
 * Reads compat-policy.yaml: `policy: 1`, and `changes`, each with `at` (`buf`, `buf.RULE`, `rules.RULE` or
 * `DIRECTION.ORACLE.EFFECT`), `level` and `reason`.
 *
 * @throws CompatError `file` with file:line
 */
export function parsePolicy(text: string, file: string): Policy {
  const root = readYaml(text, file);
  root.keys(["policy", "changes"]);
  const version = root.get("policy");
  if (version.value !== 1) throw version.error("expected policy: 1");
  const changes = root.get("changes");
  if (changes.value === null || changes.value === undefined) return defaultPolicy;
  return policyWith(changes.items().map(parseOverride));
}

function parseOverride(node: Node): Override {
  node.keys(["at", "level", "reason"]);
  const at = node.get("at").text();
  if (!places.test(at)) {
    throw node
      .get("at")
      .error(`no place ${at}: expected buf, buf.RULE, rules.RULE or DIRECTION.ORACLE.EFFECT such as F.json.throws`);
  }
  node.get("reason").text();
  const name = node.get("level").text();
  const level = levels.find((known) => known === name);
  if (level === undefined) throw node.get("level").error(`level ${name}: expected one of ${levels.join(", ")}`);
  return { at, level };
}
