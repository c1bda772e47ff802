import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorCode } from "../wire/index.ts";
import { nextSequence, type ProducerBatch, ProducerStates } from "./producer-state.ts";

const MAX = 2_147_483_647;

function batch(firstSequence: number, recordCount = 1, producerEpoch = 0, producerId = 7n): ProducerBatch {
  return { producerId, producerEpoch, firstSequence, recordCount, transactional: false };
}

/** Appends if allowed; returns the offset it has, or the error. */
function offer(states: ProducerStates, offered: ProducerBatch, end: bigint): { offset: bigint } | { error: number } {
  const verdict = states.check(offered);
  if (verdict.kind === "refuse") return { error: verdict.errorCode };
  if (verdict.kind === "duplicate") return { offset: verdict.original.firstOffset };
  states.appended(offered, end, 0n);
  return { offset: end };
}

describe("nextSequence", () => {
  it("goes from the largest number to 0", () => {
    expect(nextSequence(MAX, 1)).toBe(0);
    expect(nextSequence(MAX - 2, 5)).toBe(2);
    expect(nextSequence(4, 3)).toBe(7);
  });
});

describe("ProducerStates", () => {
  it("lets an unknown producer begin at any sequence", () => {
    expect(offer(new ProducerStates(), batch(41), 0n)).toEqual({ offset: 0n });
  });

  it("lets nothing pass a batch that had to be verified, until one is appended", () => {
    const states = new ProducerStates();
    states.attempted(7n, 0, 3);
    states.attempted(7n, 0, 1);
    states.attempted(7n, 0, 2);
    expect(offer(states, batch(2), 0n)).toEqual({ error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER });
    expect(offer(states, batch(1), 0n)).toEqual({ offset: 0n });
    expect(offer(states, batch(2), 1n)).toEqual({ offset: 1n });
  });

  it("gives a batch that is sent again the offset it had, while it is among the last five", () => {
    const states = new ProducerStates();
    for (let sequence = 0; sequence < 6; sequence++) offer(states, batch(sequence), BigInt(sequence));
    expect(offer(states, batch(1), 6n)).toEqual({ offset: 1n });
    expect(offer(states, batch(5), 6n)).toEqual({ offset: 5n });
    expect(offer(states, batch(0), 6n)).toEqual({ error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER });
  });

  it("takes only the whole of a batch for the same batch", () => {
    const states = new ProducerStates();
    offer(states, batch(0, 3), 0n);
    expect(offer(states, batch(0, 2), 3n)).toEqual({ error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER });
    expect(offer(states, batch(0, 3), 3n)).toEqual({ offset: 0n });
  });

  it("refuses a gap, and an older epoch", () => {
    const states = new ProducerStates();
    offer(states, batch(0, 2, 3), 0n);
    expect(offer(states, batch(3, 1, 3), 2n)).toEqual({ error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER });
    expect(offer(states, batch(2, 1, 2), 2n)).toEqual({ error: ErrorCode.INVALID_PRODUCER_EPOCH });
  });

  it("wants a new epoch to begin at 0", () => {
    const states = new ProducerStates();
    offer(states, batch(0), 0n);
    expect(offer(states, batch(1, 1, 1), 1n)).toEqual({ error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER });
    expect(offer(states, batch(0, 1, 1), 1n)).toEqual({ offset: 1n });
  });

  it("counts on over the end of the sequence numbers", () => {
    const states = new ProducerStates();
    offer(states, batch(MAX - 1, 2), 0n);
    expect(offer(states, batch(0), 2n)).toEqual({ offset: 2n });
  });

  it("refuses a plain batch while the producer's transaction is open", () => {
    const states = new ProducerStates();
    states.appended({ ...batch(0), transactional: true }, 0n, 0n);
    expect(offer(states, batch(1), 1n)).toEqual({ error: ErrorCode.INVALID_TXN_STATE });
    expect(offer(states, { ...batch(1), transactional: true }, 1n)).toEqual({ offset: 1n });
  });

  it("keeps the first unstable offset at the oldest open transaction", () => {
    const states = new ProducerStates();
    states.appended({ ...batch(0, 1, 0, 1n), transactional: true }, 10n, 0n);
    states.appended({ ...batch(0, 1, 0, 2n), transactional: true }, 5n, 0n);
    expect(states.firstUnstableOffset()).toBe(5n);
    expect(states.marked(2n, 0, 0, 0n)).toBe(5n);
    expect(states.firstUnstableOffset()).toBe(10n);
    states.marked(1n, 0, 0, 0n);
    expect(states.firstUnstableOffset()).toBeUndefined();
  });

  it("makes retries of a window invisible: dense offsets, and each batch once", () => {
    const sends = fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), back: fc.integer({ min: 0, max: 4 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX }), sends, (start, steps) => {
        const states = new ProducerStates();
        const accepted: { sent: ProducerBatch; offset: bigint }[] = [];
        let sequence = start;
        let end = 0n;
        for (const { size, back } of steps) {
          const sent = batch(sequence, size);
          expect(offer(states, sent, end)).toEqual({ offset: end });
          accepted.push({ sent, offset: end });
          sequence = nextSequence(sequence, size);
          end += BigInt(size);
          // Any of the last five may come again, and gets what it got.
          const again = accepted.at(-1 - Math.min(back, accepted.length - 1));
          expect(offer(states, again?.sent ?? sent, end)).toEqual({ offset: again?.offset });
        }
      }),
    );
  });
});
