import { createBuf, fileConfig } from "../src/buf.ts";
import { nodeEdges } from "../src/edges.ts";
import type { Image } from "../src/image.ts";
import { type Judgement, judge } from "../src/judge.ts";
import { type Direction, defaultPolicy, heaviest } from "../src/policy.ts";
import type { Edit } from "./edits.ts";
import type { Verdict } from "./verdicts.ts";

/** The package in which an edit lives. */
export function packageOf(index: number): string {
  return `edit${String(index).padStart(2, "0")}.v1`;
}

/** Compiles files, given by path. */
export async function compile(files: Readonly<Record<string, string>>): Promise<Image> {
  const edges = nodeEdges();
  using directory = edges.temporary();
  for (const [name, text] of Object.entries(files))
    edges.write(`${directory.path}/${name}`, new TextEncoder().encode(text));
  return await createBuf(edges, directory.path).build(directory.path);
}

function source(body: string, packageName: string): string {
  return body.startsWith("syntax")
    ? body.replace("PACKAGE", packageName)
    : `syntax = "proto3";\npackage ${packageName};\n${body}\n`;
}

function path(index: number): string {
  return `edit${index}/a.proto`;
}

/** Both sides of all edits as one image each: every edit has a file and a package of its own. */
export async function compileEdits(edits: readonly Edit[]): Promise<{ before: Image; after: Image }> {
  const files = (side: (edit: Edit) => string | undefined, after: boolean): Record<string, string> =>
    Object.fromEntries(
      edits.flatMap((edit, index) => {
        const body = side(edit);
        const name = (after ? edit.packageAfter : undefined) ?? packageOf(index);
        return body === undefined ? [] : [[path(index), source(body, name)]];
      }),
    );
  const before = await compile(files((edit) => edit.before, false));
  return { before, after: await compile(files((edit) => edit.after, true)) };
}

/** The gate between two images, by default rules. */
export async function judgeImages(before: Image, after: Image, seed = 42): Promise<readonly Judgement[]> {
  const buf = createBuf(nodeEdges(), process.cwd());
  const options = { buf, config: fileConfig, policy: defaultPolicy, seed, runs: 100 };
  return (await judge(after, [before], options)).judgements;
}

/** What the gate says about each edit. */
export async function judgeEdits(edits: readonly Edit[]): Promise<Judgement[][]> {
  const { before, after } = await compileEdits(edits);
  const judgements = await judgeImages(before, after);
  return edits.map((_, index) =>
    judgements.filter(({ subject }) => subject.file === path(index) || subject.name.startsWith(`${packageOf(index)}.`)),
  );
}

/**
 * What was found for an edit, in the form of the table. Left out is what protobuf-es alone misreads without an error:
 * that takes lucky bytes.
 */
export function summaryOf(judgements: readonly Judgement[]): Verdict {
  const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted();
  const witnesses = judgements.flatMap((judgement) => judgement.witnesses);
  const kinds = (direction: Direction): string[] =>
    sorted(
      witnesses
        .filter((directed) => directed.direction === direction)
        .filter(({ witness: { effect, decoders } }) => effect.kind === "throws" || decoders.join() !== "protobuf-es")
        .map(
          ({ witness: { effect, decoders } }) =>
            `${effect.oracle} ${effect.kind} ${decoders.map((decoder) => (decoder === "protojson" ? "j" : decoder === "protobuf-es" ? "e" : decoder[0])).join("")}`,
        ),
    );
  return {
    level: heaviest(judgements.map(({ level }) => level)),
    codes: sorted(
      judgements.flatMap(({ buf, rules }) => [...buf.map(({ type }) => type), ...rules.map(({ rule }) => rule)]),
    ),
    B: kinds("B"),
    F: kinds("F"),
  };
}
