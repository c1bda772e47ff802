import type { Judgement } from "@ondash/contract";
import { startDeadline } from "@ondash/core";
import { type Watching, type WatchOptions, watchTopics } from "@ondash/harness";
import { chatSchemas, type SchemaName, schemaOf } from "@ondash/schemas";
import { type TestKafka, TIMEOUT_MS } from "./kafka.ts";

/** Topics' partitions in these tests. */
export const PARTITIONS = 8;

/** Watches the topics of a version, which are made where they are missing. Bounded as a whole. */
export async function startWatching(
  { session }: TestKafka,
  version: SchemaName,
  options: Partial<WatchOptions> = {},
): Promise<Watching> {
  for (const { topicList: topics } of chatSchemas) {
    await session.ensureTopics(topics, { partitions: PARTITIONS, create: true });
  }
  const deadline = startDeadline(TIMEOUT_MS);
  const { topicList: topics } = schemaOf(version);
  const watching = await watchTopics({ session, deadline, topics, partitions: PARTITIONS, ...options });
  return {
    ...watching,
    async [Symbol.asyncDispose]() {
      await watching[Symbol.asyncDispose]();
      deadline[Symbol.dispose]();
    },
  };
}

/**
 * Observes what somebody else produces, and judges it: ready before `produce` is called, and done when everything below
 * the end offsets has been read that are asked for after it has returned.
 */
export async function watch(kafka: TestKafka, version: SchemaName, produce: () => Promise<void>): Promise<Judgement> {
  await using watching = await startWatching(kafka, version);
  await produce();
  // Awaited here: what is returned as a promise is disposed before it settles.
  return await watching.finish(true);
}
