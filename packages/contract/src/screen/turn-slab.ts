/**
 * Where the state of live turns lies: pages of typed arrays, since an object a turn with a few arrays in it costs several
 * times what it holds. A turn is a slot; slots come in three sizes, for turns of up to 64, 256 and 1,024 events.
 *
 * Layout of a slot, in bytes:
 *   0 … 40   the highest offset seen in each of the five topics (float64; -1: none)
 *  40 … 48   the timestamp of its first event in ms (float64)
 *  48 … 56   the key: two hashes of its ids (int32)
 *  56 … 88   hashes of its task ids, two for each of 4 (int32)
 *  88 … 136  counters and flags (uint16), see `Word`
 * 136 …      a hash of each event's id (int32 × capacity)
 *    …       each event's time after the first in steps of 0.1 s (int16 × capacity)
 *    …       each event's kind and task (uint8 × capacity; 0: not seen yet)
 */
export const Word = {
  /** Highest sequence seen in each topic, five words. */
  topicSequence: 0,
  /** The lowest sequence that is missing. */
  next: 5,
  highest: 6,
  /** Sequence of the final completion; 0: not seen. */
  last: 7,
  partition: 8,
  /** Bits of `Trigger`. */
  triggers: 9,
  /** Tasks seen. */
  tasks: 10,
  /** State of the group of events without a task, then of each task: bits of `Group`, five words. */
  group: 11,
  /** Highest step of each group, five words. */
  step: 16,
} as const;

/** Named tasks that a slot has room for. */
export const TASKS = 4;
const WORDS = 24;
const WORDS_AT = 88;
const HEADER = WORDS_AT + WORDS * 2;
/** Events that the slots of each size have room for. */
const CAPACITIES = [64, 256, 1_024] as const;
/** The largest of them: a turn with more is given up. */
export const MAX_EVENTS = 1_024;
const SLOTS_A_PAGE = 128;
/** Bytes an event takes. */
const EVENT = 4 + 2 + 1;

interface Page {
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly u8: Uint8Array;
}

/** A place in the slab, made to point at one slot after the other. */
export interface Slot {
  readonly id: number;
  readonly capacity: number;
  offset(topic: number): number;
  setOffset(topic: number, offset: number): void;
  firstTime: number;
  keyHigh: number;
  keyLow: number;
  taskHigh(task: number): number;
  taskLow(task: number): number;
  setTask(task: number, high: number, low: number): void;
  word(index: number): number;
  setWord(index: number, value: number): void;
  /** Of the event with a sequence from 1 on. */
  kind(sequence: number): number;
  time(sequence: number): number;
  setEvent(sequence: number, idHash: number, time: number, kind: number): void;
  /** Whether two of the first `count` events have the same id hash. */
  sameIdTwice(count: number): boolean;
}

/** The slots of all live turns. */
export interface TurnSlab {
  /** Points the cursor at a new, empty slot of the smallest size. */
  create(): Slot;
  /** Points the cursor at a slot. */
  at(id: number): Slot;
  /** Moves the cursor's slot, which is not of the largest size, to the next one; its id changes. */
  enlarge(): void;
  free(id: number): void;
  /** Bytes of all pages. */
  readonly bytes: number;
}

/** Creates an empty slab. There is one cursor: what `create` or `at` returned moves with the next call. */
export function createTurnSlab(): TurnSlab {
  const sizes = CAPACITIES.map((capacity, size) => new SizeClass(capacity, size));
  const cursor = new Cursor();
  const point = (id: number): Cursor => {
    const size = sizes[id % 4] as SizeClass;
    const index = id >>> 2;
    cursor.point(
      id,
      size.capacity,
      size.pages[(index / SLOTS_A_PAGE) | 0] as Page,
      (index % SLOTS_A_PAGE) * size.bytes,
    );
    return cursor;
  };
  const free = (id: number): void => (sizes[id % 4] as SizeClass).free(id);
  return {
    create() {
      const slot = point((sizes[0] as SizeClass).take());
      slot.clear();
      return slot;
    },
    at: point,
    enlarge() {
      const from = cursor.id;
      const to = (sizes[(from % 4) + 1] as SizeClass).take();
      const saved = cursor.save();
      point(to).clear();
      cursor.restore(saved);
      free(from);
    },
    free,
    get bytes() {
      return sizes.reduce((sum, { pages, bytes }) => sum + pages.length * bytes * SLOTS_A_PAGE, 0);
    },
  };
}

class SizeClass {
  readonly pages: Page[] = [];
  readonly capacity: number;
  readonly bytes: number;
  private readonly size: number;
  private readonly unused: number[] = [];
  private count = 0;

  constructor(capacity: number, size: number) {
    this.capacity = capacity;
    this.bytes = HEADER + capacity * EVENT;
    this.size = size;
  }

  take(): number {
    const id = this.unused.pop();
    if (id !== undefined) return id;
    if (this.count === this.pages.length * SLOTS_A_PAGE) {
      const buffer = new ArrayBuffer(this.bytes * SLOTS_A_PAGE);
      this.pages.push({
        f64: new Float64Array(buffer),
        i32: new Int32Array(buffer),
        i16: new Int16Array(buffer),
        u16: new Uint16Array(buffer),
        u8: new Uint8Array(buffer),
      });
    }
    return this.count++ * 4 + this.size;
  }

  free(id: number): void {
    this.unused.push(id);
  }
}

/** A saved slot: header and events apart, since their places depend on the size. */
interface Saved {
  readonly header: Uint8Array;
  readonly hashes: Int32Array;
  readonly times: Int16Array;
  readonly kinds: Uint8Array;
}

class Cursor implements Slot {
  id = 0;
  capacity = 0;
  private page: Page = EMPTY;
  /** The slot's place in the page in bytes, and in elements of each width. */
  private at8 = 0;
  private at16 = 0;
  private at32 = 0;
  private at64 = 0;
  private hashes = 0;
  private times = 0;
  private kinds = 0;

  point(id: number, capacity: number, page: Page, at: number): void {
    this.id = id;
    this.capacity = capacity;
    this.page = page;
    this.at8 = at;
    this.at16 = at / 2;
    this.at32 = at / 4;
    this.at64 = at / 8;
    this.hashes = (at + HEADER) / 4;
    this.times = (at + HEADER) / 2 + capacity * 2;
    this.kinds = at + HEADER + capacity * 6;
  }

  clear(): void {
    const { u8, f64 } = this.page;
    u8.fill(0, this.at8, this.at8 + HEADER + this.capacity * EVENT);
    f64.fill(-1, this.at64, this.at64 + 5);
    this.setWord(Word.next, 1);
  }

  save(): Saved {
    const { u8, i32, i16 } = this.page;
    return {
      header: u8.slice(this.at8, this.at8 + HEADER),
      hashes: i32.slice(this.hashes, this.hashes + this.capacity),
      times: i16.slice(this.times, this.times + this.capacity),
      kinds: u8.slice(this.kinds, this.kinds + this.capacity),
    };
  }

  restore({ header, hashes, times, kinds }: Saved): void {
    this.page.u8.set(header, this.at8);
    this.page.i32.set(hashes, this.hashes);
    this.page.i16.set(times, this.times);
    this.page.u8.set(kinds, this.kinds);
  }

  offset(topic: number): number {
    return this.page.f64[this.at64 + topic] as number;
  }
  setOffset(topic: number, offset: number): void {
    this.page.f64[this.at64 + topic] = offset;
  }
  get firstTime(): number {
    return this.page.f64[this.at64 + 5] as number;
  }
  set firstTime(value: number) {
    this.page.f64[this.at64 + 5] = value;
  }
  get keyHigh(): number {
    return this.page.i32[this.at32 + 12] as number;
  }
  set keyHigh(value: number) {
    this.page.i32[this.at32 + 12] = value;
  }
  get keyLow(): number {
    return this.page.i32[this.at32 + 13] as number;
  }
  set keyLow(value: number) {
    this.page.i32[this.at32 + 13] = value;
  }
  taskHigh(task: number): number {
    return this.page.i32[this.at32 + 14 + task * 2] as number;
  }
  taskLow(task: number): number {
    return this.page.i32[this.at32 + 15 + task * 2] as number;
  }
  setTask(task: number, high: number, low: number): void {
    this.page.i32[this.at32 + 14 + task * 2] = high;
    this.page.i32[this.at32 + 15 + task * 2] = low;
  }
  word(index: number): number {
    return this.page.u16[this.at16 + WORDS_AT / 2 + index] as number;
  }
  setWord(index: number, value: number): void {
    this.page.u16[this.at16 + WORDS_AT / 2 + index] = value;
  }
  kind(sequence: number): number {
    return this.page.u8[this.kinds + sequence - 1] as number;
  }
  time(sequence: number): number {
    return this.page.i16[this.times + sequence - 1] as number;
  }
  setEvent(sequence: number, idHash: number, time: number, kind: number): void {
    this.page.i32[this.hashes + sequence - 1] = idHash;
    this.page.i16[this.times + sequence - 1] = time;
    this.page.u8[this.kinds + sequence - 1] = kind;
  }
  sameIdTwice(count: number): boolean {
    const sorted = SCRATCH.subarray(0, count);
    sorted.set(this.page.i32.subarray(this.hashes, this.hashes + count));
    sorted.sort();
    for (let index = 1; index < count; index++) if (sorted[index] === sorted[index - 1]) return true;
    return false;
  }
}

/** Where hashes are sorted. */
const SCRATCH = new Int32Array(MAX_EVENTS);

const EMPTY: Page = {
  f64: new Float64Array(0),
  i32: new Int32Array(0),
  i16: new Int16Array(0),
  u16: new Uint16Array(0),
  u8: new Uint8Array(0),
};
