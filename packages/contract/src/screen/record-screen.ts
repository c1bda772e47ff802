import { type ChatSchema, createSkimmer, findInvalidUtf8, murmur2, type Skim } from "@ondash/schemas";
import type { RecordObservation } from "../observation.ts";
import { equalBytes, hasVisibleAscii, isAscii } from "./bytes.ts";
import { hashHead, hashTurn } from "./hash-ids.ts";
import { createHeaderScreen, type HeaderScreen } from "./header-screen.ts";
import { blankEvent, Kind, type ScreenedEvent } from "./screened-event.ts";

/** Sees at a glance that a chat.v2 record is sound. */
export interface RecordScreen {
  /**
   * True: the record keeps every REC rule, and `event` has its facts. False: it may or may not; the rules themselves must
   * say. Allocates nothing.
   */
  read(record: RecordObservation, topic: number, partitions: number): boolean;
  /** Filled anew by each `read`. */
  readonly event: ScreenedEvent;
}

/** The longest text and record without a rule's objection; here with some room, since names are counted as characters. */
const MAX_TEXT_BYTES = 65_536;
const MAX_RECORD_BYTES = 500_000;
/** Numbers of the arms, their fields and enum values, as the schema has had them since its first version. */
const ARM = { status: 10, text: 11, chart: 12, error: 13, completion: 14 } as const;
const CUSTOM_CHART = 7;
const TASK = 1;
const CONVERSATION = 2;

/** Creates a screen for chat.v2. */
export function createRecordScreen(schema: ChatSchema): RecordScreen {
  return new Screen(createSkimmer(schema), createHeaderScreen(schema));
}

class Screen implements RecordScreen {
  readonly event: ScreenedEvent = blankEvent();
  private readonly skim: Skim;
  private readonly headers: HeaderScreen;
  /** Where a sub-message's fields are read, and what was read last. */
  private at = 0;
  private value = 0;
  private seconds = 0;
  private nanos = 0;
  /** The key whose partition is known: conversations come in runs. */
  private lastHigh = 0;
  private lastLow = 0;
  private lastPartition = -1;
  private lastPartitions = 0;

  constructor(skim: Skim, headers: HeaderScreen) {
    this.skim = skim;
    this.headers = headers;
  }

  read(record: RecordObservation, topic: number, partitions: number): boolean {
    const { value, key } = record;
    const { skim, event } = this;
    if (value === null || key === null || !skim.read(value)) return false;
    // Ids in ASCII need no look at their UTF-8, and nobody uses others.
    const idsEnd = Math.max(skim.eventIdEnd, skim.conversationIdEnd, skim.messageIdEnd, skim.taskIdEnd);
    const idsStart = Math.min(skim.eventIdStart, skim.conversationIdStart, skim.messageIdStart);
    if (skim.eventIdStart === skim.eventIdEnd || skim.messageIdStart === skim.messageIdEnd) return false;
    if (idsEnd - idsStart > 1_024 || !isAscii(value, idsStart, idsEnd)) return false;
    if (skim.taskIdEnd !== 0 && !isAscii(value, skim.taskIdStart, idsStart)) return false;
    if (key.length === 0 || !equalBytes(value, skim.conversationIdStart, skim.conversationIdEnd, key)) return false;
    if (skim.arm - ARM.status !== topic || skim.sequence < 1) return false;
    hashHead(event, value, skim.eventIdStart, skim.eventIdEnd, skim.conversationIdStart, skim.conversationIdEnd);
    hashTurn(event, value, skim.messageIdStart, skim.messageIdEnd, skim.taskIdStart, skim.taskIdEnd);
    if (!this.isPlaced(record, key, partitions)) return false;
    if (!this.readTimestamp(value)) return false;
    event.sequence = skim.sequence;
    event.topic = topic;
    event.partition = record.partition;
    event.offset = record.offset;
    event.time = this.seconds * 1_000 + Math.floor(this.nanos / 1_000_000);
    event.last = 0;
    event.step = 0;
    return (
      this.readArm(value) &&
      this.headers.agree(record.headers, value, skim, this.seconds, this.nanos) &&
      key.length + value.length + this.headers.bytes <= MAX_RECORD_BYTES
    );
  }

  private isPlaced({ partition }: RecordObservation, key: Uint8Array, partitions: number): boolean {
    const { conversationHigh: high, conversationLow: low } = this.event;
    if (high !== this.lastHigh || low !== this.lastLow || partitions !== this.lastPartitions) {
      this.lastPartition = (murmur2(key) & 0x7fff_ffff) % partitions;
      this.lastHigh = high;
      this.lastLow = low;
      this.lastPartitions = partitions;
    }
    return partition === this.lastPartition;
  }

  /** A varint of at most 49 bits. */
  private varint(bytes: Uint8Array, end: number): boolean {
    let value = 0;
    let factor = 1;
    while (this.at < end) {
      const byte = bytes[this.at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.value = value;
        return true;
      }
      factor *= 128;
      if (factor > 2 ** 42) return false;
    }
    return false;
  }

  /** Whether it is in range, its header's text shows, which can't say another time. */
  private readTimestamp(bytes: Uint8Array): boolean {
    const end = this.skim.timestampEnd;
    this.at = this.skim.timestampStart;
    this.seconds = 0;
    this.nanos = 0;
    while (this.at < end) {
      const tag = bytes[this.at++];
      if ((tag !== 0x08 && tag !== 0x10) || !this.varint(bytes, end)) return false;
      if (tag === 0x08) this.seconds = this.value;
      else this.nanos = this.value;
    }
    return true;
  }

  /** A string that is UTF-8: where it lies is left in `at`, its end in `value`. */
  private text(bytes: Uint8Array, end: number, visible: boolean): boolean {
    if (!this.varint(bytes, end)) return false;
    const stop = this.at + this.value;
    if (stop > end) return false;
    if (!isAscii(bytes, this.at, stop) && findInvalidUtf8(bytes, this.at, stop) >= 0) return false;
    if (visible && !hasVisibleAscii(bytes, this.at, stop)) return false;
    this.at = stop;
    return true;
  }

  private readArm(bytes: Uint8Array): boolean {
    const { event, skim } = this;
    const end = skim.armEnd;
    this.at = skim.armStart;
    /** Bits of the field numbers seen, each at most once; then the numbers among fields 1 to 3. */
    let seen = 0;
    let first = 0;
    let second = 0;
    let third = 0;
    let lengthOfText = 0;
    while (this.at < end) {
      const tag = bytes[this.at++] as number;
      const field = tag >>> 3;
      if ((seen & (1 << field)) !== 0) return false;
      seen |= 1 << field;
      const start = this.at;
      if (tag === STRING_TAGS[skim.arm - ARM.status]?.[field]) {
        if (!this.text(bytes, end, skim.arm !== ARM.completion && !(skim.arm === ARM.chart && field === 2)))
          return false;
        lengthOfText = this.at - start;
      } else if (tag === NUMBER_TAGS[skim.arm - ARM.status]?.[field]) {
        if (!this.varint(bytes, end) || this.value > 0xffff_ffff) return false;
        if (field === 1) first = this.value;
        else if (field === 2) second = this.value;
        else third = this.value;
      } else return false;
    }
    switch (skim.arm) {
      case ARM.status:
        event.kind = Kind.status;
        event.step = second;
        return (seen & 2) !== 0 && (third === 0 || second <= third);
      case ARM.text:
        event.kind = Kind.before + second - 1;
        return (seen & 2) !== 0 && second >= 1 && second <= 3 && lengthOfText <= MAX_TEXT_BYTES;
      case ARM.chart:
        event.kind = Kind.chart;
        return third >= 1 && third <= CUSTOM_CHART && ((seen & 16) !== 0) === (third === CUSTOM_CHART);
      case ARM.error:
        event.kind = Kind.warning + first - 1;
        return first >= 1 && first <= 3 && (seen & 12) === 12;
      default:
        event.last = third;
        event.kind = first === TASK ? Kind.task : Kind.conversation;
        if (third !== 0 && third !== event.sequence) return false;
        return first === TASK ? event.taskLow !== 0 : first === CONVERSATION && event.taskLow === 0 && third !== 0;
    }
  }
}

/** Tags of the strings and of the numbers of each arm, by field number. */
const STRING_TAGS: readonly (readonly (number | undefined)[])[] = [
  [undefined, 0x0a],
  [undefined, 0x0a],
  [undefined, undefined, 0x12, undefined, 0x22],
  [undefined, undefined, 0x12, 0x1a],
  [undefined, undefined, 0x12],
];
const NUMBER_TAGS: readonly (readonly (number | undefined)[])[] = [
  [undefined, undefined, 0x10, 0x18],
  [undefined, undefined, 0x10],
  [undefined, undefined, undefined, 0x18],
  [undefined, 0x08],
  [undefined, 0x08, undefined, 0x18],
];
