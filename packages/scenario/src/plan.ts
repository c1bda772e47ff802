import { createRandom, uuidV7 } from "@ondash/core";
import { encodeRecord, isSchemasError, type SchemaName, schemaOf } from "@ondash/schemas";
import { envelopeOf } from "./envelope.ts";
import { errorOf, type Problem, ScenarioError } from "./error.ts";
import type { ExpandedStep } from "./event-step.ts";
import { type Expansion, expandSteps } from "./expand.ts";
import { expectationOf } from "./expectation.ts";
import { applyFaults, type DraftSend } from "./faults.ts";
import { paramValues } from "./params.ts";
import type { Plan, PlannedSend, PlanOptions } from "./plan-types.ts";
import { type ResolvedFile, resolveFile } from "./resolve-file.ts";
import type { Scenario } from "./scenario.ts";
import { idMilliseconds, shift, timesOf } from "./timing.ts";

const DEFAULT_SEED = 42;
const DEFAULT_PARTITIONS = 8;
/** Beyond this a plan does not fit a test's memory; a `repeat` of long texts gets there quickly. */
const MAX_BYTES = 268_435_456;

/**
 * Expands a scenario: pure and seeded, the same inputs give the same bytes on every machine.
 *
 * Ids depend on the seed, the scenario's name, the step's position and the salt; not on the schema, so that both versions
 * of an event carry the same. Times depend on `start`, `timing` and the seed.
 * @throws ScenarioError `param` for values of parameters, `option` for a seed or a number of partitions or an id that is none,
 * else for a scenario that parses but can't be expanded with them.
 */
export function plan(scenario: Scenario, options: PlanOptions = {}): Plan {
  refuseWrongOptions(scenario, options);
  const params = paramValues(scenario, options.set ?? {});
  const problems: Problem[] = [];
  const { file, loose } = resolveFile(scenario, params, problems);
  const expansion = expandSteps(scenario, loose, params, problems, false);
  if (file === undefined || problems.length > 0) throw errorOf(problems);
  return planExpanded(scenario, file, expansion, options);
}

/** The plan of a scenario that was expanded. */
export function planExpanded(scenario: Scenario, file: ResolvedFile, expansion: Expansion, options: PlanOptions): Plan {
  const wanted = options.schema ?? scenario.schema;
  if (wanted !== "both") return planVersion(scenario, file, expansion, options, wanted, false);
  const [one, two] = (["chat.v1", "chat.v2"] as const).map((version) =>
    planVersion(scenario, file, expansion, options, version, true),
  ) as [Plan, Plan];
  return {
    ...one,
    schema: "both",
    topics: [...one.topics, ...two.topics],
    messageSchema: scenario.schema === "both" ? "chat.v1" : scenario.schema,
    events: sideBySide(one.events, two.events, ({ index }) => index),
    sends: sideBySide(one.sends, two.sends, ({ event }) => event),
    expect: expectationOf(scenario, file, "both", options.ledger ?? true),
  };
}

/**
 * Two lists as one: each keeps its own order (a fault may have changed it), and an entry of the first stands before the
 * entry of the second for the same step.
 */
function sideBySide<T>(first: readonly T[], second: readonly T[], stepOf: (entry: T) => number): readonly T[] {
  const merged: T[] = [];
  const rest = [...second];
  for (const entry of first) {
    while (rest[0] !== undefined && stepOf(rest[0]) < stepOf(entry)) merged.push(rest.shift() as T);
    merged.push(entry);
  }
  return [...merged, ...rest];
}

function planVersion(
  scenario: Scenario,
  file: ResolvedFile,
  expansion: Expansion,
  options: PlanOptions,
  version: SchemaName,
  dual: boolean,
): Plan {
  const schema = schemaOf(version);
  const partitions = options.partitions ?? DEFAULT_PARTITIONS;
  const seed = options.seed ?? file.seed ?? DEFAULT_SEED;
  const problems: Problem[] = [];

  const random = createRandom(seed).fork(file.scenario, options.salt ?? "");
  const startMs = idMilliseconds(file.startInstant);
  const conversationId = options.conversationId ?? uuidV7(startMs, random.fork("conversation"));
  const messageId = uuidV7(startMs, random.fork("message"));
  const idAt = (ns: number, ...labels: readonly (string | number)[]): string =>
    uuidV7(idMilliseconds(shift(file.startInstant, ns)), random.fork(...labels));
  const times = timesOf(expansion.steps, file, seed, problems);
  if (problems.length > 0) throw errorOf(problems);

  let bytes = 0;
  const drafts = expansion.steps.flatMap((step, index): DraftSend[] => {
    const ns = times[index] ?? 0;
    const timestamp = shift(file.startInstant, ns);
    const eventId = idAt(ns, "event", index + 1);
    const final = isFinal(step, index === expansion.steps.length - 1);
    const head = { eventId, conversationId, messageId, taskId: step.task.id, timestamp };
    const sequencing = { sequence: index + 1, lastSequence: final ? index + 1 : 0 };
    try {
      const envelope = envelopeOf(schema.name, head, step.body, sequencing);
      const record = encodeRecord(schema, envelope, partitions);
      bytes += record.value?.length ?? 0;
      if (bytes > MAX_BYTES) throw new ScenarioError("invalid", [tooLarge(step)]);
      const { id: stepId, location, body, task } = step;
      const at = ns / 1e6;
      const { topic } = record;
      const event = {
        index: index + 1,
        stepId,
        location,
        kind: body.kind,
        topic,
        eventId,
        taskId: task.id,
        at,
        record,
      };
      return [{ event, eventId, envelope, record, at, held: false, fault: undefined, awaits: awaitsOf(step, final) }];
    } catch (cause) {
      if (!isSchemasError(cause)) throw cause;
      problems.push({ location: step.location, text: cause.message.replace(/^\[[\w-]+\] (event [^:]*: )?/, "") });
      return [];
    }
  });
  if (problems.length > 0) throw errorOf(problems);

  const sends = applyFaults(drafts, expansion.faults, {
    schema,
    dual,
    partitions,
    newEventId: (event, nth) => idAt(times[event - 1] ?? 0, "again", event, nth),
  });
  return {
    scenario: file.scenario,
    title: file.title,
    prompt: file.prompt,
    file: scenario.file,
    schema: schema.name,
    topics: schema.topicList,
    messageSchema: schema.name,
    seed,
    partitions,
    conversationId,
    messageId,
    events: drafts.map(({ event }) => event),
    sends: sends.map(toSend),
    metadata: {
      executionTimeMs: file.message?.execution_time_ms ?? 0,
      tokensUsed: file.message?.tokens_used ?? 0,
      scenarios: taskScenarios(expansion.steps),
    },
    expect: expectationOf(scenario, file, schema.name, options.ledger ?? true),
  };
}

function refuseWrongOptions({ location }: Scenario, { seed, partitions, conversationId }: PlanOptions): void {
  const problems: Problem[] = [];
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    problems.push({ location, text: `seed: expected an integer, got ${seed}` });
  }
  if (partitions !== undefined && !(Number.isSafeInteger(partitions) && partitions > 0)) {
    problems.push({ location, text: `partitions: expected an integer of at least 1, got ${partitions}` });
  }
  if (conversationId !== undefined && (conversationId === "" || !conversationId.isWellFormed())) {
    const got = JSON.stringify(conversationId);
    problems.push({ location, text: `conversationId: expected an id that is not empty and can be UTF-8, got ${got}` });
  }
  if (problems.length > 0) throw new ScenarioError("option", problems);
}

function tooLarge({ location }: ExpandedStep): Problem {
  return { location, text: `up to here the events have more than ${MAX_BYTES} bytes` };
}

function toSend({ event, eventId, at, record, fault, awaits, held }: DraftSend): PlannedSend {
  return { event: event.index, eventId, location: event.location, at, record, fault, awaits, held };
}

function isFinal({ body }: ExpandedStep, last: boolean): boolean {
  return body.kind === "completion" && (last || body.type === "CONVERSATION");
}

/** The record contract: a completion waits for the acknowledgements of its task, a final one for those of the turn. */
function awaitsOf({ body, task }: ExpandedStep, final: boolean): PlannedSend["awaits"] {
  if (body.kind !== "completion") return "nothing";
  return final || task.id === "" ? "turn" : { task: task.id };
}

/** `TaskInfo.scenario` by task, as the steps name it: the first that does. */
function taskScenarios(steps: readonly ExpandedStep[]): Readonly<Record<string, string>> {
  const scenarios = new Map<string, string>();
  for (const { task } of steps) {
    if (task.scenario !== undefined && !scenarios.has(task.id)) scenarios.set(task.id, task.scenario);
  }
  return Object.fromEntries(scenarios);
}
