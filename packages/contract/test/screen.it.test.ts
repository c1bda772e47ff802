import { createScreen, judgeObservations, type Observation } from "@ondash/contract";
import { createRandom } from "@ondash/core";
import { type AnyEnvelope, type ChatSchema, chatV1, chatV2, encodeRecord } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allOperators } from "./simulator/all-operators.ts";
import { records, salesChart } from "./support/chat.ts";
import { createTestLog, wholeRun } from "./support/log.ts";
import { simulate } from "./support/simulate.ts";
import { twoLooks } from "./support/two-looks.ts";

/** A screen in a monitor's place, as the simulation drives one. */
function screened(options: Omit<Parameters<typeof simulate>[1], "schemas">): {
  readonly observations: readonly Observation[];
  readonly legal: number;
} {
  const screen = createScreen();
  const judge = { ...judgeObservations([{ kind: "start", partitions: 8, start: undefined }]) };
  const { observations } = simulate(
    {
      observe: (observation) => screen.observe(observation),
      get wantsBarrier() {
        return screen.wantsBarrier;
      },
      get undecided() {
        return screen.undecided;
      },
      finish: () => judge,
    },
    { ...options, schemas: [chatV2] },
  );
  return { observations, legal: screen.legal };
}

/** The run with another turn read at its end, of the same conversation or of another. */
function withOthers(
  observations: readonly Observation[],
  schema: ChatSchema,
  events: readonly AnyEnvelope[],
  same: boolean,
): Observation[] {
  const end = observations.at(-1);
  if (end?.kind !== "end") return [...observations];
  const ends = structuredClone(end.ends) as Record<string, number[]>;
  const first = observations.find((observation) => observation.kind === "record");
  const key = first?.kind === "record" && first.key !== null ? new TextDecoder().decode(first.key) : "other";
  const read = events.flatMap((event): Observation[] => {
    const conversationId = same ? key : "another conversation";
    const record = encodeRecord(schema, { ...event, conversationId, messageId: "another message" }, 8);
    const list = ends[record.topic];
    const offset = list?.[record.partition];
    if (list === undefined || offset === undefined) return [];
    list[record.partition] = offset + 1;
    return [{ kind: "record", ...record, offset, timestamp: 1 }];
  });
  return [...observations.slice(0, -1), ...read, { ...end, ends }];
}

/** The longest step back of the clock from one event to the next, in milliseconds. */
function stepsBack(events: readonly AnyEnvelope[]): number {
  const times = events.map(({ timestamp }) => Number(timestamp?.seconds ?? 0n) * 1_000 + (timestamp?.nanos ?? 0) / 1e6);
  return Math.max(0, ...times.map((time, index) => (times[index - 1] ?? time) - time));
}

describe("two looks", () => {
  it("say what the monitor says of legal traffic, and the second is not needed", () => {
    fc.assert(
      fc.property(
        fc.array(validTurn(chatV2), { minLength: 1, maxLength: 5 }),
        fc.integer(),
        fc.constantFrom(0, 0.3),
        fc.constantFrom(1, 2, 8),
        (turns, seed, markers, partitions) => {
          const producers = turns.map(({ events }, index) =>
            events.map((event) =>
              encodeRecord(chatV2, { ...event, conversationId: `${event.conversationId}-${index}` }, partitions),
            ),
          );
          const random = createRandom(seed);
          const { observations, legal } = screened({ producers, random, partitions, markers, rewind: 0.05 });
          const { judgement, how } = twoLooks(observations);
          expect(judgement).toEqual(judgeObservations(observations));
          // It has room for four tasks, and leaves clocks that were set back by nearly 2 s to the monitor.
          const simple = turns.every(
            ({ events }) => new Set(events.map(({ taskId }) => taskId)).size <= 4 && stepsBack(events) < 1_700,
          );
          if (simple) expect({ how, legal }).toEqual({ how: "legal", legal: turns.length });
        },
      ),
      { numRuns: 150 },
    );
  });

  for (const { schema, operator, name } of allOperators) {
    it(`say what the monitor says when ${operator.does} (${name.slice(0, name.indexOf(":"))})`, () => {
      fc.assert(
        fc.property(
          validTurn(schema, { length: 8 }),
          validTurn(schema, { length: 8 }),
          fc.integer(),
          (turn, other, seed) => {
            const random = createRandom(seed);
            const observations = operator.mutate({ schema, events: turn.events, random });
            fc.pre(observations !== undefined);
            expect(twoLooks(observations).judgement).toEqual(judgeObservations(observations));
            // Among legal turns of the same conversation and of others.
            const mixed = withOthers(observations, schema, other.events, random.int(0, 1) === 0);
            expect(twoLooks(mixed).judgement).toEqual(judgeObservations(mixed));
          },
        ),
        { numRuns: 25, maxSkipsPerRun: 1_000 },
      );
    });
  }

  it("tell what unfits a run for the first one", () => {
    const log = createTestLog({ schemas: [chatV1] });
    const run = wholeRun(log, records(chatV1, salesChart).map(log.append));
    expect(twoLooks(run).how).toMatch(/^unfit: ondash\.llm\.status\/\d@0 is not of chat\.v2$/);
    const sequenced = createTestLog({ schemas: [chatV2] });
    const observations = records(chatV2, salesChart).map(sequenced.append);
    expect(twoLooks(wholeRun(sequenced, observations)).how).toBe("legal");
    expect(twoLooks(wholeRun(sequenced, observations.slice(1))).how).toBe("unfit: offsets were not seen");
  });
});
