import { join } from "node:path";
import { checkRecording, openRecorder } from "@ondash/harness";
import { encodeRecord, schemaOf, statusEvent } from "@ondash/schemas";
import { addPartitions } from "@ondash/transport/testing";
import { describe, expect, it } from "vitest";
import { fillingPauses } from "./support/between.ts";
import { essence } from "./support/essence.ts";
import { startKafka, temporaryFolder } from "./support/kafka.ts";
import { PARTITIONS, startWatching } from "./support/watch.ts";

const chatV1 = schemaOf("chat.v1");

describe("a topic that gets more partitions in the middle of a run", () => {
  it("breaks KAF-01, and no turn is charged with it", async () => {
    await using kafka = await startKafka();
    await using folder = await temporaryFolder();
    const file = join(folder.path, "grown.jsonl");
    using recorder = openRecorder(file);
    const live = await kafka.run("sales-chart", {
      recorder,
      speed: 1,
      clock: fillingPauses(async (pause) => {
        if (pause === 3) await addPartitions(kafka.broker, chatV1.topics.text, 2 * PARTITIONS);
      }),
    });
    expect(live.verdict).toBe("failed");
    expect(live.violations.map(({ rule }) => rule)).toEqual(["KAF-01"]);
    expect(live.turns).toMatchObject([{ verdict: "passed", blocks: ["text", "chart", "text"] }]);
    expect(essence(await checkRecording(file))).toEqual(essence(live));
  });

  it("is charged for records in the new partitions, too", async () => {
    await using kafka = await startKafka();
    await using watching = await startWatching(kafka, "chat.v1");
    await addPartitions(kafka.broker, chatV1.topics.status, 2 * PARTITIONS);
    const head = { eventId: "e", messageId: "m", taskId: "", timestamp: { seconds: 1n, nanos: 0 } };
    const event = (conversationId: string) => statusEvent({ ...head, conversationId }, { message: "hello" });
    const record = Array.from({ length: 100 }, (_, index) =>
      encodeRecord(chatV1, event(`c${index}`), 2 * PARTITIONS),
    ).find(({ partition }) => partition >= PARTITIONS);
    await using other = await kafka.session.openSink();
    if (record !== undefined) expect(await other.send(record)).toMatchObject({ status: "acknowledged" });
    const judgement = await watching.finish(false);
    expect(judgement.counts.records).toBe(1);
    expect(judgement.verdict).toBe("failed");
    expect([...new Set(judgement.violations.map(({ rule }) => rule))]).toEqual(["KAF-01"]);
  });
});
