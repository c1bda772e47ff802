/**
 * A program: one session with the brokers of its arguments, everything opened and used once. It says `disposed` and must
 * then end by itself, for nothing may keep it alive.
 */
import { startDeadline } from "@ondash/core";
import { connectKafka, externalProvider } from "@ondash/transport";
import { textRecord, topicName } from "../support/topic-name.ts";

using deadline = startDeadline(20_000);
const broker = await externalProvider({ brokers: process.argv.slice(2) }).start(deadline);
const session = await connectKafka(broker, { deadline });
const topic = topicName("process");
await session.ensureTopics([topic], { partitions: 2, create: true });
const collector = await session.openCollector([topic]);
const sink = await session.openSink();
await sink.send(textRecord(topic, "x"));
await collector.reached(await collector.ends());
await session[Symbol.asyncDispose]();
process.stdout.write("disposed\n");
