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

  /** Resolves when the log, which goes on after a start, holds the line of readiness so many times. */
  const ready = async (times: number): Promise<void> => {
    const log = await container.logs({ follow: true, stdout: true, stderr: true });
    const seen = Promise.withResolvers<void>();
    let text = "";
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        if (text.split(READY_LINE).length > times) seen.resolve();
        done();
      },
    });
    log.once("end", () => seen.reject(new Error(`Kafka did not start again:\n${text.slice(-2_000)}`)));
    log.pipe(sink);
    try {
      await seen.promise;
    } finally {
      log.unpipe(sink);
      // It is a socket's end of a stream that would go on for as long as the container lives.
      if ("destroy" in log && typeof log.destroy === "function") log.destroy();
    }
  };
  let starts = 1;
  const start = async (): Promise<void> => {
    await container.start();
    await ready(++starts);
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
