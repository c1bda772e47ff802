import { chatV2, createSkimmer, decodeEnvelope } from "@ondash/schemas";
import { type Pairing, pair } from "./paired.ts";
import { turnMaker } from "./turns.ts";

const ROUNDS = 20;

/** Microseconds a record: full strict decoding against skimming, on the same values. */
export function measureSkim(): Promise<Pairing> {
  const make = turnMaker(20, 2);
  const values = Array.from({ length: 50 }, (_, seed) => structuredClone(make(seed))).flatMap((records) =>
    records.flatMap(({ value }) => (value === null ? [] : [value])),
  );
  const skim = createSkimmer(chatV2);
  const time = (read: (value: Uint8Array) => boolean, rounds: number): number => {
    const start = performance.now();
    let read_ = 0;
    for (let round = 0; round < rounds; round++) for (const value of values) if (read(value)) read_++;
    if (read_ !== values.length * rounds) throw new Error("a value was not read");
    return ((performance.now() - start) * 1_000) / (values.length * rounds);
  };
  return pair(
    15,
    () => time((value) => decodeEnvelope(chatV2, value).ok, 2),
    () => time((value) => skim.read(value), ROUNDS),
  );
}
