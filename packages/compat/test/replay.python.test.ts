import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pythonEnvironment, run } from "@ondash/schemas/testing";
import { describe, expect, it } from "vitest";
import { compare } from "../src/compare.ts";
import { referenceDecode } from "../src/reference-decode.ts";
import type { MessageValue } from "../src/value.ts";
import { edits } from "./edits.ts";
import { compileEdits, judgeImages } from "./support.ts";

const environment = await pythonEnvironment();
const reason = environment.available ? "" : environment.reason;

describe("Python's protobuf", () => {
  it.skipIf(!environment.available)(
    `reads every witness as the reference decoder does${reason && `: ${reason}`}`,
    async () => {
      if (!environment.available) return;
      const { before, after } = await compileEdits(edits);
      const judgements = await judgeImages(before, after);
      const cases = judgements.flatMap((judgement) =>
        judgement.witnesses
          .filter(({ witness }) => witness.effect.oracle !== "json")
          .map(({ direction, witness }) => ({ direction, witness, name: judgement.subject.name })),
      );
      expect(cases.length).toBeGreaterThan(100);
      const directory = mkdtempSync(join(tmpdir(), "ondash-replay-"));
      try {
        const files = [before, after].map(({ bytes }, index) => {
          const path = join(directory, `${index}.binpb`);
          writeFileSync(path, bytes);
          return path;
        });
        // The reader of B is the new side, of F the old one.
        const input = cases
          .map(
            ({ direction, witness }) =>
              `${direction === "B" ? 1 : 0} ${witness.sides.reader.typeName} ${Buffer.from(witness.bytes).toString("hex")}\n`,
          )
          .join("");
        const { status, stdout, stderr } = await run(
          environment.python,
          [join(import.meta.dirname, "replay.py"), ...files],
          { input },
        );
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        const lines = stdout.trimEnd().split("\n");
        expect(lines.length).toBe(cases.length);
        let differences = 0;
        for (const [index, { witness, name }] of cases.entries()) {
          const { effect, bytes, sides, decoders } = witness;
          const [verdict, hex = ""] = lines[index]?.split(" ") ?? [];
          const mine = read(sides.reader, bytes);
          expect(`${name}: ${verdict}`).toBe(`${name}: ${mine === undefined ? "error" : "ok"}`);
          if (mine !== undefined) {
            const theirs = read(sides.reader, new Uint8Array(Buffer.from(hex, "hex")));
            expect(theirs && compare(mine, theirs, "wire")).toEqual([]);
          }
          // Python sees the difference too, or the witness names the decoders that do.
          if (!decoders.includes("reference")) continue;
          differences += 1;
          if (effect.kind === "throws" && effect.oracle !== "relay") expect(verdict).toBe("error");
        }
        expect(differences).toBeGreaterThan(60);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  );
});

function read(desc: Parameters<typeof referenceDecode>[0], bytes: Uint8Array): MessageValue | undefined {
  try {
    return referenceDecode(desc, bytes);
  } catch {
    return undefined;
  }
}
