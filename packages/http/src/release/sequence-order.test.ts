import { chatV2 } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArrivalDraft, anyArrivals } from "../../test/support/arrivals.ts";
import { beginning, formatEventId, MAX_EVENT_ID_LENGTH, parseEventId, type ResumePoint } from "../event-id.ts";
import { createSequenceOrder } from "./sequence-order.ts";

const LIMITS = { events: 1_000, characters: 1_000_000 };
const CONVERSATION = "conv_1";

interface Released {
  readonly data: string;
  readonly id: string;
  /** Which arrival released it, from 0. */
  readonly by: number;
}

/** Feeds the arrivals that come after `resume` to a fresh order. A position is the number of arrivals up to it. */
function releases(arrivals: readonly ArrivalDraft[], resume: ResumePoint = beginning, limits = LIMITS): Released[] {
  const order = createSequenceOrder(resume, limits);
  const released: (Omit<Released, "id"> & { readonly point: ResumePoint })[] = [];
  for (let at = Number(resume.position ?? 0); at < arrivals.length; at++) {
    const draft = arrivals[at];
    if (draft === undefined) break;
    const place = draft === "placeless" ? undefined : { messageId: draft.turn, sequence: draft.sequence };
    const data = place === undefined ? `placeless ${at}` : `${place.messageId} ${place.sequence}`;
    order.offer({ position: String(at + 1), kind: "status", data, place });
    for (let next = order.take(); next !== undefined; next = order.take()) {
      released.push({ data: next.data, point: next.point, by: at });
    }
  }
  return released.map(({ point, ...rest }) => ({ ...rest, id: formatEventId(chatV2, CONVERSATION, point) }));
}

const withoutStep = ({ data, id }: Released): unknown => ({ data, id });

function checkResume(arrivals: readonly ArrivalDraft[]): void {
  const all = releases(arrivals);
  for (const [at, { id }] of all.entries()) {
    const rest = releases(arrivals, parseEventId(chatV2, CONVERSATION, id));
    expect(rest.map(withoutStep)).toEqual(all.slice(at + 1).map(withoutStep));
  }
}

function arrival(turn: string, sequence: number): ArrivalDraft {
  return { turn, sequence };
}

describe("the order by sequence", () => {
  it("releases, after each arrival, exactly what has no gap before it, each event once", () => {
    fc.assert(
      fc.property(anyArrivals(), (arrivals) => {
        const all = releases(arrivals);
        for (let step = 0; step < arrivals.length; step++) {
          const arrived = arrivals.slice(0, step + 1);
          const released = all.filter(({ by }) => by <= step).map(({ data }) => data);
          for (const turn of new Set(arrived.map((draft) => (draft === "placeless" ? "placeless" : draft.turn)))) {
            const own = released.filter((data) => data.startsWith(`${turn} `));
            if (turn === "placeless") {
              expect(own).toEqual(arrived.flatMap((draft, at) => (draft === turn ? [`placeless ${at}`] : [])));
              continue;
            }
            const sequences = new Set(
              arrived.map((draft) => (draft === "placeless" || draft.turn !== turn ? 0 : draft.sequence)),
            );
            let gap = 1;
            while (sequences.has(gap)) gap++;
            expect(own).toEqual(Array.from({ length: gap - 1 }, (_, index) => `${turn} ${index + 1}`));
          }
        }
      }),
    );
  });

  it("goes on at every position exactly as without the break, ids included", () => {
    fc.assert(fc.property(anyArrivals(), checkResume));
  });

  it("does so over more turns than it remembers", () => {
    fc.assert(fc.property(anyArrivals({ minTurns: 60, turns: 120, length: 2 }), checkResume), { numRuns: 5 });
  });

  it("goes on in the middle of what one arrival released", () => {
    const arrivals = [
      arrival("a", 2),
      arrival("b", 2),
      arrival("a", 3),
      arrival("a", 1),
      arrival("b", 1),
      arrival("a", 4),
    ];
    expect(releases(arrivals).map(({ data }) => data)).toEqual(["a 1", "a 2", "a 3", "b 1", "b 2", "a 4"]);
    checkResume(arrivals);
  });

  it("knows a redelivery from 64 turns ago, and one from before that no more", () => {
    const turns = Array.from({ length: 65 }, (_, index) => arrival(`msg_${index}`, 1));
    const remembered = turns.slice(0, 64);
    expect(releases([...remembered, arrival("msg_0", 1)])).toHaveLength(64);
    expect(releases([...turns, arrival("msg_1", 1)])).toHaveLength(65);
    expect(releases([...turns, arrival("msg_0", 1)])).toHaveLength(66);
    checkResume([...turns, arrival("msg_0", 1)]);
  });

  it("forgets first the turn that had nothing released for the longest", () => {
    const turns = Array.from({ length: 64 }, (_, index) => arrival(`msg_${index}`, 1));
    const arrivals = [...turns, arrival("msg_0", 2), arrival("msg_64", 1)];
    expect(releases([...arrivals, arrival("msg_0", 1)])).toHaveLength(66);
    expect(releases([...arrivals, arrival("msg_1", 1)])).toHaveLength(67);
  });

  it("counts only what waits", () => {
    const swapped = Array.from({ length: 100 }, (_, index) => arrival("msg_1", index + (index % 2 === 0 ? 2 : 0)));
    expect(releases(swapped, beginning, { events: 2, characters: 30 })).toHaveLength(100);
  });

  it("forgets no turn while something waits", () => {
    const turns = Array.from({ length: 100 }, (_, index) => arrival(`msg_${index}`, 1));
    const arrivals = [arrival("late", 2), ...turns, ...turns, arrival("late", 1)];
    expect(releases(arrivals)).toHaveLength(102);
    checkResume(arrivals);
  });

  it("gives up when more events wait than may, and says for what", () => {
    const gap = Array.from({ length: 4 }, (_, index) => arrival("msg_1", index + 2));
    expect(releases(gap, beginning, { events: 4, characters: 1_000 })).toEqual([]);
    expect(() => releases([arrival("msg_2", 1), ...gap], beginning, { events: 3, characters: 1_000 })).toThrow(
      "[hold-back] more than 3 events or 1000 characters wait, the first of them event 2 of message msg_1 (next: 1)",
    );
    expect(() => releases(gap, beginning, { events: 100, characters: 25 })).toThrow("[hold-back]");
    // The event that fills the gap is no burden.
    expect(
      releases([...gap.slice(0, 3), arrival("msg_1", 1)], beginning, { events: 3, characters: 1_000 }),
    ).toHaveLength(4);
  });

  it("gives up when too many turns pass while something waits; until then ids are short enough to be read", () => {
    const turns = Array.from({ length: 257 }, (_, index) => arrival(`msg_${index}`, 1));
    const all = releases([arrival("lost", 2), ...turns]);
    expect(Math.max(...all.map(({ id }) => id.length))).toBeLessThan(MAX_EVENT_ID_LENGTH / 2);
    expect(parseEventId(chatV2, CONVERSATION, all.at(-1)?.id ?? "")).toMatchObject({ position: undefined, ahead: 258 });
    expect(() => releases([arrival("lost", 2), ...turns, arrival("msg_257", 1)])).toThrow(
      "[hold-back] more than 256 turns passed while event 2 of message lost (next: 1) waits",
    );
  });
});
