import { containerProvider } from "@ondash/transport/container";
import { describeWithDocker } from "@ondash/transport/testing";
import { declareDialogues } from "./dialogue-suite.ts";

describeWithDocker("dialogues with apache/kafka in a container", () => {
  declareDialogues("container", containerProvider(), { record: process.env["ONDASH_RECORD"] === "1" });
});
