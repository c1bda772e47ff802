import { startDeadline } from "@ondash/core";
import { CONTAINER_LABEL, containerProvider } from "@ondash/transport/container";
import { describeWithDocker } from "@ondash/transport/testing";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, it } from "vitest";
import { describeTransport } from "./laws/index.ts";
import { startContainer } from "./support/container.ts";

const image = "apache/kafka:4.3.1";

/** Ids of all containers that this process has started, dead or alive. */
async function containers(): Promise<string[]> {
  const { container } = await getContainerRuntimeClient();
  const all = await container.dockerode.listContainers({
    all: true,
    filters: { label: [`${CONTAINER_LABEL}=${process.pid}`] },
  });
  return all.map(({ Id }) => Id);
}

describeWithDocker("transport on Kafka in a container", () => {
  describeTransport({ start: startContainer });
});

describeWithDocker("container provider", () => {
  it("says which broker it is, and removes the container when it is disposed", async () => {
    const before = await containers();
    const broker = await startContainer();
    expect(broker).toMatchObject({ kind: "container", ownsTopics: true, shared: false, security: undefined });
    expect(broker.description).toBe(`apache/kafka:4.3.1 in a container at ${broker.bootstrap[0]}`);
    expect(await containers()).toHaveLength(before.length + 1);
    await broker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
    expect(await containers()).toEqual(before);
  });

  it("leaves no container behind when the time is over before Kafka is ready", async () => {
    const before = await containers();
    using deadline = startDeadline(1_000);
    await expect(containerProvider({ image }).start(deadline)).rejects.toThrow(
      '[deadline] after 1 s, still missing: "Kafka Server started" in the log of a container of apache/kafka:4.3.1',
    );
    expect(await containers()).toEqual(before);
  });

  it("leaves no container behind when it is interrupted, at whatever moment", async () => {
    const before = await containers();
    for (const ms of [0, 50, 300, 900]) {
      const controller = new AbortController();
      using deadline = startDeadline(60_000, { signal: controller.signal });
      using interrupt = startDeadline(ms);
      interrupt.signal.addEventListener("abort", () => controller.abort(new Error("Ctrl-C")));
      await expect(containerProvider({ image }).start(deadline)).rejects.toThrow("Ctrl-C");
      expect(await containers()).toEqual(before);
    }
  });

  it("leaves no container behind when Kafka does not start, and shows the end of its log", async () => {
    const before = await containers();
    using deadline = startDeadline(60_000);
    const start = containerProvider({ image, settings: { KAFKA_NODE_ID: "no number" } }).start(deadline);
    await expect(start).rejects.toThrow(
      /^\[container-failed\] a container of apache\/kafka:4\.3\.1 did not start: .*no number/s,
    );
    expect(await containers()).toEqual(before);
  });

  it("takes the image from ONDASH_KAFKA_IMAGE, and says when it is not to be had", async () => {
    using deadline = startDeadline(60_000);
    const start = containerProvider({ env: { ONDASH_KAFKA_IMAGE: "localhost:1/no-such/kafka:0" } }).start(deadline);
    await expect(start).rejects.toThrow(
      /^\[container-failed\] a container of localhost:1\/no-such\/kafka:0 did not start: /,
    );
  });
});
