import { Writable } from "node:stream";
import { getContainerRuntimeClient } from "testcontainers";
import { CONTAINER_LABEL, READY_LINE } from "../container.ts";
import type { Broker } from "../types.ts";

/** The container that a broker of this process runs in: what may happen to a machine. */
export interface BrokerContainer {
  /** SIGKILL: no goodbye to anybody. Resolves when nothing of it runs any more. */
  kill(): Promise<void>;
  /** Starts it again, with its log and under its address. Resolves when Kafka says that it is ready. */
  start(): Promise<void>;
  /** An orderly stop, and the start after it. */
  restart(): Promise<void>;
}

/** Finds it by the port that it publishes. */
export async function containerOf({ bootstrap }: Pick<Broker, "bootstrap">): Promise<BrokerContainer> {
  const { container: runtime } = await getContainerRuntimeClient();
  const port = Number(bootstrap[0]?.split(":").at(-1));
  const ours = await runtime.dockerode.listContainers({
    filters: { label: [`${CONTAINER_LABEL}=${process.pid}`], publish: [String(port)] },
  });
  const [found] = ours;
  if (found === undefined) throw new Error(`no container of this process publishes port ${port}`);
  const container = runtime.dockerode.getContainer(found.Id);

  /** Resolves when Kafka has logged that it is ready, in this life of the container. */
  const ready = async (): Promise<void> => {
    const { State } = await container.inspect();
    // The log holds its former lives, too.
    const since = Date.parse(State.StartedAt) / 1_000;
    const log = await container.logs({ follow: true, stdout: true, stderr: true, since });
    const seen = Promise.withResolvers<void>();
    let last = "";
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        const text = last + chunk.toString();
        if (text.includes(READY_LINE)) seen.resolve();
        // The line may come in two pieces; and it is what is shown when Kafka does not come up.
        last = text.slice(-2_000);
        done();
      },
    });
    log.once("end", () => seen.reject(new Error(`Kafka did not start again:\n${last}`)));
    log.pipe(sink);
    try {
      await seen.promise;
    } finally {
      log.unpipe(sink);
      // It would go on for as long as the container lives.
      if ("destroy" in log && typeof log.destroy === "function") log.destroy();
    }
  };
  const start = async (): Promise<void> => {
    await container.start();
    await ready();
  };
  return {
    async kill() {
      const ended = container.wait();
      await container.kill();
      await ended;
    },
    start,
    async restart() {
      await container.stop();
      await start();
    },
  };
}
