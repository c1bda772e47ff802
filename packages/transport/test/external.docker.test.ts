import { startDeadline } from "@ondash/core";
import { type Broker, externalProvider } from "@ondash/transport";
import { describeWithDocker } from "@ondash/transport/testing";
import { expect, it } from "vitest";
import { describeTransport } from "./laws/index.ts";
import { startContainer } from "./support/container.ts";

/** A Kafka that somebody else runs: known by its address alone. */
async function start(): Promise<Broker> {
  const container = await startContainer();
  using deadline = startDeadline(10_000);
  const broker = await externalProvider({ brokers: container.bootstrap }).start(deadline);
  return { ...broker, [Symbol.asyncDispose]: () => container[Symbol.asyncDispose]() };
}

describeWithDocker("transport on an external Kafka", () => {
  describeTransport({ start });
});

describeWithDocker("external provider", () => {
  it("says which broker it is, and leaves it alone", async () => {
    await using container = await startContainer();
    const address = container.bootstrap[0] as string;
    using deadline = startDeadline(10_000);
    const broker = await externalProvider({ brokers: ["localhost:1", address] }).start(deadline);
    expect(broker).toMatchObject({ kind: "external", ownsTopics: false, shared: true });
    expect(broker.description).toBe(`Kafka at localhost:1, ${address}`);
    await broker[Symbol.asyncDispose]();
    await using again = await externalProvider({ brokers: [address] }).start(deadline);
    expect(again.bootstrap).toEqual([address]);
  });
});
