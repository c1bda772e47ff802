import { readFileSync, writeFileSync } from "node:fs";
import { main } from "@ondash/cli";
import { describe, expect, it } from "vitest";
import { type Ended, folderWith, ondash } from "./support/ondash.ts";

const utf8 = new TextEncoder();

/** Runs the command in this process: a file each, and a process each, would take minutes. */
async function here(args: readonly string[], cwd: string): Promise<Pick<Ended, "code" | "stdout" | "stderr">> {
  const out = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof out) => ({
    write: (text: string) => void (out[name] += text),
    isTTY: false,
    columns: undefined,
  });
  const code = await main(args, {
    cwd,
    env: {},
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    signal: new AbortController().signal,
  });
  return { code, ...out };
}

/** A recording that is sound, of a run of the sales chart, a line each. */
const sound: readonly string[] = await (async () => {
  using folder = await folderWith();
  const { code, stderr } = await here(["run", "sales-chart", "--record", folder.file("r.jsonl")], folder.path);
  if (code !== 0) throw new Error(stderr);
  return readFileSync(folder.file("r.jsonl"), "utf8").trimEnd().split("\n");
})();

/** The number, from 1, of the first line that has a member. */
const lineWith = (member: string): number => sound.findIndex((line) => line.startsWith(`{"${member}"`)) + 1;
const RECORD = lineWith("topic");
const END = sound.length;

/** The recording with one line (from 1) replaced. */
const replaced = (number: number, ...lines: readonly string[]): string[] => sound.toSpliced(number - 1, 1, ...lines);

type Json = Record<string, unknown>;

/** The recording with one line changed. */
function changed(number: number, change: (json: Json) => void): string[] {
  const json = JSON.parse(sound[number - 1] ?? "{}") as Json;
  change(json);
  return replaced(number, JSON.stringify(json));
}

/** A line with a record like the first one. */
const recordLike = (change: Json): string => {
  return JSON.stringify({ ...(JSON.parse(sound[RECORD - 1] ?? "{}") as Json), ...change });
};

const first = JSON.parse(sound[RECORD - 1] ?? "{}") as { topic: string; partition: number; offset: number };
const skipAt = (offset: number): string =>
  JSON.stringify({
    skip: { topic: first.topic, partition: first.partition, from: offset, to: offset, why: "control" },
  });

/** What is wrong, the lines, the number of the line that errors must name, and what they say. */
const malformed: readonly (readonly [what: string, lines: string[] | Uint8Array, line: number, why: RegExp])[] = [
  ["bad JSON", replaced(RECORD, "{"), RECORD, /not a JSON object/],
  ["an array for a line", replaced(RECORD, "[1]"), RECORD, /not a JSON object/],
  ["bad base64", changed(RECORD, (json) => void (json["value"] = "AA=A")), RECORD, /base64/],
  ["base64 without padding", changed(RECORD, (json) => void (json["value"] = "AAA")), RECORD, /base64/],
  ["no header line", sound.slice(1), 1, /the first line must be the header/],
  ["a wrong header line", replaced(1, '{"recording":"ondash/1"}'), 1, /no "partitions"/],
  ["an unknown version", changed(1, (json) => void (json["recording"] = "ondash/9")), 1, /"ondash\/9" is not known/],
  ["a second header", replaced(RECORD, sound[0] ?? ""), RECORD, /a second header/],
  ["a truncated last line", [...sound.slice(0, -1), (sound[END - 1] ?? "").slice(0, -9)], END, /not a JSON object/],
  [
    "a truncated record line",
    [...sound.slice(0, RECORD - 1), (sound[RECORD - 1] ?? "").slice(0, 40)],
    RECORD,
    /not a JSON/,
  ],
  ["an offset that is no integer", changed(RECORD, (json) => void (json["offset"] = 0.5)), RECORD, /"offset".*integer/],
  ["an offset as text", changed(RECORD, (json) => void (json["offset"] = "0")), RECORD, /"offset".*integer/],
  ["an offset of 2^53", changed(RECORD, (json) => void (json["offset"] = 2 ** 53)), RECORD, /"offset".*integer/],
  ["a blank line", replaced(RECORD, "", sound[RECORD - 1] ?? ""), RECORD, /blank/],
  ["a blank last line", [...sound, "", ""], END + 1, /blank/],
  ["a byte order mark", replaced(1, `\u{feff}${sound[0]}`), 1, /byte order mark/],
  ["invalid UTF-8", invalidUtf8(RECORD), RECORD, /not UTF-8/],
  ["a line after the end", [...sound, '{"asked":99}'], END + 1, /after "end"/],
  ["an unknown kind of line", replaced(RECORD, '{"rumour":1}'), RECORD, /unknown kind/],
  [
    "a topic of neither version",
    changed(RECORD, (json) => void (json["topic"] = "ondash.llm.v3.text")),
    RECORD,
    /no schema version/,
  ],
  [
    "an end below an offset seen",
    changed(END, ({ end }) => void ((end as Record<string, number[]>)[first.topic] ?? []).fill(0)),
    END,
    /"end" of .* is 0, and offset \d+ was seen/,
  ],
  [
    "a record below its start",
    changed(1, ({ start }) => void ((start as Record<string, number[]>)[first.topic] ?? []).fill(1_000)),
    RECORD,
    /below its start offset/,
  ],
  [
    "a record of a topic that is not in start",
    changed(1, ({ start }) => void delete (start as Json)[first.topic]),
    RECORD,
    /"start" does not name/,
  ],
  [
    "a record inside a control skip",
    replaced(RECORD, skipAt(first.offset), sound[RECORD - 1] ?? ""),
    RECORD + 1,
    /inside a control skip/,
  ],
  [
    "a control skip over a record",
    replaced(RECORD, sound[RECORD - 1] ?? "", skipAt(first.offset)),
    RECORD + 1,
    /which is a record/,
  ],
  [
    "an end that lacks a topic",
    changed(END, ({ end }) => void delete (end as Json)[first.topic]),
    END,
    /"end" does not name/,
  ],
  [
    "an end that does not say whether producers are done",
    changed(END, (json) => void delete json["producersDone"]),
    END,
    /no "producersDone"/,
  ],
  [
    "a barrier without its asked",
    replaced(END, '{"barrier":9999,"ends":{}}', sound[END - 1] ?? ""),
    END,
    /without its "asked"/,
  ],
  ["a barrier number twice", replaced(END, '{"asked":9998}', '{"asked":9998}'), END + 1, /asked for after/],
  [
    "barriers granted out of order",
    replaced(END, '{"asked":9998}', '{"asked":9999}', '{"barrier":9999,"ends":{}}', '{"barrier":9998,"ends":{}}'),
    END + 3,
    /barrier 9998 after barrier 9999/,
  ],
  [
    "deep JSON",
    replaced(RECORD, `{"message":${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}}`),
    RECORD,
    /deeper than/,
  ],
  [
    "a line of 50 MB",
    replaced(RECORD, recordLike({ value: "A".repeat(50_000_000) })),
    RECORD,
    /a line of more than \d+ bytes/,
  ],
  [
    "a last line of 50 MB that never ends",
    [...sound.slice(0, RECORD), `{"x":"${"y".repeat(50_000_000)}`],
    RECORD + 1,
    /a line of more/,
  ],
  ["nothing at all", new Uint8Array(), 1, /the file is empty/],
];

function invalidUtf8(number: number): Uint8Array {
  const bytes = utf8.encode(`${sound.join("\n")}\n`);
  const before = utf8.encode(sound.slice(0, number - 1).join("\n")).length;
  return bytes.with(before + 20, 0xff);
}

const bytesOf = (lines: readonly string[] | Uint8Array): Uint8Array =>
  lines instanceof Uint8Array ? lines : utf8.encode(lines.join("\n"));

describe("ondash check", { timeout: 120_000 }, () => {
  it("reads the recording that the malformed ones are made of", async () => {
    using folder = await folderWith({ "r.jsonl": `${sound.join("\n")}\n` });
    expect(await here(["check", "r.jsonl"], folder.path)).toMatchObject({ code: 0 });
    expect([RECORD, END].every((line) => line > 1)).toBe(true);
  });

  it.each(malformed)("refuses %s with its line, and prints nothing", async (_, lines, line, why) => {
    using folder = await folderWith({ "sound.jsonl": sound.join("\n") });
    writeFileSync(folder.file("bad.jsonl"), bytesOf(lines));
    // What could be read before it is not reported either.
    const { code, stdout, stderr } = await here(["check", "sound.jsonl", "bad.jsonl", "--report", "json"], folder.path);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(new RegExp(`^bad\\.jsonl:${line}: .*${why.source}.*\\n$`));
  });

  it.each<[what: string, damage: (line: string) => Uint8Array]>([
    ["that is cut", (line) => utf8.encode(line.slice(0, -1))],
    ["that is empty", () => new Uint8Array()],
    ["that is something else", () => utf8.encode('{"nothing":1}')],
    ["with a byte that is no UTF-8", (line) => utf8.encode(line).with(1, 0xfe)],
    ["after a stray number", (line) => utf8.encode(`1 ${line}`)],
    ["with a NUL", (line) => utf8.encode(`${line}\0`)],
  ])("finds any line %s, whichever it is", async (_, damage) => {
    using folder = await folderWith();
    for (const [index, line] of sound.entries()) {
      const rest = utf8.encode(`\n${sound.slice(index + 1).join("\n")}\n`);
      const before = utf8.encode(
        sound
          .slice(0, index)
          .map((other) => `${other}\n`)
          .join(""),
      );
      writeFileSync(folder.file("bad.jsonl"), Buffer.concat([before, damage(line), rest]));
      const { code, stdout, stderr } = await here(["check", "bad.jsonl", "--report", "json"], folder.path);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr.startsWith(`bad.jsonl:${index + 1}: `), stderr).toBe(true);
    }
  });

  it("does so as a process, too, in little memory and time", async () => {
    using folder = await folderWith({ "sound.jsonl": sound.join("\n") });
    for (const what of ["a line of 50 MB", "deep JSON", "invalid UTF-8"]) {
      const [, lines = [], line] = malformed.find(([name]) => name === what) ?? [];
      writeFileSync(folder.file("bad.jsonl"), bytesOf(lines));
      const ended = await ondash(["check", "sound.jsonl", "bad.jsonl", "--report", "json"], { cwd: folder.path });
      expect(ended).toMatchObject({ code: 2, signal: null, stdout: "" });
      expect(ended.stderr.startsWith(`bad.jsonl:${line}: `), ended.stderr).toBe(true);
      expect(ended.stderr.length).toBeLessThan(1_000);
    }
  });
});
