import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { connectKafka } from "@ondash/transport";
import { describe, expect, it } from "vitest";
import { textRecord, topicName } from "../support/topic-name.ts";
import type { LawContext } from "./context.ts";

/** Connections of this process. (Timers are another matter: kafkajs arms some for every open connection.) */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP")).length;
}

/** Runs `one-session.ts`; resolves with what it printed when it has ended by itself. */
async function runOneSession(brokers: readonly string[]): Promise<string> {
  const program = join(import.meta.dirname, "../programs/one-session.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...brokers], { timeout: 30_000 });
  return stdout;
}

/** For a machine that is busy with other things. */
const POLL = { timeout: 10_000 };

/** Laws about ends. */
export function describeEnds(context: LawContext): void {
  describe("ends", () => {
    it("leave nothing open", async () => {
      const topic = await context.newTopic("handles");
      const before = openSockets();
      const own = await context.connect();
      const collector = await own.openCollector([topic]);
      const sink = await own.openSink();
      await sink.send(textRecord(topic, "x"));
      await collector.reached(await collector.ends());
      expect(openSockets()).toBeGreaterThan(before);
      // In no particular order, and twice.
      await Promise.all([own[Symbol.asyncDispose](), sink[Symbol.asyncDispose](), collector[Symbol.asyncDispose]()]);
      await own[Symbol.asyncDispose]();
      await expect.poll(openSockets, POLL).toBeLessThanOrEqual(before);
    });

    it("let the process end by itself", async () => {
      expect(await runOneSession(context.broker.bootstrap)).toBe("disposed\n");
    });

    it("are told to whoever still waits", async () => {
      const topic = await context.newTopic("closed");
      const own = await context.connect();
      const collector = await own.openCollector([topic]);
      const sink = await own.openSink();
      const reached = collector.reached({ [topic]: [1] });
      reached.catch(() => undefined);
      await own[Symbol.asyncDispose]();
      await expect(reached).rejects.toThrow("[closed]");
      await expect(collector.failed).rejects.toThrow("[closed]");
      await expect(collector.ends()).rejects.toThrow("[closed]");
      await expect(sink.send(textRecord(topic, "x"))).rejects.toThrow("[closed]");
      await expect(own.openSink()).rejects.toThrow("[closed]");
      await expect(own.ensureTopics([topic], { partitions: 1, create: true })).rejects.toThrow("[closed]");
    });

    it("come with the caller's own reason when its signal aborts", async () => {
      const topic = await context.newTopic("signal");
      const controller = new AbortController();
      await using own = await connectKafka(context.broker, { signal: controller.signal });
      const collector = await own.openCollector([topic]);
      const reached = collector.reached({ [topic]: [1] });
      reached.catch(() => undefined);
      controller.abort(new Error("Ctrl-C"));
      await expect(reached).rejects.toThrow("Ctrl-C");
      await expect(own.openSink()).rejects.toThrow("Ctrl-C");
      await expect(connectKafka(context.broker, { signal: controller.signal })).rejects.toThrow("Ctrl-C");
    });

    it("come in bounded time when the broker goes away in the middle", async () => {
      const mortal = await context.start();
      const own = await connectKafka(mortal, { patienceMs: 300, timeoutMs: 5_000 });
      const topic = topicName("mortal");
      await own.ensureTopics([topic], { partitions: 1, create: true });
      const collector = await own.openCollector([topic]);
      const sink = await own.openSink();
      await sink.send(textRecord(topic, "x"));
      const reached = collector.reached({ [topic]: [2] });
      reached.catch(() => undefined);
      await mortal[Symbol.asyncDispose]();
      // Indefinite when it had left, an error when not: both are right, and no acknowledgement is.
      const outcome = await sink.send(textRecord(topic, "y")).then(
        ({ status }) => status,
        (error: unknown) => String(error),
      );
      expect(outcome).toMatch(/^indefinite$|^TransportError: \[broker-lost\]/);
      await expect(collector.failed).rejects.toThrow(
        /^\[broker-lost\] the broker does not answer any more: .* at .*:\d+/,
      );
      await expect(reached).rejects.toThrow("[broker-lost]");
      await expect(collector.ends()).rejects.toThrow("[broker-lost]");
      await expect(sink.send(textRecord(topic, "z"))).rejects.toThrow("[broker-lost]");
      const before = performance.now();
      await own[Symbol.asyncDispose]();
      expect(performance.now() - before).toBeLessThan(5_000);
    });
  });
}
