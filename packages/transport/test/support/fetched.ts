import type { FetchedBatch, FetchedRecord } from "../../src/fetch/fetched.ts";

const encoder = new TextEncoder();

/** A batch with a plain record at each of these offsets, whose value is the offset; with what `more` says otherwise. */
export function fetchedBatch(
  offsets: number | readonly number[],
  { control, ...more }: Partial<FetchedBatch> & Pick<Partial<FetchedRecord>, "control"> = {},
): FetchedBatch {
  const list = typeof offsets === "number" ? [offsets] : offsets;
  const records = list.map((offset) => ({
    offset,
    timestamp: 1,
    key: null,
    headers: [],
    value: encoder.encode(String(offset)),
    control,
  }));
  return { lastOffset: list.at(-1) ?? -1, leaderEpoch: 0, transaction: undefined, records: () => records, ...more };
}
