import { type DescField, fromBinary, fromJson, toBinary } from "@bufbuild/protobuf";
import { strictDecode } from "@ondash/schemas";
import { beforeAll, describe, expect, it } from "vitest";
import type { DirectedWitness } from "../src/compare-images.ts";
import { jsonOf } from "../src/finding.ts";
import type { Judgement } from "../src/judge.ts";
import { encodeJson, observe } from "../src/observe.ts";
import { reductions } from "../src/reduce.ts";
import { toMessage } from "../src/value.ts";
import { edits } from "./edits.ts";
import { judgeEdits, summaryOf } from "./support.ts";
import { verdicts } from "./verdicts.ts";

let found: readonly Judgement[][] = [];
beforeAll(async () => {
  found = await judgeEdits(edits);
}, 120_000);

function witnessesOf(index: number): readonly DirectedWitness[] {
  return (found[index] ?? []).flatMap((judgement) => judgement.witnesses);
}

const table = edits.map(({ name }, index) => ({ name, index }));

describe("the gate on an edit", () => {
  it("has at least 48 kinds of edit in its table, each once", () => {
    expect(new Set(edits.map(({ name }) => name)).size).toBe(edits.length);
    expect(edits.length).toBeGreaterThanOrEqual(48);
    expect(Object.keys(verdicts)).toEqual(edits.map(({ name }) => name));
  });

  it.each(table)("gives the expected verdict and witnesses: $name", ({ name, index }) => {
    expect(summaryOf(found[index] ?? [])).toEqual(verdicts[name]);
  });

  it("misses nothing with buf alone but the alias placed first and what comments promise", () => {
    const unseen = edits.filter(({ name }) => {
      const verdict = verdicts[name];
      return (
        verdict?.level === "break" &&
        !verdict.codes.some((code) => /^(?!ENUM_ALIAS|UNIT|TOPIC|RESERVED_REUSED)/.test(code))
      );
    });
    expect(unseen.map(({ name }) => name)).toEqual([
      "enum alias placed first",
      "a unit in a comment",
      "a topic in a comment",
    ]);
  });
});

describe("the witnesses of an edit", () => {
  it.each(table)("show what they say when one side encodes and the other decodes: $name", ({ index }) => {
    for (const { witness } of witnessesOf(index)) {
      const { effect, value, bytes, decoders, sides } = witness;
      expect(toBinary(sides.writer, toMessage(value))).toEqual(bytes);
      for (const decoder of decoders) {
        // Without the search's own reading: by the public decoders alone.
        const read = (): unknown => {
          if (decoder === "protobuf-es") return fromBinary(sides.reader, bytes);
          if (decoder === "protojson") return fromJson(sides.reader, encodeJson(value, sides.writerTypes) ?? null);
          const decoding = strictDecode(sides.reader, bytes);
          if (!decoding.ok) throw new Error(decoding.failure.detail);
          return decoding.message;
        };
        if (decoder === "reference" || effect.oracle === "relay") continue;
        if (effect.kind === "throws") expect(read).toThrow(/./);
        else expect(read).not.toThrow();
      }
    }
  });

  it.each(table)("are minimal: $name", ({ index }) => {
    const same = (a: DescField | undefined, b: DescField | undefined): boolean =>
      a?.number === b?.number && a?.parent.typeName === b?.parent.typeName;
    for (const { witness } of witnessesOf(index)) {
      const { effect, value, sides } = witness;
      for (const smaller of reductions(value)) {
        const again = observe(sides, smaller, effect.decoder).effects.filter(
          ({ oracle, kind, field }) =>
            oracle === effect.oracle && kind === effect.kind && (kind === "throws" || same(field, effect.field)),
        );
        expect(
          again.map(() => `${JSON.stringify(jsonOf(value))} is not minimal: ${JSON.stringify(jsonOf(smaller))}`),
        ).toEqual([]);
      }
    }
  });
});
