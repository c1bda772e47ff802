import { connect } from "node:net";
import { startDeadline } from "@ondash/core";
import { connectKafka, embeddedProvider, externalProvider, type KafkaSession } from "@ondash/transport";
import { afterEach, describe, expect, it } from "vitest";
import { brokerAt, fakeBroker, freeAddress } from "./support/fake-broker.ts";
import { textRecord } from "./support/topic-name.ts";

/** Answer to ApiVersions v2: Produce 0–7, Fetch 0–11, Metadata 0–6, ApiVersions 0–2. */
function apiVersions(request: Buffer): Buffer {
  const entries = [
    [0, 0, 7],
    [1, 0, 11],
    [3, 0, 6],
    [18, 0, 2],
  ];
  const body = Buffer.alloc(4 + 2 + 4 + entries.length * 6 + 4);
  body.writeInt32BE(request.readInt32BE(8), 0);
  body.writeInt32BE(entries.length, 6);
  for (const [index, numbers] of entries.entries()) {
    for (const [place, number] of numbers.entries()) body.writeInt16BE(number, 10 + index * 6 + place * 2);
  }
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

describe("a broker that can't be used", () => {
  const open: KafkaSession[] = [];
  afterEach(async () => {
    for (const session of open.splice(0)) await session[Symbol.asyncDispose]();
  });

  it("is told at once where nothing listens, with the reason of each address", async () => {
    const [one, two] = [await freeAddress(), await freeAddress()];
    using deadline = startDeadline(20_000);
    const before = performance.now();
    await expect(externalProvider({ brokers: [one, two] }).start(deadline)).rejects.toThrow(
      `[unreachable] nothing accepts connections at ${one} (connection refused), ${two} (connection refused); is Kafka running there?`,
    );
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it("is told when its address is malformed", () => {
    expect(() => externalProvider({ brokers: ["localhost"] })).toThrow('[config] "localhost" is not a broker address');
  });

  it("ends the start of a provider with the caller's own reason", async () => {
    using deadline = startDeadline(20_000, { signal: AbortSignal.abort(new Error("Ctrl-C")) });
    await expect(externalProvider({ brokers: [await freeAddress()] }).start(deadline)).rejects.toThrow("Ctrl-C");
    await expect(embeddedProvider().start(deadline)).rejects.toThrow("Ctrl-C");
  });

  it("refuses connections: given up after the patience, not retried without end", async () => {
    const address = await freeAddress();
    await expect(connectKafka(brokerAt(address), { patienceMs: 200 })).rejects.toThrow(
      `[unreachable] no broker can be reached: connection refused at ${address} (for 200 ms)`,
    );
  });

  it("accepts connections and says nothing: given up at the deadline, saying what was missing", async () => {
    await using silent = await fakeBroker(() => undefined);
    using deadline = startDeadline(300);
    await expect(connectKafka(silent.broker, { deadline })).rejects.toThrow(
      `[deadline] after 300 ms, still missing: a Kafka broker's answer at ${silent.address}`,
    );
  });

  it("says nothing for longer than kafkajs waits: still given up at the deadline only", async () => {
    await using silent = await fakeBroker(() => undefined);
    using deadline = startDeadline(4_000);
    await expect(connectKafka(silent.broker, { deadline })).rejects.toThrow(
      `[deadline] after 4 s, still missing: a Kafka broker's answer at ${silent.address}`,
    );
  });

  it("speaks TLS to a client that does not: told at once, with the way out", async () => {
    await using tls = await fakeBroker((socket) => {
      socket.on("data", () => socket.write(Uint8Array.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50)));
    });
    await expect(connectKafka(tls.broker)).rejects.toThrow(
      `[auth] the broker at ${tls.address} refused a connection without TLS; it speaks TLS: name a --kafka-config file`,
    );
  });

  it("wants SASL and gets none: told after a few closed connections, with the way out", async () => {
    await using sasl = await fakeBroker((socket) => {
      socket.on("data", (request) =>
        request.readInt16BE(4) === 18 ? socket.write(apiVersions(request)) : socket.end(),
      );
    });
    const session = await connectKafka(sasl.broker);
    open.push(session);
    await expect(session.ensureTopics(["t"], { partitions: 1, create: false })).rejects.toThrow(
      `[auth] the broker at ${sasl.address} closes connections at the first request; if it wants SASL, name a --kafka-config file`,
    );
  });

  it("answers nonsense: an error, not a hang", async () => {
    await using web = await fakeBroker((socket) => {
      socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    using deadline = startDeadline(1_000);
    await expect(connectKafka(web.broker, { deadline })).rejects.toThrow(/^\[(deadline|unreachable|protocol|auth)\]/);
  });

  it("is one of several: the others are used", async () => {
    using deadline = startDeadline(10_000);
    await using kafka = await embeddedProvider().start(deadline);
    await using session = await connectKafka(brokerAt(await freeAddress(), ...kafka.bootstrap), { deadline });
    expect(await session.ensureTopics(["t"], { partitions: 1, create: true })).toEqual({ t: 1 });
  });

  it("stops answering in the middle, its connections open: everything ends at the operation's bound", async () => {
    using deadline = startDeadline(10_000);
    await using kafka = await embeddedProvider().start(deadline);
    const [, port] = (kafka.bootstrap[0] as string).split(":");
    let isFrozen = false;
    await using proxy = await fakeBroker((client) => {
      const upstream = connect(Number(port), "127.0.0.1");
      upstream.on("error", () => client.destroy());
      client.on("close", () => upstream.destroy());
      client.on("data", (data) => isFrozen || upstream.write(data));
      upstream.on("data", (data) => isFrozen || client.write(data));
    });
    // The cluster's metadata sends clients past the proxy: only a sink that is told of it stays on it.
    const session = await connectKafka(proxy.broker, { timeoutMs: 500 });
    open.push(session);
    isFrozen = true;
    await expect(session.ensureTopics(["t"], { partitions: 1, create: true })).rejects.toThrow(
      "[deadline] after 500 ms, still missing: the partitions of t",
    );
    const before = performance.now();
    await session[Symbol.asyncDispose]();
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it("goes away while nothing is asked of it: the next question finds out", async () => {
    using deadline = startDeadline(10_000);
    const kafka = await embeddedProvider().start(deadline);
    const session = await connectKafka(kafka, { patienceMs: 200 });
    open.push(session);
    await session.ensureTopics(["t"], { partitions: 1, create: true });
    const sink = await session.openSink();
    await sink.send(textRecord("t", "x"));
    await kafka[Symbol.asyncDispose]();
    await expect(session.openCollector(["t"])).rejects.toThrow("[broker-lost] the broker does not answer any more");
    await expect(sink.send(textRecord("t", "y"))).rejects.toThrow("[broker-lost]");
  });
});
