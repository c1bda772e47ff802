import {
  chatV2,
  cloudEventHeaderNames,
  createSkimmer,
  formatRfc3339,
  type OutgoingRecord,
  parseRfc3339,
  type RecordHeader,
} from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { records, type Step } from "../../test/support/chat.ts";
import { decodeRecord } from "../record/decode.ts";
import { headersAgree } from "../record/header-rules.ts";
import { createHeaderScreen } from "./header-screen.ts";

const encoder = new TextEncoder();
const START_MS = 1_761_733_800_000;
/** 9999-12-31T23:59:59Z */
const LAST_SECOND = 253_402_300_799;
const steps: readonly Step[] = [
  { status: "x" },
  { text: "x", position: "BEFORE" },
  { chart: "bar" },
  { error: "WARNING" },
  { completion: "CONVERSATION" },
];
const sound = records(chatV2, steps);

/** What the screen and the rule say of a record with these headers. */
function both(record: OutgoingRecord, headers: readonly RecordHeader[]): { agree: boolean; rule: boolean } {
  const value = record.value ?? new Uint8Array();
  const skim = createSkimmer(chatV2);
  if (!skim.read(value)) throw new Error("the test's records are simple");
  const decoded = decodeRecord(chatV2, value);
  const { timestamp } = decoded.ok ? decoded.event : { timestamp: undefined };
  if (timestamp === undefined) throw new Error("the test's records have timestamps");
  const screen = createHeaderScreen(chatV2);
  const agree = screen.agree(headers, value, skim, Number(timestamp.seconds), timestamp.nanos);
  const observed = { kind: "record", ...record, headers, offset: 0, timestamp: 1 } as const;
  const rule = headersAgree({ record: observed, schema: chatV2, partitions: 8, decoded }).status === "held";
  return { agree, rule };
}

/** Whether the screen agrees to a text as the time of an instant. */
const time = (() => {
  const [record] = sound;
  const value = record?.value ?? new Uint8Array();
  const skim = createSkimmer(chatV2);
  skim.read(value);
  const screen = createHeaderScreen(chatV2);
  const others = (record?.headers ?? []).filter(([name]) => name !== "ce_time");
  return (text: string, { seconds, nanos }: { seconds: number; nanos: number }): boolean =>
    screen.agree([...others, ["ce_time", encoder.encode(text)]], value, skim, seconds, nanos);
})();

/** Whether the screen agrees to a text as the time that it says, or as one that a careless reader would find in it. */
function readsTime(text: string): boolean {
  const instant = parseRfc3339(text);
  const digits = (from: number, to: number): number => {
    const codes = Array.from(text.slice(from, to), (letter) => letter.charCodeAt(0) - 48);
    return codes.reduce((value, code) => value * 10 + code, 0);
  };
  const [year, month, day] = [digits(0, 4), digits(5, 7), digits(8, 10)];
  const careless = Date.UTC(year, month - 1, day, digits(11, 13), digits(14, 16), digits(17, 19)) / 1_000;
  const fraction = text.slice(20, -1);
  const nanos = digits(20, text.length - 1) * 10 ** (9 - fraction.length);
  return [
    { seconds: Number(instant?.seconds ?? START_MS / 1_000), nanos: instant?.nanos ?? 0 },
    { seconds: careless, nanos: 0 },
    { seconds: careless, nanos },
  ].some((one) => time(text, one));
}

describe("the headers of a record", () => {
  it("agree at a glance as an encoder writes them, in any order, with others between", () => {
    for (const record of sound) {
      expect(both(record, record.headers)).toEqual({ agree: true, rule: true });
      expect(both(record, record.headers.toReversed())).toEqual({ agree: true, rule: true });
      const others: RecordHeader[] = [
        ["traceparent", encoder.encode("00-1")],
        ["x-0.9_z", null],
        ["x-0.9_z", null],
      ];
      for (const at of [0, 3, 7]) {
        expect(both(record, record.headers.toSpliced(at, 0, ...others))).toEqual({ agree: true, rule: true });
      }
    }
  });

  it("don't agree when one is missing, null, there twice, or in another case", () => {
    for (const record of sound) {
      for (const [at, [name, value]] of record.headers.entries()) {
        const changes: readonly (readonly RecordHeader[])[] = [
          [],
          [[name, null]],
          [
            [name, value],
            [name, value],
          ],
          [[name.toUpperCase(), value]],
          [
            [name, value],
            [name.toUpperCase(), value],
          ],
          [[`${name[0]?.toUpperCase()}${name.slice(1)}`, value]],
        ];
        for (const change of changes) {
          expect(both(record, record.headers.toSpliced(at, 1, ...change))).toEqual({ agree: false, rule: false });
        }
      }
    }
  });

  it("agree with every change of a byte only if the rule says so", () => {
    for (const record of sound) {
      for (const [at, [name, value]] of record.headers.entries()) {
        const bytes = value ?? new Uint8Array();
        const changes = [bytes.slice(0, -1), bytes.slice(1), Uint8Array.of(...bytes, 0x41), new Uint8Array()];
        for (let place = 0; place < bytes.length; place++) {
          for (const bit of [1, 4, 16, 128]) changes.push(bytes.with(place, (bytes[place] ?? 0) ^ bit));
        }
        for (const change of changes) {
          const { agree, rule } = both(record, record.headers.with(at, [name, change]));
          if (agree) expect({ name, change, rule }).toEqual({ name, change, rule: true });
          // The only one that may change is the producer's name.
          const ascii = change.every((part) => part < 128);
          const producer = name === "ce_source" && ascii && /^\/ondash-llm\/./s.test(new TextDecoder().decode(change));
          expect({ name, change, agree }).toEqual({ name, change, agree: producer });
        }
      }
    }
  });

  it("don't agree when their source has no name", () => {
    for (const record of sound) {
      for (const source of ["/ondash-llm/", "/ondash-llm", "/ondash-llm/x"]) {
        const headers = record.headers.map(
          ([name, value]): RecordHeader => [name, name === "ce_source" ? encoder.encode(source) : value],
        );
        const agree = source.endsWith("x");
        expect(both(record, headers)).toEqual({ agree, rule: agree });
      }
    }
  });

  it("leave names beyond the usual letters to the rules, which count their bytes", () => {
    const [record] = sound;
    for (const name of ["ü", "x y", "CE_ID", "X", "", "a\n", "\na", "xü", "üx"]) {
      const headers: RecordHeader[] = [...(record?.headers ?? []), [name, null]];
      expect(record && both(record, headers).agree).toBe(false);
    }
  });

  it("have a size: their names' characters and their values' bytes, counted anew each time", () => {
    const screen = createHeaderScreen(chatV2);
    const skim = createSkimmer(chatV2);
    const [record] = sound;
    const value = record?.value ?? new Uint8Array();
    skim.read(value);
    for (const more of [[], [["x", null]], [["abc", Uint8Array.of(1, 2)]]] as RecordHeader[][]) {
      const headers = [...(record?.headers ?? []), ...more];
      expect(screen.agree(headers, value, skim, START_MS / 1_000, 0)).toBe(true);
      expect(screen.bytes).toBe(
        headers.reduce((sum, [name, content]) => sum + name.length + (content?.length ?? 0), 0),
      );
    }
  });

  it("are those of CloudEvents, of each kind of event", () => {
    for (const record of sound) expect(record.headers.map(([name]) => name)).toEqual(cloudEventHeaderNames);
    // Each kind's headers on another's envelope.
    for (const one of sound) {
      for (const other of sound) {
        const type = other.headers.filter(([name]) => name === "ce_type");
        const headers = [...one.headers.filter(([name]) => name !== "ce_type"), ...type];
        expect(both(one, headers)).toEqual({ agree: one === other, rule: one === other });
      }
    }
  });
});

describe("the time of a record's headers", () => {
  it("is the instant's text on every day from 1970 to 9999 but the 29th of February", () => {
    const day = 86_400;
    const wrong: unknown[] = [];
    const look = (seconds: number): void => {
      if (seconds > LAST_SECOND) return;
      const text = formatRfc3339({ seconds: BigInt(seconds), nanos: 0 }) ?? "";
      const agrees = time(text, { seconds, nanos: 0 });
      if (agrees === text.includes("-02-29T")) wrong.push({ text, agrees });
    };
    for (let at = 0; at < 366 * 40; at++) look(at * day + ((at * 3_607) % day));
    // Further on, where years are leap years and where they are not.
    for (let at = 366 * 40; at < 2_932_896; at += 29) look(at * day + ((at * 3_607) % day));
    for (const year of [2000, 2096, 2100, 2104, 2399, 2400, 2401, 9999]) {
      for (let at = 0; at < 366; at++) look(Date.UTC(year, 0, 1) / 1_000 + at * day);
    }
    look(LAST_SECOND);
    expect(wrong).toEqual([]);
  });

  it("has up to nine digits of a fraction, and no other ones than the instant", () => {
    const seconds = START_MS / 1_000;
    const base = "2025-10-29T10:30:00";
    const fractions = ["1", "12", "123", "120", "1234", "123456", "123456789", "000000001", "999999999", "0", "5"];
    for (const fraction of fractions) {
      const nanos = Number(fraction.padEnd(9, "0"));
      expect({ fraction, agrees: time(`${base}.${fraction}Z`, { seconds, nanos }) }).toEqual({
        fraction,
        agrees: true,
      });
      for (const other of [nanos + 1, nanos - 1, 0].filter((one) => one !== nanos)) {
        expect(time(`${base}.${fraction}Z`, { seconds, nanos: other })).toBe(false);
      }
    }
    expect(time(`${base}Z`, { seconds, nanos: 0 })).toBe(true);
    expect(time(`${base}Z`, { seconds, nanos: 1 })).toBe(false);
    expect(time(`${base}Z`, { seconds: seconds + 1, nanos: 0 })).toBe(false);
  });

  it.each([
    "2025-10-29T10:30:00.1234567890Z",
    "2025-10-29T10:30:00.50000000000000000000000001Z",
    "2025-10-29T10:30:00.Z",
    "2025-10-29T10:30:00.1",
    "2025-10-29T10:30:00",
    "2025-10-29T10:30:00z",
    "2025-10-29t10:30:00Z",
    "2025-10-29 10:30:00Z",
    "2025-10-29T10:30:00+00:00",
    "2025-10-29T12:30:00+02:00",
    "2025-10-29T10:30:00,5Z",
    "2025-10-29T10:30Z",
    "2025/10-29T10:30:00Z",
    "2025-10/29T10:30:00Z",
    "2025-10-29T10.30:00Z",
    "2025-10-29T10:30.00Z",
    "20251-0-29T10:30:00Z",
    "2O25-10-29T10:30:00Z",
    "2025-10-29T10:30:0:Z",
    "2025-10-29T10:30:0/Z",
    "2025-10-29T10:30:00.12x4Z",
    "2025-10-29T10:30:00.0:Z",
    "2025-10-29T10:30:00.12/Z",
    "+025-10-29T10:30:00Z",
    "-025-10-29T10:30:00Z",
    "2025-10-29T10:30:00ZZ",
    "2025-10-29T10:30:00Z ",
    "",
    "Z",
  ])("is left to the rule when it is written like %j", (text) => {
    expect(readsTime(text)).toBe(false);
  });

  it("is none of a day, hour, minute or second that does not exist, whatever it might stand for", () => {
    const date = (year: number, month: number, day: number, hour = 10, minute = 30, second = 0): string => {
      const two = (value: number): string => `${value}`.padStart(2, "0");
      return `${`${year}`.padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`;
    };
    const wrong: string[] = [];
    const look = (...parts: Parameters<typeof date>): void => {
      const [year, month, day, hour = 10, minute = 30, second = 0] = parts;
      const text = date(...parts);
      // What `Date` makes of it, one running over into the next.
      const meant = Date.UTC(year, month - 1, day, hour, minute, second);
      const exists = `${new Date(meant).toISOString().slice(0, 19)}Z` === text && meant >= 0;
      const agrees = time(text, { seconds: meant / 1_000, nanos: 0 });
      if (agrees !== (exists && !text.includes("-02-29T"))) wrong.push(text);
    };
    for (const year of [1969, 1970, 2023, 2024]) {
      for (let month = 0; month <= 14; month++) for (let day = 0; day <= 33; day++) look(year, month, day);
    }
    for (let hour = 0; hour <= 25; hour++) look(2025, 10, 29, hour);
    for (let value = 0; value <= 62; value++) {
      look(2025, 10, 29, 10, value);
      look(2025, 10, 29, 10, 30, value);
    }
    expect(wrong).toEqual([]);
  });
});
