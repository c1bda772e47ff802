import type { OutgoingRecord, RecordSink, SendOutcome } from "@ondash/schemas";

/** What happened, in order: `send 2`, `done 2`, as 0-based indexes into `plan.sends`. */
export type Trace = string[];

/** The index that `planOf` wrote into the record's value. */
export const indexOf = (record: OutgoingRecord): number => record.value?.[0] ?? -1;
/** Lets everything happen that can. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A sink, and what happened at it. */
export interface TracedSink {
  readonly sink: RecordSink;
  readonly trace: Trace;
}

/** An in-memory log behind a sink that answers when `answer` does. */
export function sinkOf(answer: (index: number) => Promise<SendOutcome | undefined>): TracedSink {
  const trace: Trace = [];
  const lengths = new Map<string, number>();
  const sink: RecordSink = {
    async send(record) {
      const index = indexOf(record);
      trace.push(`send ${index}`);
      const outcome = await answer(index).finally(() => trace.push(`done ${index}`));
      if (outcome !== undefined) return outcome;
      const place = `${record.topic}/${record.partition}`;
      const offset = lengths.get(place) ?? 0;
      lengths.set(place, offset + 1);
      return { status: "acknowledged", partition: record.partition, offset };
    },
  };
  return { sink, trace };
}

/** One that acknowledges everything at once. */
export const acknowledging = (): TracedSink => sinkOf(async () => undefined);
