import { containerProvider } from "@ondash/transport/container";
import { describeWithDocker } from "@ondash/transport/testing";
import { startKafka } from "./support/kafka.ts";
import { describeRecording } from "./support/record-laws.ts";

describeWithDocker("on Apache Kafka in a container", () => {
  describeRecording(() => startKafka(containerProvider()));
});
