import { createRandom, parseDuration, uuidV7 } from "@ondash/core";
import {
  type AnyEnvelope,
  type ChatSchema,
  encodeRecord,
  type Instant,
  isSchemasError,
  schemaOf,
} from "@ondash/schemas";
import { envelopeOf } from "./envelope.ts";
import { type Problem, ScenarioError } from "./error.ts";
import { type ExpandedStep, expandSteps } from "./expand.ts";
import { expectationOf } from "./expectation.ts";
import { applyFaults, type DraftSend } from "./faults.ts";
import { paramValues } from "./params.ts";
import type { Plan, PlannedEvent, PlannedSend, PlanOptions } from "./plan-types.ts";
import { type ResolvedFile, resolveFile } from "./resolve-file.ts";
import type { Scenario } from "./scenario.ts";

const DEFAULT_SEED = 42;
const DEFAULT_PARTITIONS = 8;
/** Between two events when the scenario says nothing. */
const DEFAULT_GAP_MS = 50;

/**
 * Expands a scenario: pure and seeded, the same inputs give the same bytes on every machine.
 *
 * Ids depend on the seed, the scenario's name, the step's position and the salt; not on the schema, so that both versions
 * of an event carry the same. Times depend on `start`, `timing` and the seed.
 * @throws ScenarioError for values of parameters or a scenario that parses but can't be expanded with them.
 */
export function plan(scenario: Scenario, options: PlanOptions = {}): Plan {
  const schema = schemaOf(options.schema ?? scenario.schema);
  const partitions = options.partitions ?? DEFAULT_PARTITIONS;
  const params = paramValues(scenario, options.set ?? {});
  const problems: Problem[] = [];
  const file = resolveFile(scenario, params, problems);
  const expansion = file === undefined ? undefined : expandSteps(scenario, file, params, problems);
  if (file === undefined || expansion === undefined || problems.length > 0)
    throw new ScenarioError("invalid", problems);

  const seed = options.seed ?? file.seed ?? DEFAULT_SEED;
  const random = createRandom(seed).fork(file.scenario, options.salt ?? "");
  const startMs = Number(file.startInstant.seconds) * 1_000 + Math.floor(file.startInstant.nanos / 1e6);
  const conversationId = uuidV7(startMs, random.fork("conversation"));
  const messageId = uuidV7(startMs, random.fork("message"));
  const times = timesOf(expansion.steps, file, seed);

  const drafts = expansion.steps.map((step, index): DraftSend & { readonly event: PlannedEvent } => {
    const at = times[index] ?? 0;
    const eventId = uuidV7(startMs + Math.floor(at / 1e6), random.fork("event", index + 1));
    const last = index === expansion.steps.length - 1;
    const final = step.body.kind === "completion" && (last || step.body.type === "CONVERSATION");
    const head = { eventId, conversationId, messageId, taskId: step.taskId, timestamp: shift(file.startInstant, at) };
    const sequencing = { sequence: index + 1, lastSequence: final ? index + 1 : 0 };
    const { envelope, record } = encode(schema, step, partitions, () =>
      envelopeOf(schema.name, head, step.body, sequencing),
    );
    const event: PlannedEvent = {
      index: index + 1,
      stepId: step.id,
      location: step.location,
      kind: step.body.kind,
      topic: record.topic,
      eventId,
      taskId: step.taskId,
      at: at / 1e6,
      record,
    };
    return {
      event,
      eventId,
      envelope,
      record,
      at: event.at,
      held: false,
      fault: undefined,
      awaits: awaitsOf(step, final),
    };
  });

  const context = {
    schema,
    partitions,
    newEventId: (index: number, nth: number): string =>
      uuidV7(startMs + Math.floor((times[index - 1] ?? 0) / 1e6), random.fork("again", index, nth)),
  };
  const sends = applyFaults(drafts, expansion.faults, context);
  return {
    scenario: file.scenario,
    title: file.title,
    prompt: file.prompt,
    file: scenario.file,
    schema: schema.name,
    seed,
    partitions,
    conversationId,
    messageId,
    events: drafts.map(({ event }) => event),
    sends: sends.map(toSend),
    metadata: {
      executionTimeMs: file.message?.execution_time_ms ?? 0,
      tokensUsed: file.message?.tokens_used ?? 0,
    },
    expect: expectationOf(scenario, file, schema.name, options.ledger ?? true),
  };
}

function toSend({ event, eventId, at, record, fault, awaits, held }: DraftSend): PlannedSend {
  return { event: event.index, eventId, location: event.location, at, record, fault, awaits, held };
}

/** The record contract: a completion waits for the acknowledgements of its task, a final one for those of the turn. */
function awaitsOf(step: ExpandedStep, final: boolean): PlannedSend["awaits"] {
  if (step.body.kind !== "completion") return "nothing";
  return final || step.taskId === "" ? "turn" : { task: step.taskId };
}

/**
 * Nanoseconds after the start at which each step is due. Whole nanoseconds, each at least 1 after the one before, so
 * that emission order is the order of timestamps.
 */
function timesOf(steps: readonly ExpandedStep[], file: ResolvedFile, seed: number): readonly number[] {
  const { first, gap, jitter = 0 } = file.timing ?? {};
  const firstMs = first === undefined ? 0 : parseDuration(first);
  const gapMs = gap === undefined ? DEFAULT_GAP_MS : parseDuration(gap);
  // Apart from the ids: a salt must not change the rhythm.
  const random = createRandom(seed).fork(file.scenario, "timing");
  let now = -1;
  return steps.map((step, index) => {
    const base = step.after ?? (index === 0 ? firstMs : gapMs);
    const factor = 1 + jitter * (2 * random.unit() - 1);
    const from = index === 0 ? 0 : now;
    now = Math.max(now + 1, from + Math.round(base * factor * 1e6));
    return now;
  });
}

/** An instant `ns` nanoseconds later. */
function shift(start: Instant, ns: number): Instant {
  const whole = start.nanos + (ns % 1e9);
  return {
    seconds: start.seconds + BigInt(Math.floor(ns / 1e9)) + BigInt(Math.floor(whole / 1e9)),
    nanos: whole % 1e9,
  };
}

function encode(
  schema: ChatSchema,
  step: ExpandedStep,
  partitions: number,
  make: () => AnyEnvelope,
): { envelope: AnyEnvelope; record: PlannedEvent["record"] } {
  try {
    const envelope = make();
    return { envelope, record: encodeRecord(schema, envelope, partitions) };
  } catch (cause) {
    if (!isSchemasError(cause)) throw cause;
    const text = cause.message.replace(/^\[[\w-]+\] (event [^:]*: )?/, "");
    throw new ScenarioError("invalid", [{ location: step.location, text }], { cause });
  }
}
