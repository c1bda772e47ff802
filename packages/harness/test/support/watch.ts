import { createMonitor, type Judgement, type Observation } from "@ondash/contract";
import { chatSchemas, type SchemaName, schemaOf } from "@ondash/schemas";
import { createBarrierRounds } from "../../src/barrier-rounds.ts";
import type { TestKafka } from "./kafka.ts";

/** Topics' partitions in these tests. */
const PARTITIONS = 8;

/**
 * Observes what somebody else produces, and judges it: ready before `produce` is called, and done when everything below
 * the end offsets has been read that are asked for after it has returned.
 */
export async function watch(
  { session }: TestKafka,
  version: SchemaName,
  produce: () => Promise<void>,
): Promise<Judgement> {
  const { topicList } = schemaOf(version);
  for (const { topicList: topics } of chatSchemas) {
    await session.ensureTopics(topics, { partitions: PARTITIONS, create: true });
  }
  const monitor = createMonitor();
  const feed = (observation: Observation): void => monitor.observe(observation);
  let early: Observation[] | undefined = [];
  await using collector = await session.openCollector(topicList, {
    onObservation(observation) {
      if (early !== undefined) early.push(observation);
      else {
        feed(observation);
        rounds.pump();
      }
    },
  });
  const rounds = createBarrierRounds(monitor, () => collector.ends(), feed);
  feed({ kind: "start", partitions: PARTITIONS, start: collector.start });
  const waiting = early;
  early = undefined;
  waiting.forEach(feed);

  await produce();
  await collector.reached(await collector.ends());
  await rounds.settled();
  const ends = await collector.ends();
  await collector.reached(ends);
  feed({ kind: "end", ends, producersDone: true });
  return monitor.finish();
}
