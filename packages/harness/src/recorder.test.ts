import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Observation } from "@ondash/contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRecorder } from "./recorder.ts";

const start: Observation = { kind: "start", partitions: 8, start: { "ondash.llm.status": [0] } };
const end: Observation = { kind: "end", ends: { "ondash.llm.status": [0] }, producersDone: true };

describe("openRecorder", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ondash-recorder-"));
    file = join(folder, "run.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives the file its name only when it is closed", () => {
    using recorder = openRecorder(file);
    recorder.write(start);
    recorder.write(end);
    expect(existsSync(file)).toBe(false);
    recorder.close();
    expect(existsSync(`${file}.partial`)).toBe(false);
    expect(readFileSync(file, "utf8")).toBe(
      '{"recording":"ondash/1","partitions":8,"start":{"ondash.llm.status":[0]}}\n' +
        '{"end":{"ondash.llm.status":[0]},"producersDone":true}\n',
    );
  });

  it("leaves what was written in the partial file when it is not closed", () => {
    {
      using recorder = openRecorder(file);
      recorder.write(start);
    }
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(`${file}.partial`, "utf8")).toContain('"recording"');
  });

  it("leaves nothing when nothing was written", () => {
    {
      using _ = openRecorder(file);
      expect(existsSync(`${file}.partial`)).toBe(true);
    }
    expect(existsSync(`${file}.partial`)).toBe(false);
  });

  it("does not touch an older recording before the new one is whole", () => {
    {
      using first = openRecorder(file);
      first.write(start);
      first.close();
    }
    const before = readFileSync(file, "utf8");
    using second = openRecorder(file);
    second.write(start);
    second.write(end);
    expect(readFileSync(file, "utf8")).toBe(before);
    second.close();
    expect(readFileSync(file, "utf8")).not.toBe(before);
  });

  it("shows what was observed while the run goes on", async () => {
    using recorder = openRecorder(file);
    recorder.write(start);
    await new Promise((resolve) => setImmediate(resolve));
    expect(readFileSync(`${file}.partial`, "utf8")).toContain('"recording"');
  });

  it("says that the file can't be created, or not be written", () => {
    expect(() => openRecorder(join(folder, "no", "run.jsonl"))).toThrow(
      /^\[file\] can't create the recording .*ENOENT/,
    );
    using recorder = openRecorder(file);
    recorder.write(start);
    rmSync(folder, { recursive: true });
    expect(() => recorder.close()).toThrow(/^\[recording\] can't rename the recording .*ENOENT/);
  });
});
