import { randomUUID } from "node:crypto";
import { startDeadline } from "@ondash/core";
import {
  type ApiName,
  connectRaw,
  errorName,
  isWireError,
  type RawConnection,
  type RequestInput,
  type ResponseOf,
} from "@ondash/embedded-kafka/wire";
import { createNormaliser, type Plain } from "./normalise.ts";

/** One step of a transcript: what was asked, and the whole answer. */
export interface Step {
  readonly ask: string;
  readonly answer: Plain;
}

/** Asks a broker and writes down what it answers. */
export interface Talk {
  /** A unique name that stands in the transcript as `<label>`. */
  name(label: string): string;
  /** Has this name stand in the transcript as `<label>`. */
  alias(name: string, label: string): string;
  /** Asks and writes the answer down. `note` says what the request is about. */
  ask<Api extends ApiName>(note: string, api: Api, version: number, body: RequestInput<Api>): Promise<ResponseOf<Api>>;
  /** Writes down whether this request is answered or ends the connection; the next one has a new connection. */
  isAnswered<Api extends ApiName>(note: string, api: Api, version: number, body: RequestInput<Api>): Promise<void>;
  /** Asks without writing down. Asks again while the answer is "not yet": a real broker takes a moment to be ready. */
  quietly<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestInput<Api>,
    codeOf?: (answer: ResponseOf<Api>) => number | undefined,
  ): Promise<ResponseOf<Api>>;
  /** A second client of the same broker, writing into the same transcript. */
  another(): Promise<Talk>;
}

const NOT_YET = new Set([
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
  "LEADER_NOT_AVAILABLE",
  "CONCURRENT_TRANSACTIONS",
]);
const MAX_QUESTIONS = 5_000;
/** For a whole dialogue in one version; it takes a fraction of a second. */
const ANSWER_MS = 60_000;

/** Holds a dialogue with the broker at `bootstrap` and gives what was written down. */
export async function transcribe(bootstrap: string, dialogue: (talk: Talk) => Promise<void>): Promise<Step[]> {
  const at = bootstrap.lastIndexOf(":");
  const address = { host: bootstrap.slice(0, at), port: Number(bootstrap.slice(at + 1)), clientId: "dialogue" };
  const steps: Step[] = [];
  const made = new Map<string, string>();
  const normalise = createNormaliser(made);
  const connections: RawConnection[] = [];
  using deadline = startDeadline(ANSWER_MS);

  const alias = (name: string, label: string): string => {
    made.set(name, `<${label}>`);
    return name;
  };
  const open = async (): Promise<Talk> => {
    let connection = await connectRaw(address);
    connections.push(connection);
    const request = <Api extends ApiName>(
      api: Api,
      version: number,
      body: RequestInput<Api>,
    ): Promise<ResponseOf<Api>> =>
      deadline.race(
        connection.request(api, version, body),
        () => `an answer to ${api} v${version} after ${steps.length} steps`,
      );
    return {
      name: (label) => alias(`${label}-${randomUUID()}`, label),
      alias,
      async ask(note, api, version, body) {
        const answer = await request(api, version, body);
        steps.push({ ask: `${api}: ${note}`, answer: normalise(api, answer) });
        return answer;
      },
      async isAnswered(note, api, version, body) {
        let outcome = "answered";
        try {
          await request(api, version, body);
        } catch (error) {
          if (!isWireError(error) || error.code !== "connection") throw error;
          outcome = "connection closed";
          connection = await connectRaw(address);
          connections.push(connection);
        }
        steps.push({ ask: `${api}: ${note}`, answer: outcome });
      },
      async quietly(api, version, body, codeOf) {
        for (let question = 0; question < MAX_QUESTIONS; question++) {
          const answer = await request(api, version, body);
          if (!NOT_YET.has(errorName(codeOf?.(answer) ?? 0))) return answer;
        }
        throw new Error(`${api} v${version}: not ready after ${MAX_QUESTIONS} questions`);
      },
      another: open,
    };
  };

  try {
    await dialogue(await open());
    return steps;
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}
