/**
 * Writes `docs/rules.md`, the rules for those who have to keep them, from the catalogue. With `--check` writes nothing and
 * exits 1 when the committed file is not what the catalogue gives.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Rule, type RuleScope, rules } from "../src/index.ts";

const file = new URL("../../../docs/rules.md", import.meta.url);

/** The families in the order of the catalogue. */
const families: readonly (readonly [prefix: string, title: string, about: string])[] = [
  ["REC", "Record", "Each record alone, whatever came before it."],
  [
    "ORD",
    "Order and completeness",
    "A turn: all events with one (conversation_id, message_id). Emission order is the envelope's timestamp in chat.v1, its sequence in chat.v2. Arrival order across topics is never judged, for Kafka gives none. ORD-05 stands before ORD-03 on purpose.",
  ],
  [
    "GRM",
    "Grammar",
    "What a turn's events mean to each other, in emission order. Events without a task form a group of their own.",
  ],
  ["KAF", "Kafka", "A partition; never blamed on a conversation."],
  ["MSG", "Stored message", "A turn's events against the message that was stored, where one is given."],
  ["CHT", "Chart", "What a chart's config_json may be, and whether real ECharts draws it."],
];

const countedAs: Readonly<Record<RuleScope, string>> = {
  record: "records",
  turn: "turns",
  partition: "partitions",
  message: "messages",
  chart: "charts",
};

const head = `# The rules of the contract

Generated from \`packages/contract/src/catalogue.ts\` by \`pnpm generate\`: edit there. \`pnpm exec ondash explain ORD-04\`
prints one of them. Ids are public and never renumbered.

## What a rule can be in a report

| status | means |
| --- | --- |
| held | it was exercised, and nothing broke it; with the number of what it was exercised by |
| violated | it was broken; the witness is one to three records, what was expected and what came |
| unprovable | it can't be judged here, with the reason; it never counts as held. A rule that is not built yet is unprovable, "not implemented" |
| not exercised | nothing in this traffic triggers it |

| severity | means |
| --- | --- |
| error | breaks the contract: the verdict is failed |
| warning | reported beside the verdict, and does not change it |
| inconclusive | the checker could not see everything: the verdict is inconclusive, unless an error was found |

One fault has one primary rule: of the rules of severity error that a record, turn, partition, stored message or chart
breaks, the first in the order of this page is reported, and the others stand in its \`also\`. Warnings are reported beside
them. A record that breaks an error rule makes the order, grammar and message rules of its turn unprovable.
`;

function table(): string {
  const rows = rules.map(({ id, title, severity }) => {
    const link = `[${id}](#${id.toLowerCase()})`;
    return `| ${link} | ${prose(title)} | ${severity["chat.v1"] ?? "–"} | ${severity["chat.v2"] ?? "–"} |`;
  });
  return ["## All of them", "", "| rule | what holds | chat.v1 | chat.v2 |", "| --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

function section(rule: Rule): string {
  const { id, title, severity, scope, trigger, text, breach, cure } = rule;
  const weights = Object.entries(severity).map(([schema, weight]) => `${weight} in ${schema}`);
  return [
    // The headline is the rule's name alone, so that a link to it survives a better title.
    `### ${id}`,
    "",
    `**${prose(title)}.** ${prose(text)}`,
    "",
    `- ${weights.join(", ")}; exercised by ${prose(trigger)}; counts ${countedAs[scope]}`,
    `- Breach: ${prose(breach)}`,
    `- Cure: ${prose(cure)}`,
  ].join("\n");
}

/** Text as Markdown shows it: what is not in backticks has no markup. */
function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll(/[<>*[\]|]|__/g, escape)))
    .join("");
}

function escape(markup: string): string {
  if (markup === "<") return "&lt;";
  return markup === ">" ? "&gt;" : markup.replaceAll(/./g, "\\$&");
}

const sections = families.map(([prefix, title, about]) =>
  [
    `## ${title}`,
    "",
    about,
    "",
    rules
      .filter(({ id }) => id.startsWith(`${prefix}-`))
      .map(section)
      .join("\n\n"),
  ].join("\n"),
);
const text = `${[head.trimEnd(), table(), ...sections].join("\n\n")}\n`;
const lost = rules.filter(({ id }) => !text.includes(`### ${id}\n`));
if (lost.length > 0) throw new Error(`no family for ${lost.map(({ id }) => id).join(", ")}`);

if (!process.argv.includes("--check")) {
  mkdirSync(new URL(".", file), { recursive: true });
  writeFileSync(file, text);
} else if (readIfThere() !== text) {
  process.stderr.write("docs/rules.md is stale: run `pnpm generate`\n");
  process.exitCode = 1;
}

function readIfThere(): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
