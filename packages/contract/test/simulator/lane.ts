import type { Observation, RecordObservation } from "@ondash/contract";
import type { Random } from "@ondash/core";
import type { BarrierRounds } from "./barrier-rounds.ts";
import type { Broker, Transaction } from "./broker.ts";
import type { Setting } from "./profile.ts";
import type { Place, Script, Step } from "./step.ts";

/** What a producer works with. */
export interface LaneTools {
  readonly broker: Broker;
  readonly random: Random;
  readonly setting: Pick<Setting, "transaction" | "restart">;
  readonly rounds: BarrierRounds;
  readonly observe: (observation: Observation) => void;
}

/** One producer at work on its script. */
export interface Lane {
  /** Does the next thing, or waits. @returns whether it goes on: false when nothing is left to do. */
  advance(): boolean;
  /** The collector has read a record of it, for the first time. */
  wasRead(record: RecordObservation): void;
  /** A barrier was granted. */
  granted(id: number): void;
  /** Whether all is done, and all that was sent was read. */
  readonly isOver: boolean;
  /** Whether its last end was read: what was sent before that is vouched for. */
  readonly endWasRead: boolean;
  /** Whether an end was read, and something that it vouches for was not. */
  readonly misses: boolean;
}

/** Attempts of a transaction, so that a turn comes to its end however likely an abort is. */
const ATTEMPTS = 4;

/** Sets a producer to work. */
export function createLane(
  { steps, atOnce = false }: Script,
  { broker, random, setting, rounds, observe }: LaneTools,
): Lane {
  const sent = new Map<number, { readonly place: Place; readonly record: RecordObservation | undefined }>();
  /** Labels of records that the collector has yet to read. */
  const unread = new Map<RecordObservation, Extract<Step, { kind: "send" }>>();
  const lastEnd = steps.findLast((step) => step.kind === "send" && step.ends === true);
  let at = 0;
  let transaction: { state: Transaction; from: number; until: number; labels: number[]; attempt: number } | undefined;
  let attempts = 0;
  /** The highest label of an end that was read. */
  let vouched = -1;
  /** The barrier that a `settle` waits for; "granted": it came. */
  let settling: number | "granted" | undefined;

  const send = (step: Extract<Step, { kind: "send" }>): void => {
    const partition = broker.at(step.record.topic, step.record.partition);
    const { epoch: delta = 0 } = step;
    const epoch =
      step.epoch === undefined && setting.restart === 0
        ? undefined
        : delta < 0
          ? (partition.lastEpoch ?? partition.epoch) + delta
          : partition.epoch;
    const record = broker.append(step.record, { owner: lane, transaction: transaction?.state, epoch });
    const { topic, offset } = record;
    sent.set(step.label, { place: { topic, partition: record.partition, offset }, record });
    unread.set(record, step);
    transaction?.labels.push(step.label);
  };
  const begin = (): void => {
    if (attempts === 0 && random.unit() >= setting.transaction.probability) return;
    const until = at + random.int(1, 5);
    transaction = { state: { state: "open" }, from: at, until, labels: [], attempt: attempts + 1 };
  };
  /** Commits, or takes all of it back to send it again; either way each partition gets its marker. */
  const close = (open: NonNullable<typeof transaction>): void => {
    const aborts = open.attempt < ATTEMPTS && random.unit() < setting.transaction.abort;
    open.state.state = aborts ? "aborted" : "committed";
    const touched = new Map<string, Place>();
    for (const label of open.labels) {
      const entry = sent.get(label);
      if (entry === undefined) continue;
      touched.set(`${entry.place.topic}/${entry.place.partition}`, entry.place);
      if (!aborts) continue;
      sent.delete(label);
      if (entry.record !== undefined) unread.delete(entry.record);
    }
    for (const { topic, partition } of touched.values()) broker.skip(topic, partition, 1, "control");
    if (aborts) at = open.from;
    attempts = aborts ? open.attempt : 0;
    transaction = undefined;
  };
  const isSettled = (): boolean => {
    if (settling === "granted") {
      settling = undefined;
      return true;
    }
    if (unread.size > 0 || settling !== undefined) return false;
    const asked = rounds.ask();
    if (asked.kind === "asked") settling = asked.id;
    observe(asked);
    return false;
  };
  const tell = (step: Extract<Step, { kind: "observe" }>): boolean => {
    const entries = step.labels.map((label) => sent.get(label));
    const there = entries.every(
      (entry) =>
        entry !== undefined && (step.when === "sent" || entry.record === undefined || !unread.has(entry.record)),
    );
    if (!there) return false;
    const known = entries.flatMap((entry) => (entry === undefined ? [] : [entry]));
    observe(
      step.make(
        known.map(({ place }) => place),
        known.flatMap(({ record }) => record ?? []),
      ),
    );
    return true;
  };
  /** @returns whether the step is done. */
  const perform = (step: Step): boolean => {
    switch (step.kind) {
      case "send":
        if (transaction === undefined && setting.transaction.probability > 0) begin();
        send(step);
        return true;
      case "hole": {
        const { label, topic, partition, count, why } = step;
        sent.set(label, {
          place: { topic, partition, offset: broker.skip(topic, partition, count, why) },
          record: undefined,
        });
        return true;
      }
      case "observe":
        return tell(step);
      default:
        return isSettled();
    }
  };
  const advance = (): boolean => {
    const step = steps[at];
    if (transaction !== undefined && (at >= transaction.until || step?.kind !== "send")) {
      close(transaction);
      return true;
    }
    if (step === undefined) return false;
    if (perform(step)) at++;
    return at < steps.length || transaction !== undefined;
  };
  const lane: Lane = {
    advance() {
      for (;;) {
        const goesOn = advance();
        // What an open transaction has sent may be sent again: that, too, is to be done by now.
        if (!goesOn || !atOnce || (steps[at]?.kind !== "send" && transaction === undefined)) return goesOn;
      }
    },
    wasRead(record) {
      const step = unread.get(record);
      if (step === undefined) return;
      unread.delete(record);
      if (step.ends === true) vouched = Math.max(vouched, step.label);
    },
    granted(id) {
      if (typeof settling === "number" && id >= settling) settling = "granted";
    },
    get isOver() {
      return at >= steps.length && transaction === undefined && unread.size === 0;
    },
    get endWasRead() {
      return lastEnd === undefined || (lastEnd.kind === "send" && vouched >= lastEnd.label);
    },
    get misses() {
      for (const { label } of unread.values()) if (label < vouched) return true;
      return false;
    },
  };
  return lane;
}
