import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTurnSlab, MAX_EVENTS, type Slot, TASKS, type TurnSlab, Word } from "./turn-slab.ts";

/** What a slot holds, as an object. */
interface Model {
  capacity: number;
  readonly offsets: number[];
  readonly tasks: (readonly [high: number, low: number])[];
  readonly words: number[];
  /** Hash of id, time and kind of each event by its sequence. */
  readonly events: Map<number, readonly [idHash: number, time: number, kind: number]>;
  firstTime: number;
  keyHigh: number;
  keyLow: number;
}

const WORDS = 21;

function emptyModel(): Model {
  return {
    capacity: 64,
    offsets: [-1, -1, -1, -1, -1],
    tasks: Array.from({ length: TASKS }, () => [0, 0] as const),
    words: Array.from({ length: WORDS }, (_, index) => (index === Word.next ? 1 : 0)),
    events: new Map(),
    firstTime: 0,
    keyHigh: 0,
    keyLow: 0,
  };
}

/** Everything of a slot that can be read, as text: that is quick to compare. */
function contents(slot: Slot): string {
  const sequences = Array.from({ length: slot.capacity }, (_, index) => index + 1);
  return JSON.stringify({
    capacity: slot.capacity,
    firstTime: slot.firstTime,
    key: [slot.keyHigh, slot.keyLow],
    offsets: [0, 1, 2, 3, 4].map((topic) => slot.offset(topic)),
    tasks: Array.from({ length: TASKS }, (_, task) => [slot.taskHigh(task), slot.taskLow(task)]),
    words: Array.from({ length: WORDS }, (_, index) => slot.word(index)),
    times: sequences.map((sequence) => slot.time(sequence)),
    kinds: sequences.map((sequence) => slot.kind(sequence)),
  });
}

function expected(model: Model): string {
  const sequences = Array.from({ length: model.capacity }, (_, index) => index + 1);
  return JSON.stringify({
    capacity: model.capacity,
    firstTime: model.firstTime,
    key: [model.keyHigh, model.keyLow],
    offsets: model.offsets,
    tasks: model.tasks,
    words: model.words,
    times: sequences.map((sequence) => model.events.get(sequence)?.[1] ?? 0),
    kinds: sequences.map((sequence) => model.events.get(sequence)?.[2] ?? 0),
  });
}

/** Fills all of a slot with what `seed` gives, and says the same of its model. */
function fill(slot: Slot, model: Model, seed: number): void {
  let state = seed;
  const next = (): number => (state = Math.imul(state, 0x915f_77f5) + 1);
  for (let topic = 0; topic < 5; topic++) slot.setOffset(topic, (model.offsets[topic] = (next() >>> 0) * 4096));
  for (let task = 0; task < TASKS; task++) {
    const [high, low] = (model.tasks[task] = [next(), next()]);
    slot.setTask(task, high, low);
  }
  for (let index = 0; index < WORDS; index++) slot.setWord(index, (model.words[index] = next() & 0xffff));
  slot.firstTime = model.firstTime = (next() >>> 0) * 1000;
  slot.keyHigh = model.keyHigh = next();
  slot.keyLow = model.keyLow = next();
  for (let sequence = 1; sequence <= slot.capacity; sequence++) {
    const event = [next(), (next() << 16) >> 16, next() & 0xff] as const;
    slot.setEvent(sequence, ...event);
    model.events.set(sequence, event);
  }
}

/** A slab and what it must hold. */
class Pair {
  /** Where they differed. */
  readonly wrong: unknown[] = [];
  readonly slab: TurnSlab = createTurnSlab();
  readonly models = new Map<number, Model>();

  create(): number {
    const slot = this.slab.create();
    this.same(this.models.has(slot.id), false);
    const model = emptyModel();
    this.same(contents(slot), expected(model));
    this.models.set(slot.id, model);
    return slot.id;
  }
  fill(id: number, seed: number): void {
    fill(this.slab.at(id), this.model(id), seed);
  }
  enlarge(id: number): void {
    const model = this.model(id);
    const slot = this.slab.at(id);
    const larger = { 64: 256, 256: 1_024 }[model.capacity];
    if (larger === undefined) return;
    this.slab.enlarge();
    this.models.delete(id);
    this.same(this.models.has(slot.id), false);
    model.capacity = larger;
    this.models.set(slot.id, model);
    this.same(contents(slot), expected(model));
  }
  free(id: number): void {
    this.slab.free(id);
    this.models.delete(id);
  }
  check(): void {
    for (const [id, model] of this.models) {
      const slot = this.slab.at(id);
      this.same(slot.id, id);
      this.same(contents(slot), expected(model));
    }
  }
  private same(found: unknown, wanted: unknown): void {
    if (found !== wanted) this.wrong.push({ found, wanted });
  }
  private model(id: number): Model {
    const model = this.models.get(id);
    if (model === undefined) throw new Error(`the test has no slot ${id}`);
    return model;
  }
}

describe("the slab of turns", () => {
  it("holds what a list of objects would hold, whatever is made, filled, enlarged and freed", () => {
    const step = fc.tuple(fc.constantFrom("create", "fill", "enlarge", "free"), fc.nat(), fc.integer());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const pair = new Pair();
        for (const [what, which, seed] of steps) {
          const ids = [...pair.models.keys()];
          const id = ids[which % ids.length];
          if (what === "create" || id === undefined) pair.fill(pair.create(), seed);
          else if (what === "fill") pair.fill(id, seed);
          else if (what === "enlarge") pair.enlarge(id);
          else pair.free(id);
        }
        pair.check();
        expect(pair.wrong).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it("holds more turns than a page of each size, none in another's place", () => {
    const pair = new Pair();
    for (let seed = 0; seed < 130; seed++) pair.fill(pair.create(), seed);
    for (const times of [1, 2]) {
      for (const id of [...pair.models.keys()].slice(0, 130))
        for (let n = 0; n < times && pair.models.has(id); n++) pair.enlarge(id);
    }
    for (let seed = 0; seed < 130; seed++) pair.fill(pair.create(), 1_000 + seed);
    pair.check();
    // What was full is empty when it is taken again.
    for (const id of pair.models.keys()) pair.free(id);
    const bytes = pair.slab.bytes;
    for (let count = 0; count < 128; count++) pair.enlarge(pair.create());
    expect(pair.slab.bytes).toBe(bytes);
    pair.check();
    expect(pair.wrong).toEqual([]);
  });

  it("takes 584 bytes for a turn of up to 64 events, page by page, and takes freed slots first", () => {
    const slab = createTurnSlab();
    expect(slab.bytes).toBe(0);
    const ids = Array.from({ length: 128 }, () => slab.create().id);
    expect(slab.bytes).toBe(128 * 584);
    for (const id of ids) slab.free(id);
    for (let count = 0; count < 128; count++) slab.create();
    expect(slab.bytes).toBe(128 * 584);
    slab.create();
    expect(slab.bytes).toBe(2 * 128 * 584);
    slab.enlarge();
    expect(slab.bytes).toBe(2 * 128 * 584 + 128 * (136 + 256 * 7));
    // Its old slot is free again.
    slab.create();
    expect(slab.bytes).toBe(2 * 128 * 584 + 128 * (136 + 256 * 7));
  });

  it("tells ids that occur twice among the first events", () => {
    const slab = createTurnSlab();
    const slot = slab.create();
    slab.enlarge();
    slab.enlarge();
    const hashes = Array.from({ length: MAX_EVENTS }, (_, index) => Math.imul(index + 1, 0x9e37_79b1));
    hashes.forEach((hash, index) => slot.setEvent(index + 1, hash, 0, 1));
    expect(slot.sameIdTwice(MAX_EVENTS)).toBe(false);
    for (const [one, other] of [
      [1, 2],
      [1, MAX_EVENTS],
      [MAX_EVENTS - 1, MAX_EVENTS],
      [30, 40],
    ] as const) {
      slot.setEvent(other, hashes[one - 1] ?? 0, 0, 1);
      for (const count of [other - 1, other, MAX_EVENTS]) expect(slot.sameIdTwice(count)).toBe(count >= other);
      slot.setEvent(other, hashes[other - 1] ?? 0, 0, 1);
    }
    // An event that was not seen has no id.
    expect(slab.create().sameIdTwice(1)).toBe(false);
  });
});
