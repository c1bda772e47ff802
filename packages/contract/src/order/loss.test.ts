import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, soundEvent, status, told, turnFacts } from "../../test/support/facts.ts";
import { at, BARRIER, doubts, turnOf } from "../../test/support/turn-facts.ts";
import type { SoundEvent } from "../event.ts";
import { idle, unprovable } from "../finding.ts";
import type { TurnFacts, TurnLedger } from "../turn/facts.ts";
import { holes, nothingIsLost } from "./completeness-rules.ts";

const TASK = 1;
const CONVERSATION = 2;
const NO_LOG = "what is missing was acknowledged and is not in the log (KAF-04)";
const NOT_READ = "what is missing was acknowledged at offsets that were not read";
const ledger = (rest: Partial<TurnLedger> = {}): { ledger: TurnLedger } => ({
  ledger: { planned: 9, missing: [], absent: [], unseen: [], indefinite: [], ...rest },
});
const ids = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
/** The run goes on, or ended without its producers being done. */
const notDone = [
  { ended: false, producersDone: false },
  { ended: false, producersDone: true },
  { ended: true, producersDone: false },
];

describe("ORD-04 by sequence", () => {
  const sequences = (numbers: readonly number[], last: number): SoundEvent[] => [
    ...numbers.map((sequence) => soundEvent(status(), sequence)),
    soundEvent(completion(TASK, last), last, { taskId: "t" }),
  ];
  const judge = (events: readonly SoundEvent[], rest: Partial<TurnFacts> = {}): unknown =>
    told(nothingIsLost(turnFacts(chatV2, events, rest)));

  it("knows which sequences are missing", () => {
    const missing = (numbers: readonly number[], last: number): unknown =>
      holes(turnFacts(chatV2, sequences(numbers, last)));
    expect(missing([1, 2, 3], 4)).toEqual([]);
    expect(missing([], 1)).toEqual([]);
    expect(missing([2, 3], 4)).toEqual([{ from: 1, to: 1 }]);
    expect(missing([1, 4, 4, 6], 9)).toEqual([
      { from: 2, to: 3 },
      { from: 5, to: 5 },
      { from: 7, to: 8 },
    ]);
    // What stands behind the end is ORD-06's.
    expect(holes(turnFacts(chatV2, [...sequences([1], 2), soundEvent(status(), 9)]))).toEqual([]);
    expect(holes(turnFacts(chatV2, [soundEvent(status(), 4)]))).toEqual([]);
  });

  it("holds by sequence", () => {
    expect(judge(sequences([1, 2], 3))).toEqual({ status: "held", by: "sequence" });
  });

  it("is idle without an end", () => {
    expect(judge([soundEvent(status(), 3)])).toEqual(idle);
  });

  it("is unprovable for a turn that was not seen whole", () => {
    for (const [why, rest] of doubts) expect(judge(sequences([1], 3), rest)).toEqual(unprovable(why));
  });

  it("names what is missing, its neighbours and the end", () => {
    const events = sequences([1, 4], 6);
    expect(judge(events)).toEqual({
      expected: "sequences 1 to 6, as the completion's last_sequence says",
      actual: "sequence 2–3, 5 missing",
      records: [at(events[0]), at(events[1]), at(events[2])],
      notes: [
        `nearest: sequence 1, a status, at ${chatV2.topics.status}/2@1`,
        `nearest: sequence 4, a status, at ${chatV2.topics.status}/2@4`,
        BARRIER,
      ],
      eventIds: ["e1", "e4", "e6"],
    });
    expect(nothingIsLost(turnFacts(chatV2, events))).toMatchObject({
      finding: { message: "3 events were lost: sequence 2–3, 5 of 6." },
    });
    expect(nothingIsLost(turnFacts(chatV2, sequences([1], 3)))).toMatchObject({
      finding: { message: "An event was lost: sequence 2 of 3." },
    });
  });

  it("names the end once where it is a neighbour, and no neighbour that there is not", () => {
    const events = sequences([1], 3);
    expect(judge(events)).toMatchObject({ records: [at(events[0]), at(events[1])], eventIds: ["e1", "e3"] });
    const first = sequences([2], 3);
    expect(judge(first)).toMatchObject({
      records: [at(first[0]), at(first[1])],
      notes: [`nearest: sequence 2, a status, at ${chatV2.topics.status}/2@2`, BARRIER],
      eventIds: ["e2", "e3"],
    });
  });

  it("is proved by the end of the run where that is what settled the turn", () => {
    expect(judge(sequences([2], 3), { settled: { id: undefined, index: 0, ends: {} } })).toMatchObject({
      notes: [
        `nearest: sequence 2, a status, at ${chatV2.topics.status}/2@2`,
        "the end of the run: every partition of the five topics was read to its end offset",
      ],
    });
  });

  it("names at most eight events that the ledger misses", () => {
    expect(judge(sequences([1], 3), ledger({ missing: ids("lost", 10) }))).toMatchObject({
      eventIds: ["e1", "e3", ...ids("lost", 8)],
    });
    expect(judge(sequences([1], 3), ledger())).toMatchObject({ eventIds: ["e1", "e3"] });
  });

  it("blames nobody for as much as the ledger knows causes of", () => {
    // Two are missing.
    const excused = (absent: number, unseen: number, indefinite: number): unknown =>
      judge(
        sequences([1], 4),
        ledger({ absent: ids("a", absent), unseen: ids("u", unseen), indefinite: ids("i", indefinite) }),
      );
    expect(excused(2, 0, 0)).toEqual(unprovable(NO_LOG));
    expect(excused(3, 0, 0)).toEqual(unprovable(NO_LOG));
    expect(excused(1, 1, 0)).toEqual(unprovable(NOT_READ));
    expect(excused(0, 2, 0)).toEqual(unprovable(NOT_READ));
    expect(excused(0, 3, 0)).toEqual(unprovable(NOT_READ));
    const open = (count: number) =>
      unprovable(`what is missing was sent, and nobody knows whether it was written (${count} indefinite)`);
    expect(excused(1, 0, 1)).toEqual(open(1));
    expect(excused(0, 1, 1)).toEqual(open(1));
    expect(excused(0, 0, 2)).toEqual(open(2));
    for (const [absent, unseen, indefinite] of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ] as const) {
      expect(excused(absent, unseen, indefinite)).toMatchObject({ actual: "sequence 2–3 missing" });
    }
  });
});

describe("ORD-04 by ledger", () => {
  const events = turnOf(["t", status()], ["t", completion(TASK)]);
  const whole = turnOf(status(), completion(CONVERSATION));
  const judge = (own: readonly SoundEvent[], rest: Partial<TurnFacts> = {}): unknown =>
    told(nothingIsLost(turnFacts(chatV1, own, rest)));

  it("is unprovable without a ledger", () => {
    expect(judge(events)).toEqual(unprovable("chat.v1 has no sequence: only a run's ledger shows what was lost"));
  });

  it("holds by ledger if it misses nothing", () => {
    expect(judge(events, ledger())).toEqual({ status: "held", by: "ledger" });
    expect(judge(events, ledger({ indefinite: ["x"] }))).toEqual({ status: "held", by: "ledger" });
  });

  it("is idle while more is to come", () => {
    for (const run of notDone) {
      expect(judge(events, { ...ledger(), ended: false, run })).toEqual(idle);
      expect(judge(events, { ...ledger({ missing: ["x"] }), ended: false, run })).toEqual(idle);
    }
  });

  it("is judged of a turn that never ends once the producer is done", () => {
    expect(judge(events, { ...ledger(), ended: false })).toEqual(idle);
    expect(judge(events, { ...ledger({ missing: ["x"] }), ended: false })).toEqual({
      expected: "all 9 planned events of the turn",
      actual: "missing x",
      records: [],
      notes: ["the ledger has neither an acknowledgement nor a refusal of them"],
      eventIds: ["x"],
    });
    expect(judge(events, { ...ledger({ missing: ["x"] }), ended: false, gap: "a gap" })).toEqual(unprovable("a gap"));
    // There is no barrier for it, and none is needed.
    const settled = { why: "the turn has not ended" };
    expect(judge(events, { ...ledger({ missing: ["x"] }), ended: false, settled })).toMatchObject({
      actual: "missing x",
    });
  });

  it("is unprovable for an ended turn that was not seen whole", () => {
    for (const [why, rest] of doubts) {
      expect(judge(whole, { ...ledger({ missing: ["x"] }), ...rest })).toEqual(unprovable(why));
    }
  });

  it("blames nobody for what was acknowledged", () => {
    expect(judge(events, ledger({ absent: ["x"], unseen: ["y"] }))).toEqual(unprovable(NO_LOG));
    expect(judge(events, ledger({ unseen: ["y"] }))).toEqual(unprovable(NOT_READ));
    expect(judge(events, ledger({ missing: ["z"], absent: ["x"], unseen: ["y"] }))).toMatchObject({
      actual: "missing z",
    });
  });

  it("waits for what is planned while a turn rests and the producer is not known to be done", () => {
    for (const run of notDone) {
      expect(judge(events, { ...ledger({ missing: ["x", "y"] }), run })).toEqual(
        unprovable("2 planned events had not been sent when the observation ended"),
      );
      // CONVERSATION leaves nothing to wait for.
      expect(judge(whole, { ...ledger({ missing: ["x"] }), run })).toMatchObject({ actual: "missing x" });
    }
  });

  it("names at most eight events, and the end as the witness", () => {
    expect(judge(whole, ledger({ missing: ids("m", 10) }))).toEqual({
      expected: "all 9 planned events of the turn",
      actual: `missing ${ids("m", 8).join(", ")} and 2 more`,
      records: [at(whole[1], chatV1)],
      notes: ["the ledger has neither an acknowledgement nor a refusal of them", BARRIER],
      eventIds: ids("m", 8),
    });
    expect(judge(whole, ledger({ missing: ids("m", 8) }))).toMatchObject({
      actual: `missing ${ids("m", 8).join(", ")}`,
    });
    expect(judge(events, ledger({ missing: ["x"] }))).toMatchObject({ records: [] });
    const message = (missing: readonly string[]): unknown =>
      nothingIsLost(turnFacts(chatV1, whole, ledger({ missing })));
    expect(message(["x"])).toMatchObject({ finding: { message: "A planned event was lost." } });
    expect(message(["x", "y"])).toMatchObject({ finding: { message: "2 planned events were lost." } });
  });
});
