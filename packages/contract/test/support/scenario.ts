import { type Judgement, judgeObservations, type Observation, type RecordObservation } from "@ondash/contract";
import { type AnyEnvelope, type ChatSchema, encodeRecord } from "@ondash/schemas";
import { envelopes, type Step, type TurnIds } from "./chat.ts";
import { createTestLog, type TestLog, wholeRun } from "./log.ts";
import { PARTITIONS } from "./world.ts";

/** A run that a test writes down step by step. */
export interface Stage {
  readonly log: TestLog;
  readonly schema: ChatSchema;
  /** The envelopes of a turn; nothing is sent yet. */
  turn(steps: readonly Step[], ids?: TurnIds): AnyEnvelope[];
  /** Appends events, and has them observed. */
  send(...events: readonly AnyEnvelope[]): RecordObservation[];
  observe(...observations: readonly Observation[]): void;
  /** Asks for a barrier and grants it at once. */
  barrier(): void;
  readonly observations: readonly Observation[];
  /** Ends the run and judges it. */
  judge(options?: { readonly producersDone?: boolean; readonly end?: boolean }): Judgement;
}

/** Sets the stage for one schema version. */
export function stage(schema: ChatSchema): Stage {
  const log = createTestLog({ schemas: [schema], partitions: PARTITIONS });
  const observations: Observation[] = [];
  let barriers = 0;
  return {
    log,
    schema,
    observations,
    turn: (steps, ids) => envelopes(schema, steps, ids),
    send(...events) {
      const records = events.map((event) => log.append(encodeRecord(schema, event, PARTITIONS)));
      observations.push(...records);
      return records;
    },
    observe: (...more) => void observations.push(...more),
    barrier() {
      const id = ++barriers;
      observations.push({ kind: "asked", id }, { kind: "barrier", id, ends: log.ends() });
    },
    judge({ producersDone = true, end = true } = {}) {
      const run = wholeRun(log, observations, producersDone);
      return judgeObservations(end ? run : run.slice(0, -1));
    },
  };
}
