import { type ChatSchema, cloudEventHeaderNames, type RecordHeader, type Skim } from "@ondash/schemas";
import { equalBytes, isAscii } from "./bytes.ts";

/** Sees at a glance that a record's CloudEvents headers agree with its envelope (REC-11). */
export interface HeaderScreen {
  /** True: they do. False: the rule must say. `value`, `skim`: the envelope; `seconds`, `nanos`: its timestamp. */
  agree(headers: readonly RecordHeader[], value: Uint8Array, skim: Skim, seconds: number, nanos: number): boolean;
  /** Size of the headers looked at last: names in characters, values in bytes. */
  readonly bytes: number;
}

const NAMES: ReadonlyMap<string, number> = new Map(cloudEventHeaderNames.map((name, index) => [name, index]));
const ALL = (1 << NAMES.size) - 1;
const encoder = new TextEncoder();

/** Creates a screen for the headers of a version. */
export function createHeaderScreen(schema: ChatSchema): HeaderScreen {
  const types = new Map(
    schema.event.fields.map(({ name, number }) => [number, encoder.encode(`${schema.name}.${name}`)]),
  );
  return new Screen(types);
}

class Screen implements HeaderScreen {
  bytes = 0;
  private readonly types: ReadonlyMap<number, Uint8Array>;

  constructor(types: ReadonlyMap<number, Uint8Array>) {
    this.types = types;
  }

  agree(headers: readonly RecordHeader[], envelope: Uint8Array, skim: Skim, seconds: number, nanos: number): boolean {
    let seen = 0;
    this.bytes = 0;
    for (const [name, value] of headers) {
      this.bytes += name.length + (value?.length ?? 0);
      const index = NAMES.get(name);
      if (index === undefined) {
        // In another case it would be a required one, written wrongly; names beyond ASCII count more bytes than characters.
        if (!/^[a-z0-9._-]+$/.test(name)) return false;
        continue;
      }
      if ((seen & (1 << index)) !== 0 || value === null) return false;
      seen |= 1 << index;
      if (!this.says(index, value, envelope, skim, seconds, nanos)) return false;
    }
    return seen === ALL;
  }

  private says(
    index: number,
    value: Uint8Array,
    envelope: Uint8Array,
    skim: Skim,
    seconds: number,
    nanos: number,
  ): boolean {
    switch (index) {
      case 0:
        return equalBytes(VERSION, 0, VERSION.length, value);
      case 1:
        return equalBytes(envelope, skim.eventIdStart, skim.eventIdEnd, value);
      case 2:
        return (
          value.length > SOURCE.length &&
          equalBytes(SOURCE, 0, SOURCE.length, value, 0, SOURCE.length) &&
          isAscii(value, SOURCE.length, value.length)
        );
      case 3: {
        const type = this.types.get(skim.arm);
        return type !== undefined && equalBytes(type, 0, type.length, value);
      }
      case 4:
        return equalBytes(envelope, skim.conversationIdStart, skim.conversationIdEnd, value);
      case 5:
        return isTime(value, seconds, nanos);
      default:
        return equalBytes(CONTENT_TYPE, 0, CONTENT_TYPE.length, value);
    }
  }
}

const VERSION = encoder.encode("1.0");
const SOURCE = encoder.encode("/ondash-llm/");
const CONTENT_TYPE = encoder.encode("application/protobuf");

/** Whether bytes are the instant as RFC 3339 in UTC, with up to nine digits of a second's fraction. */
function isTime(bytes: Uint8Array, seconds: number, nanos: number): boolean {
  const { length } = bytes;
  if (length < 20 || length > 30 || bytes[length - 1] !== 0x5a || bytes[10] !== 0x54) return false;
  if (bytes[4] !== 0x2d || bytes[7] !== 0x2d || bytes[13] !== 0x3a || bytes[16] !== 0x3a) return false;
  const year = digits(bytes, 0, 4);
  const month = digits(bytes, 5, 7);
  const day = digits(bytes, 8, 10);
  const hour = digits(bytes, 11, 13);
  const minute = digits(bytes, 14, 16);
  const second = digits(bytes, 17, 19);
  // A text of no instant (the 31st of February) is none of a valid timestamp's: what is compared is the instant's own text.
  if (year < 1970 || day < 1 || day > (DAYS[month - 1] ?? 0) || hour > 23 || minute > 59 || second > 59) {
    return false;
  }
  let fraction = 0;
  if (length > 20) {
    if (bytes[19] !== 0x2e || length === 21) return false;
    fraction = digits(bytes, 20, length - 1) * 10 ** (9 - (length - 21));
  }
  if (Number.isNaN(fraction) || fraction !== nanos) return false;
  return daysSinceEpoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second === seconds;
}

/** Days of each month; of February as in most years: the 29th is left to the rule. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The decimal number at `start … end`, NaN if there is anything but digits. */
function digits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days from 1970-01-01 in the Gregorian calendar, for months counted from March so that leap days come last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}
