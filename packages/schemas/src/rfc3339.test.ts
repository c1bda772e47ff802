import { create, toJson } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMessage } from "./arbitraries/index.ts";
import { formatRfc3339, isValidInstant, parseRfc3339 } from "./rfc3339.ts";

const pad = (value: number): string => String(value).padStart(2, "0");

describe("formatRfc3339", () => {
  it("writes what ProtoJSON writes for a Timestamp", () => {
    fc.assert(
      fc.property(anyMessage(TimestampSchema), (timestamp) => {
        expect(formatRfc3339(timestamp)).toBe(toJson(TimestampSchema, timestamp));
      }),
    );
  });

  it.each([
    [0n, 0, "1970-01-01T00:00:00Z"],
    [1_761_733_800n, 123_000_000, "2025-10-29T10:30:00.123Z"],
    [1_761_733_800n, 1, "2025-10-29T10:30:00.000000001Z"],
    [-1n, 999_999_000, "1969-12-31T23:59:59.999999Z"],
    [-62_135_596_800n, 0, "0001-01-01T00:00:00Z"],
    [253_402_300_799n, 999_999_999, "9999-12-31T23:59:59.999999999Z"],
  ])("writes %d s %d ns as %s", (seconds, nanos, text) => {
    expect(formatRfc3339({ seconds, nanos })).toBe(text);
  });

  it.each([
    [-62_135_596_801n, 0],
    [253_402_300_800n, 0],
    [0n, -1],
    [0n, 1_000_000_000],
    [0n, Number.NaN],
  ])("has no text for %d s %d ns", (seconds, nanos) => {
    expect(isValidInstant({ seconds, nanos })).toBe(false);
    expect(formatRfc3339({ seconds, nanos })).toBeUndefined();
  });
});

describe("parseRfc3339", () => {
  it("reads back what formatRfc3339 writes, to the nanosecond", () => {
    fc.assert(
      fc.property(anyMessage(TimestampSchema), ({ seconds, nanos }) => {
        expect(parseRfc3339(formatRfc3339({ seconds, nanos }) ?? "")).toEqual({ seconds, nanos });
      }),
    );
  });

  it("reads the same instant from every offset, either case, and any number of zeroes at the end", () => {
    const inYear = fc.bigInt({ min: 1_700_000_000n, max: 1_800_000_000n });
    fc.assert(
      fc.property(
        inYear,
        fc.nat({ max: 999_999_999 }),
        fc.integer({ min: -1439, max: 1439 }),
        fc.nat({ max: 5 }),
        fc.boolean(),
        (seconds, nanos, offset, zeroes, lower) => {
          const local = formatRfc3339(create(TimestampSchema, { seconds: seconds + BigInt(offset * 60), nanos })) ?? "";
          const dotted = local.includes(".") ? local : local.replace("Z", ".0Z");
          const minutes = Math.abs(offset);
          const zone = `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
          const text = dotted.replace("Z", "0".repeat(zeroes) + (offset === 0 && lower ? "Z" : zone));
          expect(parseRfc3339(lower ? text.toLowerCase() : text)).toEqual({ seconds, nanos });
        },
      ),
    );
  });

  it.each([
    ["2000-02-29T00:00:00Z", 951_782_400n, 0],
    ["2026-01-31t12:00:00.5z", 1_769_860_800n, 500_000_000],
    ["2026-01-31T12:00:00.1234567890000Z", 1_769_860_800n, 123_456_789],
    ["2026-01-31T12:00:00-00:00", 1_769_860_800n, 0],
    ["0001-01-01T00:00:00Z", -62_135_596_800n, 0],
    ["0099-01-01T00:00:00Z", -59_042_995_200n, 0],
  ])("reads %s", (text, seconds, nanos) => {
    expect(parseRfc3339(text)).toEqual({ seconds, nanos });
  });

  it.each([
    "",
    "2026-01-31",
    "2026-01-31 12:00:00Z",
    "2026-01-31T12:00:00",
    "2026-01-31T12:00Z",
    "2026-02-30T12:00:00Z",
    "2025-02-29T12:00:00Z",
    "2026-13-01T12:00:00Z",
    "2026-00-01T12:00:00Z",
    "2026-01-00T12:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T12:60:00Z",
    "2026-12-31T23:59:60Z",
    "2026-01-31T12:00:00.Z",
    "2026-01-31T12:00:00.1234567891Z",
    "2026-01-31T12:00:00+24:00",
    "2026-01-31T12:00:00+01:60",
    "2026-01-31T12:00:00+0100",
    "+2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00Z\n",
    "٢٠٢٦-01-31T12:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "0000-12-31T23:59:59Z",
  ])("does not read %j", (text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });
});
