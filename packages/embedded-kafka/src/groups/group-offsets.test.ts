import { describe, expect, it } from "vitest";
import { GroupOffsets, type OffsetEntry } from "./group-offsets.ts";

const at = (offset: bigint): OffsetEntry => ({
  topic: "t",
  partition: 0,
  committed: { offset, leaderEpoch: -1, metadata: "" },
});

describe("GroupOffsets", () => {
  it("shows the commits of a transaction when it commits, and never when it aborts", () => {
    const offsets = new GroupOffsets();
    offsets.commitPending(1n, at(5n));
    offsets.commitPending(2n, at(6n));
    expect([offsets.get("t", 0), offsets.isPending("t", 0)]).toEqual([undefined, true]);
    offsets.endTransaction(2n, false);
    expect(offsets.get("t", 0)).toBeUndefined();
    offsets.endTransaction(1n, true);
    expect([offsets.get("t", 0)?.offset, offsets.isPending("t", 0)]).toEqual([5n, false]);
  });

  it("keeps a commit that was made after the one in the transaction", () => {
    const offsets = new GroupOffsets();
    offsets.commitPending(1n, at(5n));
    offsets.commit(at(8n));
    offsets.endTransaction(1n, true);
    expect(offsets.get("t", 0)?.offset).toBe(8n);
  });

  it("replaces a commit that was made before the one in the transaction", () => {
    const offsets = new GroupOffsets();
    offsets.commit(at(8n));
    offsets.commitPending(1n, at(5n));
    offsets.endTransaction(1n, true);
    expect(offsets.get("t", 0)?.offset).toBe(5n);
  });
});
