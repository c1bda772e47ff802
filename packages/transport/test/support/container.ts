import { startDeadline } from "@ondash/core";
import type { Broker } from "@ondash/transport";
import { containerProvider } from "@ondash/transport/container";

/** A container of the image that these tests are written against, whatever ONDASH_KAFKA_IMAGE says. */
export async function startContainer(): Promise<Broker> {
  using deadline = startDeadline(90_000);
  return containerProvider({ image: "apache/kafka:4.3.1" }).start(deadline);
}
