import type { DirectedWitness } from "./compare-images.ts";
import { jsonOf } from "./finding.ts";
import { type Decoder, type Effect, encodeJson, observe } from "./observe.ts";
import { type Direction, heaviest, type Level } from "./policy.ts";
import type { Assessed, Report } from "./report.ts";

const headings = { break: "BREAKING", warn: "WARNING", note: "NOTE" } as const;

/** The report for people. */
export function formatTerminal(report: Report): string {
  const blocks = report.assessed.map((assessed) => {
    const { subject, change, severity, file, line, waived } = assessed.finding;
    const heading = waived ? "WAIVED" : headings[severity];
    return [
      `${heading} ${subject}: ${change}   ${file}:${line}`,
      ...detailLines(assessed).map((text) => `  ${text}`),
    ].join("\n");
  });
  return `${[...blocks, summary(report)].join("\n\n")}\n`;
}

function summary(report: Report): string {
  const count = (severity: string, waived: boolean): number =>
    report.assessed.filter(({ finding }) => finding.severity === severity && finding.waived === waived).length;
  const counts = [
    `${count("break", false)} breaking`,
    ...(count("break", true) > 0 ? [`${count("break", true)} waived`] : []),
    `${count("warn", false)} warnings`,
    `${count("note", false)} notes`,
  ];
  const search =
    report.searched.length === 0
      ? "no type changed"
      : `searched ${report.searched.length} types with ${report.runs} random messages per direction, seed ${report.seed}; where no witness is shown, none was found, which is evidence, not proof`;
  return `${report.breaking ? "breaking" : "compatible"} (against ${report.against}): ${counts.join(", ")}; ${search}`;
}

/** What stands below a finding's first line: the rules, a witness per direction, who is hit. */
export function detailLines({ finding, impact, judgement }: Assessed): string[] {
  const lines: string[] = [];
  if (finding.buf.length > 0) lines.push(`buf ${finding.buf.join(", ")}`);
  for (const { rule, message } of judgement?.rules ?? []) lines.push(`${rule}: ${message}`);
  if (judgement === undefined) lines.push(...finding.rules);
  if (judgement !== undefined) {
    const what = impact.topics.length > 0 ? "events" : "messages";
    for (const direction of ["F", "B"] as const) lines.push(...directionLines(judgement.witnesses, direction, what));
    if (judgement.age > 0) lines.push(`compared with the release ${judgement.age + 1} back`);
  }
  const ruleNames = new Set(judgement?.rules.map(({ rule }): string => rule));
  const contractRules = finding.rules.filter((rule) => judgement !== undefined && !ruleNames.has(rule));
  const hits = [
    ...impact.consumers.map(
      ({ name, reads }, index) => `${index === 0 ? "hits " : ""}${name} (reads ${reads.join(", ")})`,
    ),
    ...impact.topics.map((topic) => `topic ${topic}`),
    ...(finding.scenarios.length > 0 ? [`scenarios ${finding.scenarios.join(", ")}`] : []),
    ...(contractRules.length > 0 ? [`rule ${contractRules.join(", ")}`] : []),
  ];
  if (hits.length > 0) lines.push(hits.join(" · "));
  return lines;
}

type Weighed = DirectedWitness & { readonly level: Level };

function directionLines(witnesses: readonly Weighed[], direction: Direction, what: string): string[] {
  const own = witnesses.filter((witness) => witness.direction === direction && witness.level !== "off");
  const binary = pick(own.filter(({ witness }) => witness.effect.oracle !== "json"));
  const json = pick(own.filter(({ witness }) => witness.effect.oracle === "json"));
  const lines: string[] = [];
  const who = direction === "F" ? `old consumers reading new ${what}:  ` : `new consumers reading old ${what}:  `;
  if (binary !== undefined) {
    const { value, bytes, sides } = binary.witness;
    const text = JSON.stringify(jsonOf(value));
    lines.push(`${who}${text}  ${bytes.length === 0 ? "(no bytes)" : Buffer.from(bytes).toString("hex")}`);
    const readers = (["reference", "protobuf-es", "strict"] as const).map((decoder) => decoderText(binary, decoder));
    lines.push(`    ${readers.join(" · ")}`);
    if (binary.witness.effect.oracle === "relay")
      lines.push(
        `    passed on by ${sides.reader.file.proto.package} code and read again: ${describe(binary.witness.effect)}`,
      );
  }
  if (json !== undefined) {
    const { value, sides, effect } = json.witness;
    const text = `${JSON.stringify(encodeJson(value, sides.writerTypes))}: ${describe(effect)}`;
    lines.push(binary === undefined ? `${who}ProtoJSON ${text}` : `    ProtoJSON ${text}`);
  }
  return lines;
}

/** The heaviest witness, of those the shortest. */
function pick(witnesses: readonly Weighed[]): Weighed | undefined {
  const most = heaviest(witnesses.map(({ level }) => level));
  return witnesses
    .filter(({ level }) => level === most)
    .toSorted((a, b) => a.witness.bytes.length - b.witness.bytes.length)[0];
}

function decoderText({ witness }: Weighed, decoder: Exclude<Decoder, "protojson">): string {
  const { effects, read } = observe(witness.sides, witness.value, decoder);
  const name = decoder === "reference" ? "reference decoders" : decoder;
  const direct = effects.filter(({ oracle }) => oracle === "wire" || oracle === "name");
  if (direct.length === 0) return `${name}: read the same`;
  if (decoder === "strict" && direct[0]?.kind === "throws") {
    return `${name}: rejected, ${direct[0].error?.replace(/ \([^)]*\)/g, "").replace(/^[\w.[\]]+: /, "")}`;
  }
  const said = direct.map(describe).join(", ");
  const seen =
    direct.some(({ kind }) => kind === "changed") && read !== undefined
      ? `, reads ${JSON.stringify(jsonOf(read))}`
      : "";
  return direct.some(({ kind }) => kind === "throws") ? `${name}: ${said}` : `${name}: ${said}${seen}, no error`;
}

function describe({ kind, oracle, field, error }: Effect): string {
  if (kind === "throws") return `throws ${JSON.stringify(error)}`;
  const name = field?.name ?? "the message";
  if (kind === "lost") return oracle === "name" ? `${name} lost its name` : `${name} lost (unknown field)`;
  return oracle === "name" ? `${name} changed for code` : `${name} changed`;
}
