import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Step } from "./talk.ts";

/** What a real Kafka answered, where it is the same in several versions once. */
interface Recorded {
  readonly versions: readonly number[];
  readonly steps: readonly Step[];
}

/** The committed transcripts of a family of dialogues: by title, then by version. */
export interface Golden {
  /** Undefined: nothing was recorded. */
  find(title: string, version: number): readonly Step[] | undefined;
  /** Replaces what there is of a dialogue. */
  set(title: string, transcripts: ReadonlyMap<number, readonly Step[]>): void;
  save(): void;
}

/** Reads `golden/<family>.json`; one that is not there is empty. */
export function openGolden(family: string): Golden {
  const file = new URL(`../golden/${family}.json`, import.meta.url);
  const all = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, readonly Recorded[]>)
    : ({} as Record<string, readonly Recorded[]>);
  return {
    find: (title, version) => all[title]?.find(({ versions }) => versions.includes(version))?.steps,
    set(title, transcripts) {
      const groups: { versions: number[]; steps: readonly Step[] }[] = [];
      for (const [version, steps] of transcripts) {
        const same = groups.find((group) => isDeepStrictEqual(group.steps, steps));
        if (same === undefined) groups.push({ versions: [version], steps });
        else same.versions.push(version);
      }
      all[title] = groups;
    },
    save() {
      // One line for each step: a change of Kafka's behaviour is a readable diff.
      const dialogues = Object.entries(all).map(([title, recordings]) => {
        const blocks = recordings.map(({ versions, steps }) => {
          const lines = steps.map((step) => `    ${JSON.stringify(step)}`).join(",\n");
          return `  {"versions": ${JSON.stringify(versions)}, "steps": [\n${lines}\n  ]}`;
        });
        return `${JSON.stringify(title)}: [\n${blocks.join(",\n")}\n]`;
      });
      writeFileSync(file, `{\n${dialogues.join(",\n")}\n}\n`);
    },
  };
}
