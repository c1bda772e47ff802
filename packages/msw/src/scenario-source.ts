import { type Clock, nearest, systemClock } from "@ondash/core";
import type { EventSource, PostOutcome, SourceEvent } from "@ondash/http";
import { type PlanSchema, plan, type Scenario } from "@ondash/scenario";
import type { SchemaName } from "@ondash/schemas";
import { type Conversation, createConversation } from "./conversation.ts";
import { MswError } from "./error.ts";
import { playlistOf } from "./playlist.ts";

/** How scenarios are played. */
export interface ScenarioSourceOptions {
  /** 1: the scenario's timing; 2: twice as fast; 0 (default): no waits, a turn is said at once and in one go. */
  readonly speed?: number;
  /** Overrides each scenario's own seed (else 42). */
  readonly seed?: number;
  /**
   * What the backend publishes, as `ondash run --schema` has it: one version (the other one's streams stay empty), or
   * both side by side. Default: each version as if it alone were published; a scenario that says `schema: both`, side by
   * side.
   */
  readonly schema?: PlanSchema;
  /** Values of parameters, by the scenario's name: `{ "sales-chart": { region: "APAC" } }`. */
  readonly set?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * "planned" (default): events arrive in the order in which they were sent. "shuffled": in another one of the orders
   * that Kafka may deliver them in, drawn from the seed.
   */
  readonly arrival?: "planned" | "shuffled";
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** Scenarios as a source of events: what is posted is answered by the first scenario that it matches. */
export interface ScenarioSource extends EventSource, Disposable {
  /** Resolves when no turn of the conversation (of any, without an id) is being played. */
  idle(conversationId?: string): Promise<void>;
  /** Forgets all conversations: turns stop, open streams are cut, the next POST is a conversation's first. */
  reset(): void;
  /** As `reset`, for good: whatever is asked afterwards is refused. */
  [Symbol.dispose](): void;
}

/**
 * Plays scenarios in memory.
 *
 * A turn is played to its end whether somebody listens or not; connections read what the conversation has said so far
 * and wait for more. Ids are those of `ondash run` with the same scenario and seed: the n-th POST that a scenario
 * answers in a conversation plays the seed plus n − 1, so that no two turns of a conversation have the same ids. (Two
 * conversations do have the same message and event ids: a turn is known by conversation *and* message.)
 * The faults of a scenario strike here, too: what is dropped does not come, and what can't be decoded comes as text
 * that is no JSON. Everything is kept until `reset`.
 *
 * @throws MswError `option` for options that it does not take, or two scenarios of the same name; ScenarioError for
 * parameters that a scenario does not take.
 */
export function createScenarioSource(
  scenarios: readonly Scenario[],
  options: ScenarioSourceOptions = {},
): ScenarioSource {
  refuseWrongOptions(scenarios, options);
  const { speed = 0, clock = systemClock, arrival = "planned" } = options;
  let conversations = new Map<string, Conversation>();
  let lifetime = new AbortController();
  let closed = false;

  const conversationOf = (id: string): Conversation => {
    if (closed) throw new MswError("closed", "these scenarios were disposed of: nothing is played any more");
    const known = conversations.get(id);
    if (known !== undefined) return known;
    const made = createConversation();
    conversations.set(id, made);
    return made;
  };
  const reset = (why: string): void => {
    for (const conversation of conversations.values()) conversation.stop();
    conversations = new Map();
    lifetime.abort(new MswError("closed", why));
    lifetime = new AbortController();
  };

  return {
    open({ conversationId, schema, after, signal }) {
      const conversation = conversationOf(conversationId);
      return follow(conversation, schema, conversation.indexOf(schema, after), signal, lifetime.signal);
    },
    async post({ conversationId, text }): Promise<PostOutcome> {
      const conversation = conversationOf(conversationId);
      const scenario = scenarios.find((candidate) => isMatch(candidate, text));
      if (scenario === undefined) {
        const candidates = scenarios.flatMap(({ name, match }) => (match === undefined ? [] : [name]));
        return { kind: "no-match", candidates };
      }
      const { schema, seed } = options;
      const set = options.set?.[scenario.name];
      const list = (wanted: number | undefined) =>
        playlistOf(scenario, { conversationId, schema, seed: wanted, set, arrival });
      const nth = conversation.count(scenario.name);
      const first = list(seed);
      const playlist = nth === 1 ? first : list(nthSeed(first.seed, nth));
      conversation.start(playlist, { speed, clock });
      return { kind: "accepted", messageId: playlist.messageId };
    },
    async cancel({ conversationId, messageId }) {
      const turn = conversationOf(conversationId).turn(messageId);
      turn?.cancel();
      return turn === undefined ? "unknown" : "accepted";
    },
    async history({ conversationId, schema }) {
      return conversationOf(conversationId)
        .log(schema)
        .events.flatMap(({ payload }) => ("envelope" in payload ? [payload.envelope] : []));
    },
    async idle(conversationId) {
      const those = conversationId === undefined ? [...conversations.values()] : [conversations.get(conversationId)];
      await Promise.all(those.flatMap((conversation) => conversation?.idle() ?? []));
    },
    reset: () => reset("the conversation was reset"),
    [Symbol.dispose]() {
      closed = true;
      reset("these scenarios were disposed of");
    },
  };
}

/** Seeds go round at the end of the safe integers. */
function nthSeed(first: number, nth: number): number {
  const seed = first + (nth - 1);
  return Number.isSafeInteger(seed) ? seed : Number.MIN_SAFE_INTEGER + nth;
}

/** A conversation's events until the client goes away; a source that ends breaks the stream off. */
async function* follow(
  conversation: Conversation,
  schema: SchemaName,
  index: number,
  signal: AbortSignal,
  lifetime: AbortSignal,
): AsyncGenerator<SourceEvent, void> {
  yield* conversation.follow(schema, index, AbortSignal.any([signal, lifetime]));
  if (!signal.aborted) lifetime.throwIfAborted();
}

function isMatch({ match }: Scenario, text: string): boolean {
  return match !== undefined && new RegExp(match.regex, match.flags).test(text);
}

function refuseWrongOptions(
  scenarios: readonly Scenario[],
  { speed, seed, schema, set = {} }: ScenarioSourceOptions,
): void {
  if (speed !== undefined && !(Number.isFinite(speed) && speed >= 0)) {
    throw new MswError("option", `speed: expected a number from 0 (no waits) on, got ${speed}`);
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new MswError("option", `seed: expected an integer, got ${seed}`);
  }
  const names = scenarios.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new MswError("option", `two scenarios are called ${twice}`);
  for (const [name, values] of Object.entries(set)) {
    const scenario = scenarios.find((candidate) => candidate.name === name);
    if (scenario === undefined) {
      const meant = nearest(name, names);
      throw new MswError(
        "option",
        `set: no scenario ${name} here${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      );
    }
    // Told now, and not to whoever posts.
    plan(scenario, { set: values, ...(schema === undefined ? {} : { schema }) });
  }
}
