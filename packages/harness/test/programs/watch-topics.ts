/**
 * A program: watches the topics of a version and records what it observes, until somebody ends it.
 * Arguments: the brokers, the version, the file. It says `ready` when nothing that is produced from then on is missed.
 */
import { startDeadline } from "@ondash/core";
import { openRecorder, watchTopics } from "@ondash/harness";
import { type SchemaName, schemaOf } from "@ondash/schemas";
import { connectKafka, externalProvider } from "@ondash/transport";

const [brokers = "", version = "", file = ""] = process.argv.slice(2);
const deadline = startDeadline(60_000);
const broker = await externalProvider({ brokers: brokers.split(",") }).start(deadline);
const session = await connectKafka(broker, { deadline });
await watchTopics({
  session,
  deadline,
  topics: schemaOf(version as SchemaName).topicList,
  partitions: 8,
  recorder: openRecorder(file),
});
process.stdout.write("ready\n");
