import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replayRecording } from "@ondash/harness";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startKafka, type TestKafka, TIMEOUT_MS, temporaryFolder } from "./support/kafka.ts";
import { describeRecording } from "./support/record-laws.ts";

describe("on the embedded broker", () => {
  describeRecording(() => startKafka());
});

describe("replayRecording", () => {
  let kafka: TestKafka;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    kafka = await startKafka();
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await kafka[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const topic = "ondash.llm.text";
  const line = (partition: number, offset: number, more: object = {}): string =>
    JSON.stringify({
      topic,
      partition,
      offset,
      timestamp: -1,
      key: "k",
      headers: [["h", "v"]],
      value: "AQ==",
      ...more,
    });
  const replay = async (...lines: readonly string[]): Promise<number> => {
    const file = join(folder.path, "r.jsonl");
    await writeFile(file, ['{"recording":"ondash/1","partitions":4}', ...lines].map((one) => `${one}\n`).join(""));
    const options = { session: kafka.session, timeoutMs: TIMEOUT_MS, createTopics: true, name: "r.jsonl" };
    return (await replayRecording(file, options)).sent;
  };

  it("sends what was observed twice once, and a recording without records not at all", async () => {
    expect(await replay()).toBe(0);
    expect(await replay(line(0, 7), line(0, 7), line(0, 8))).toBe(2);
  });

  it("sends nothing of a file that can't be sent whole, and says why", async () => {
    const before = await endOf(kafka);
    await expect(replay(line(0, 1), line(9, 1))).rejects.toMatchObject({
      code: "replay",
      message: expect.stringMatching(/ondash\.llm\.text has 4 partitions, and r\.jsonl has a record of partition 9/),
    });
    await expect(replay(line(0, 1), line(0, 2, { headers: [["h", null]] }))).rejects.toThrow(
      /header "h" of ondash\.llm\.text\/0@2 is null/,
    );
    await expect(replay(line(0, 1), "{")).rejects.toThrow(/r\.jsonl:3: /);
    await expect(
      replayRecording(join(folder.path, "no"), { session: kafka.session, timeoutMs: 1_000 }),
    ).rejects.toMatchObject({ code: "file" });
    expect(await endOf(kafka)).toEqual(before);
  });

  const endOf = async ({ session }: TestKafka): Promise<unknown> => {
    await using collector = await session.openCollector([topic]);
    return await collector.ends();
  };
});
