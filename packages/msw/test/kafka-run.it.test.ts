import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRecording } from "@ondash/contract";
import { startDeadline } from "@ondash/core";
import { openRecorder, runScenario } from "@ondash/harness";
import { type PlanSchema, plan } from "@ondash/scenario";
import { type SchemaName, schemaOf, schemaOfTopic } from "@ondash/schemas";
import { type Broker, connectKafka, embeddedProvider, type KafkaSession } from "@ondash/transport";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkEvents } from "./laws/check-events.ts";
import { type ExpectedEvent, expectedEvent } from "./laws/expected.ts";
import { playThrough, post, sentinel } from "./laws/requests.ts";
import { shippedNames, shippedScenario } from "./support/scenarios.ts";
import { mswInNode } from "./support/subjects.ts";

const TIMEOUT_MS = 20_000;
const SCHEMAS: readonly SchemaName[] = ["chat.v1", "chat.v2"];

describe("what the page gets and what the Kafka run of the same scenario and seed carried are the same", () => {
  let broker: Broker;
  let session: KafkaSession;
  let folder: string;
  beforeAll(async () => {
    using deadline = startDeadline(TIMEOUT_MS);
    broker = await embeddedProvider().start(deadline);
    session = await connectKafka(broker, { timeoutMs: TIMEOUT_MS });
    folder = await mkdtemp(join(tmpdir(), "ondash-msw-"));
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** The records of a run in one version, as a client must see them, in the order in which they were read. */
  async function carried(
    name: string,
    version: SchemaName,
    options: { readonly schema: PlanSchema; readonly seed?: number },
  ): Promise<readonly ExpectedEvent[]> {
    const file = join(folder, `${name}-${version}-${options.seed ?? "own"}.jsonl`);
    using recorder = openRecorder(file);
    await runScenario(shippedScenario(name), { broker, session, timeoutMs: TIMEOUT_MS, recorder, ...options });
    return parseRecording(await readFile(file), file).flatMap((observation) =>
      observation.kind === "record" && schemaOfTopic(observation.topic)?.schema.name === version
        ? [expectedEvent(schemaOf(version), observation)]
        : [],
    );
  }

  describe.each(shippedNames())("%s", (name) => {
    it.each(SCHEMAS)("in %s", async (version) => {
      const scenario = shippedScenario(name);
      const schema = scenario.schema === "both" ? "both" : version;
      const records = await carried(name, version, { schema });
      await using served = await mswInNode.serve([scenario, sentinel]);
      // In the conversation that the run has for itself; in another one only the conversation's id differs.
      const { conversationId, messageId } = plan(scenario, { schema });
      const played = await playThrough(served, scenario, version, conversationId);
      expect(played.messageId).toBe(messageId);
      checkEvents(version, played.events, records);
      expect(await served.source.history({ conversationId, schema: version })).toHaveLength(
        records.filter(({ json }) => typeof json === "object").length + 2,
      );
    });
  });

  it("with another seed, and with the next one when the scenario is posted again", async () => {
    const scenario = shippedScenario("sales-chart");
    await using served = await mswInNode.serve([scenario, sentinel], { seed: 7 });
    for (const seed of [7, 8]) {
      const { conversationId, messageId } = plan(scenario, { seed });
      if (seed === 8) await post(served, conversationId, "sales");
      const played = await playThrough(served, scenario, "chat.v2", conversationId);
      expect(played.messageId).toBe(messageId);
      const ofTurn = played.events.filter(({ data }) => data.includes(messageId));
      checkEvents("chat.v2", ofTurn, await carried("sales-chart", "chat.v2", { schema: "chat.v2", seed }));
    }
  });
});
