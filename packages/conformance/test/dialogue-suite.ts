import { startDeadline } from "@ondash/core";
import { apiKey, connectRaw, validVersions } from "@ondash/embedded-kafka/wire";
import type { Broker, BrokerProvider } from "@ondash/transport";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dialogue } from "./dialogues/dialogue.ts";
import { type Difference, differences } from "./dialogues/differences.ts";
import { type Golden, openGolden } from "./dialogues/golden.ts";
import { dialogues } from "./dialogues/index.ts";
import { partings } from "./dialogues/normalise.ts";
import { type Step, transcribe } from "./dialogues/talk.ts";

/**
 * Holds every dialogue in every version that the broker advertises and this suite can encode, and compares the whole of
 * each answer with what `apache/kafka` answered when the golden files were recorded. With `record` (for the container
 * alone) they are written instead.
 */
export function declareDialogues(
  backend: Difference["backend"],
  provider: BrokerProvider,
  options: { readonly record?: boolean } = {},
): void {
  let broker: Broker | undefined;
  let advertised: ReadonlyMap<number, readonly [first: number, last: number]> = new Map();
  beforeAll(async () => {
    using deadline = startDeadline(120_000);
    broker = await provider.start(deadline);
    advertised = await versionsOf(bootstrapOf(broker));
  });
  afterAll(() => broker?.[Symbol.asyncDispose]());

  for (const [family, list] of Object.entries(dialogues)) {
    describe(family, () => {
      const golden = openGolden(family);
      for (const dialogue of list) {
        const known = differences.filter((each) => each.backend === backend && each.dialogue === dialogue.title);
        const but = known.map(({ place, reason }) => ` [differs at ${place}: ${reason}]`).join("");
        it(`${dialogue.title}: in every version of ${dialogue.api} as a real Kafka answers${but}`, {
          timeout: 300_000,
        }, async () => {
          const transcripts = await holdAll(dialogue, bootstrapOf(broker), advertised);
          expect(transcripts.size, `versions of ${dialogue.api} that the broker serves`).toBeGreaterThan(0);
          if (options.record === true) golden.set(dialogue.title, transcripts);
          else expect(unexplained(differencesOf(dialogue, transcripts, golden), known)).toEqual([]);
        });
      }
      if (options.record === true) afterAll(() => golden.save());
    });
  }
}

function bootstrapOf(broker: Broker | undefined): string {
  const [bootstrap] = broker?.bootstrap ?? [];
  if (bootstrap === undefined) throw new Error("the broker did not start");
  return bootstrap;
}

async function versionsOf(bootstrap: string): Promise<Map<number, readonly [number, number]>> {
  const at = bootstrap.lastIndexOf(":");
  await using connection = await connectRaw({ host: bootstrap.slice(0, at), port: Number(bootstrap.slice(at + 1)) });
  const { apiKeys } = await connection.request("ApiVersions", 0, {});
  return new Map(apiKeys.map(({ apiKey: key, minVersion, maxVersion }) => [key, [minVersion, maxVersion]]));
}

async function holdAll(
  dialogue: Dialogue,
  bootstrap: string,
  advertised: ReadonlyMap<number, readonly [number, number]>,
): Promise<Map<number, Step[]>> {
  const served = advertised.get(apiKey(dialogue.api)) ?? [0, -1];
  const known = validVersions(dialogue.api);
  const [from, to] = dialogue.versions ?? known;
  const transcripts = new Map<number, Step[]>();
  for (let version = Math.max(served[0], known[0], from); version <= Math.min(served[1], known[1], to); version++) {
    transcripts.set(version, await transcribe(bootstrap, (talk) => dialogue.hold(talk, version)));
  }
  return transcripts;
}

/** The lines without those that are known, and a line for each known difference that has gone. */
function unexplained(lines: readonly string[], known: readonly Difference[]): string[] {
  const isAt = (line: string, { place }: Difference): boolean => line.replace(/^v\d+, /, "").startsWith(place);
  const gone = known.filter((each) => !lines.some((line) => isAt(line, each)));
  return [
    ...lines.filter((line) => !known.some((each) => isAt(line, each))),
    ...gone.map(({ place }) => `no longer differs, take it off the list: ${place}`),
  ];
}

/** A line for each place in which an answer is not the recorded one. */
function differencesOf(
  dialogue: Dialogue,
  transcripts: ReadonlyMap<number, readonly Step[]>,
  golden: Golden,
): string[] {
  return [...transcripts].flatMap(([version, steps]) => {
    const recorded = golden.find(dialogue.title, version);
    if (recorded === undefined) return [`v${version}: nothing recorded; record with ONDASH_RECORD=1 (see README.md)`];
    const length = Math.max(steps.length, recorded.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) => {
      const [got, want] = [steps[index], recorded[index]];
      const asked = partings(got?.ask, want?.ask).map((line) => `v${version}, step ${index}: ${line}`);
      return [...asked, ...partings(got?.answer, want?.answer).map((line) => `v${version}, ${want?.ask}: ${line}`)];
    });
  });
}
