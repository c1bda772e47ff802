import { startDeadline } from "@ondash/core";
import { type Broker, embeddedProvider } from "@ondash/transport";
import { describe, expect, it } from "vitest";
import { describeTransport } from "./laws/index.ts";

async function start(nodes: number): Promise<Broker> {
  using deadline = startDeadline(10_000);
  return embeddedProvider({ nodes }).start(deadline);
}

describe("transport on the embedded Kafka", () => {
  describeTransport({ start: () => start(1) });
});

describe("transport on an embedded Kafka of three nodes", () => {
  describeTransport({ start: () => start(3), nodes: 3 });
});

describe("embedded provider", () => {
  it("says which broker it is, and that nobody else uses it", async () => {
    await using broker = await start(1);
    const [address] = broker.bootstrap;
    expect(broker).toMatchObject({
      kind: "embedded",
      description: `embedded Kafka at ${address}`,
      ownsTopics: true,
      shared: false,
      security: undefined,
    });
  });

  it("names a port that is taken", async () => {
    await using first = await start(1);
    const port = Number(first.bootstrap[0]?.split(":")[1]);
    using deadline = startDeadline(5_000);
    await expect(embeddedProvider({ port }).start(deadline)).rejects.toThrow(
      new RegExp(`^\\[port-in-use\\] .*${port}`),
    );
  });
});
