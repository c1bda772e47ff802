/**
 * Proves the contract monitor: `node packages/contract/scripts/prove.ts [--nightly] [--seed N] [--turns N] [--mutants N]`.
 * Prints three tables. Sensitivity: for each mutation operator, how many mutants were made, manifested, and found with
 * exactly the rule they break. Specificity: for each profile of traffic, legal turns and false alarms; and for turns of
 * few events, of every shape, all orders in which they can arrive. Exit code 1 unless it is 100 % and 0 everywhere; each
 * failing case is named with the command that runs it again.
 *
 * --seed N        of everything; default 42
 * --turns N       legal turns a profile; default 10,000
 * --stream N      legal turns that one monitor sees at most; default 20,000
 * --mutants N     manifested mutants an operator; default 300
 * --arrivals N    events of the longest turns of which all arrivals are judged; default 5
 * --nightly       1,000,000 turns a profile, 1,000 mutants an operator, arrivals of up to 8 events
 * --profile NAME  only this profile of legal turns (repeatable); "none": no profile
 * --operator TEXT only operators whose name has this text; "none": no operators
 * --limit TIME    ("15m") legal turns stop where they stand when it is over, each profile having had an equal share
 * --replay CASE   runs one failing case again, and says what was wrong
 * --out FILE      with --replay: what was observed, as a recording for `ondash check`
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatRecordingLine, type Observation } from "@ondash/contract";
import { parseDuration } from "@ondash/core";
import { chatSchemas } from "@ondash/schemas";
import { allOperators } from "../test/simulator/all-operators.ts";
import { type ArrivalRow, proveArrivals } from "../test/simulator/interleavings.ts";
import { profileOf, profiles } from "../test/simulator/profile.ts";
import { type LegalRow, proveLegal } from "../test/simulator/prove-legal.ts";
import { type OperatorRow, proveOperator } from "../test/simulator/prove-operators.ts";
import { nameCase, replay } from "../test/simulator/replay.ts";
import { shapes } from "../test/simulator/shapes.ts";
import { arrivalTable, isProved, legalTable, operatorTable } from "../test/simulator/table.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "42" },
    turns: { type: "string" },
    stream: { type: "string", default: "20000" },
    mutants: { type: "string" },
    arrivals: { type: "string" },
    nightly: { type: "boolean", default: false },
    profile: { type: "string", multiple: true },
    operator: { type: "string" },
    limit: { type: "string" },
    replay: { type: "string" },
    out: { type: "string" },
  },
});
const seed = Number(values.seed);
const turns = Number(values.turns ?? (values.nightly ? 1_000_000 : 10_000));
const mutants = Number(values.mutants ?? (values.nightly ? 1_000 : 300));
const longest = Number(values.arrivals ?? (values.nightly ? 8 : 5));
const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : parseDuration(values.limit);
const command = "node packages/contract/scripts/prove.ts";
const complaints: string[] = [];

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function complain(name: string, lines: readonly string[]): void {
  complaints.push(`\n${command} --replay '${name}'`, ...lines.slice(0, 8).map((line) => `  ${line}`));
}

/** Runs one case again. @returns whether all is well now. */
function again(name: string): boolean {
  const observations: Observation[] = [];
  const faults = replay(name, (observation) => observations.push(observation));
  if (values.out !== undefined) writeFileSync(values.out, `${observations.map(formatRecordingLine).join("\n")}\n`);
  print(faults.length === 0 ? "nothing is wrong" : faults.join("\n"));
  return faults.length === 0;
}

function allMutants(): OperatorRow[] {
  const text = values.operator;
  const chosen = allOperators.filter(({ name }) => text === undefined || (text !== "none" && name.includes(text)));
  return chosen.map((operator, index) => {
    progress(`operator ${index + 1} of ${chosen.length}: ${operator.name}`);
    const row = proveOperator(operator, { seed, mutants });
    for (const failure of row.failures) complain(nameCase(failure.case), failure.faults);
    if (row.manifested < mutants) complaints.push(`${row.operator}: only ${row.manifested} of ${row.made} manifested`);
    return row;
  });
}

function allLegalTurns(): LegalRow[] {
  const chosen = values.profile?.filter((name) => name !== "none").map(profileOf) ?? profiles;
  return chosen.map((profile) => {
    const begin = performance.now();
    let done = 0;
    const row = proveLegal(profile, {
      seed,
      turns,
      perRun: Number(values.stream),
      onRun(facts) {
        done += facts.turns;
        progress(`${profile.name}: ${done} of ${turns} turns`);
        return performance.now() - begin > limit / chosen.length;
      },
    });
    for (const failure of row.failures) complain(nameCase(failure.case), failure.alarms);
    return row;
  });
}

function allArrivals(): ArrivalRow[] {
  return Array.from({ length: Math.max(0, longest - 1) }, (_, index) => index + 2).flatMap((events) =>
    chatSchemas.map((schema) => {
      progress(`arrivals of ${events} events, ${schema.name}`);
      const row = proveArrivals(schema, shapes(events));
      complaints.push(...row.failures);
      return row;
    }),
  );
}

function proveAll(): boolean {
  const started = performance.now();
  print(`seed ${seed}\n`);
  const operatorRows = allMutants();
  progress("");
  if (operatorRows.length > 0) print(`${operatorTable(operatorRows, mutants)}\n`);
  const legalRows = allLegalTurns();
  progress("");
  if (legalRows.length > 0) print(`${legalTable(legalRows)}\n`);
  const arrivalRows = allArrivals();
  progress("");
  if (arrivalRows.length > 0) print(`${arrivalTable(arrivalRows)}\n`);
  const seconds = (performance.now() - started) / 1_000;
  const sum = legalRows.reduce((total, { facts }) => total + facts.turns, 0);
  const found = operatorRows.reduce((total, { detected }) => total + detected, 0);
  print(`${operatorRows.length} operators, ${found} mutants found; ${sum} legal turns; ${seconds.toFixed(1)} s`);
  for (const line of complaints) print(line);
  const silent = [...legalRows, ...arrivalRows].every(({ alarms }) => alarms === 0);
  return silent && operatorRows.every((row) => isProved(row, mutants));
}

process.exitCode = (values.replay === undefined ? proveAll() : again(values.replay)) ? 0 : 1;
