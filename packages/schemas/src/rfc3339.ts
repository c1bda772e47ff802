import type { Timestamp } from "@bufbuild/protobuf/wkt";

/** An instant as protobuf's Timestamp has it: seconds since the Unix epoch, and nanoseconds from there on, 0 … 999,999,999. */
export type Instant = Pick<Timestamp, "seconds" | "nanos">;

/** Seconds of 0001-01-01T00:00:00Z and of 9999-12-31T23:59:59Z: the range of protobuf's Timestamp. */
const firstSecond = -62_135_596_800n;
const lastSecond = 253_402_300_799n;

/** Whether an instant lies in the range of protobuf's Timestamp: years 1 to 9999, nanos 0 to 999,999,999. */
export function isValidInstant(instant: Instant): boolean {
  return (
    instant.seconds >= firstSecond &&
    instant.seconds <= lastSecond &&
    Number.isInteger(instant.nanos) &&
    instant.nanos >= 0 &&
    instant.nanos <= 999_999_999
  );
}

/**
 * An instant as RFC 3339 text in UTC, `2026-01-31T12:00:00.123456789Z`, with as many digits (0, 3, 6 or 9) as it needs;
 * undefined outside the range of protobuf's Timestamp.
 */
export function formatRfc3339(instant: Instant): string | undefined {
  if (!isValidInstant(instant)) return undefined;
  const seconds = new Date(Number(instant.seconds) * 1000).toISOString().slice(0, 19);
  if (instant.nanos === 0) return `${seconds}Z`;
  const digits = instant.nanos.toString().padStart(9, "0");
  return `${seconds}.${digits.replace(/(?:000){1,2}$/, "")}Z`;
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Reads RFC 3339 text (section 5.6): any offset, `T` and `Z` in either case, any number of fraction digits. Digits
 * beyond the ninth must be 0, since a nanosecond is the smallest step here. A leap second (`:60`) is none of protobuf's
 * instants. Undefined: not RFC 3339, or no instant in the range of protobuf's Timestamp.
 */
export function parseRfc3339(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  // `Date.UTC` takes years below 100 as of the twentieth century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const fraction = match[7] ?? "";
  if (/[^0]/.test(fraction.slice(9))) return undefined;
  const nanos = Number(fraction.slice(0, 9).padEnd(9, "0"));
  const offsetHour = Number(match[9] ?? 0);
  const offsetMinute = Number(match[10] ?? 0);
  if (offsetHour > 23 || offsetMinute > 59) return undefined;
  const offset = (match[8] === "-" ? -1 : 1) * (offsetHour * 3600 + offsetMinute * 60);
  const seconds = BigInt(date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset);
  const instant = { seconds, nanos };
  return isValidInstant(instant) ? instant : undefined;
}
