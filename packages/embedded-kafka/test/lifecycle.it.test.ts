import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createManualClock } from "@ondash/core";
import { isEmbeddedKafkaError, startEmbeddedKafka } from "@ondash/embedded-kafka";
import { connectRaw } from "@ondash/embedded-kafka/wire";
import { describe, expect, it } from "vitest";
import { startFixture } from "./clients.ts";

function portOf(broker: string | undefined): number {
  return Number(broker?.split(":")[1]);
}

const joinGroup = {
  groupId: "g",
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 60_000,
  protocolType: "consumer",
  protocols: [{ name: "range", metadata: new Uint8Array() }],
};

describe("close", () => {
  it("leaves no socket and no timer, fifty times over, whatever is connected or waits", async () => {
    const program = fileURLToPath(new URL("./programs/open-and-close.ts", import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { timeout: 30_000 });
    expect(stderr).toBe("");
    const { before, after } = JSON.parse(stdout) as Record<string, string[]>;
    expect(after).toEqual(before);
  });

  it("ends timers of its clock", async () => {
    const clock = createManualClock();
    const kafka = await startEmbeddedKafka({ clock });
    kafka.createTopic({ name: "a" });
    const connection = await connectRaw({ host: "127.0.0.1", port: portOf(kafka.brokers[0]) });
    await connection.request("JoinGroup", 3, joinGroup);
    expect(clock.pending).toBeGreaterThan(0);
    await kafka.close();
    await connection.closed;
    expect(clock.pending).toBe(0);
  });

  it("may be called again, and lets nothing be asked afterwards", async () => {
    const kafka = await startEmbeddedKafka();
    await Promise.all([kafka.close(), kafka.close()]);
    expect(() => kafka.topics()).toThrow("[closed]");
  });

  it("frees its port", async () => {
    const takeAgain = async (): Promise<unknown> => {
      const first = await startEmbeddedKafka();
      await first.close();
      try {
        await using second = await startEmbeddedKafka({ port: portOf(first.brokers[0]) });
        return second.brokers[0] === first.brokers[0];
      } catch (error) {
        return error;
      }
    };
    // Another process may get a port that was freed; not five times.
    const attempts: unknown[] = [];
    while (attempts.length < 5 && attempts.at(-1) !== true) attempts.push(await takeAgain());
    expect(attempts.at(-1)).toBe(true);
  });
});

describe("start", () => {
  it("names a port that is taken, and leaves nothing behind", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", () => resolve()));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const failure = await startEmbeddedKafka({ port }).catch((error: unknown) => error);
    expect(isEmbeddedKafkaError(failure)).toBe(true);
    expect(failure).toMatchObject({
      code: "port-in-use",
      message: expect.stringContaining(`port ${port} of 127.0.0.1`) as string,
    });
    await new Promise((resolve) => taken.close(resolve));
  });

  it.each([
    { nodes: 0 },
    { nodes: 1.5 },
    { port: 70_000 },
    { nodes: 2, port: 65_535 },
    { replicationFactor: 2 },
    { partitions: 0 },
    { groupMaxSize: 0 },
  ])("refuses %j", async (options) => {
    await expect(startEmbeddedKafka(options)).rejects.toMatchObject({ code: "argument" });
  });

  it("gives the same ids for the same seed", async () => {
    await using a = await startEmbeddedKafka({ seed: 5 });
    await using b = await startEmbeddedKafka({ seed: 5 });
    await using c = await startEmbeddedKafka({ seed: 6 });
    expect(a.clusterId).toMatch(/^[\w-]{22}$/);
    expect([b.clusterId === a.clusterId, c.clusterId === a.clusterId]).toEqual([true, false]);
  });
});

describe("createTopic", () => {
  it("throws what Kafka would say", async () => {
    await using fixture = await startFixture();
    fixture.kafka.createTopic({ name: "a", partitions: 2, configs: { "retention.ms": "5" } });
    const again = (): void => fixture.kafka.createTopic({ name: "a" });
    expect(again).toThrow(expect.objectContaining({ code: "kafka", kafkaError: "TOPIC_ALREADY_EXISTS" }) as Error);
    expect(() => fixture.kafka.createTopic({ name: "b/c" })).toThrow("INVALID_TOPIC_EXCEPTION");
    expect(fixture.kafka.topics()).toEqual(["a"]);
  });
});
