import { describe, expect, it } from "vitest";
import { LeaderEpochs } from "./leader-epochs.ts";

describe("LeaderEpochs", () => {
  it("tells where an epoch ends, as Kafka's cache does", () => {
    const epochs = new LeaderEpochs();
    expect([epochs.latest, epochs.at(0n), epochs.endOf(0, 5n)]).toEqual([-1, -1, undefined]);
    epochs.assign(2, 10n);
    epochs.assign(2, 11n);
    epochs.assign(5, 20n);
    expect([9n, 10n, 19n, 20n].map((offset) => epochs.at(offset))).toEqual([-1, 2, 2, 5]);
    expect(epochs.endOf(-1, 30n)).toBeUndefined();
    // Before all that are known: where the first of them starts.
    expect(epochs.endOf(1, 30n)).toEqual({ epoch: 1, endOffset: 10n });
    expect(epochs.endOf(2, 30n)).toEqual({ epoch: 2, endOffset: 20n });
    // One that wrote nothing: the one before it.
    expect(epochs.endOf(3, 30n)).toEqual({ epoch: 2, endOffset: 20n });
    expect(epochs.endOf(5, 30n)).toEqual({ epoch: 5, endOffset: 30n });
    expect(epochs.endOf(6, 30n)).toBeUndefined();
  });
});
