import { containerProvider } from "@ondash/transport/container";
import { describeWithDocker } from "@ondash/transport/testing";
import { declareSuite } from "./suite.ts";

describeWithDocker("apache/kafka in a container", () => {
  declareSuite("container", containerProvider());
});
