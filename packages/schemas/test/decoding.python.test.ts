import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DescMessage, type Message, toBinary } from "@bufbuild/protobuf";
import { chatV1, chatV2, strictDecode, type WireFailureReason } from "@ondash/schemas";
import { anyMessage } from "@ondash/schemas/arbitraries";
import { generatePythonCode, pythonEnvironment, run } from "@ondash/schemas/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { someTree } from "./support/any-encoding.ts";
import { malformations } from "./support/malformations.ts";
import { encodeWire } from "./support/wire-tree.ts";

const environment = await pythonEnvironment();
const types: readonly DescMessage[] = [chatV1.envelope, chatV1.message, chatV2.envelope, chatV2.message];

/** A type and a message of it. */
function typed(unknownFields: boolean): fc.Arbitrary<[DescMessage, Message]> {
  return fc.oneof(
    ...types.map((desc) =>
      anyMessage(desc, { json: false, unknownFields }).map((message): [DescMessage, Message] => [desc, message]),
    ),
  );
}

/** What Python's protobuf read: the bytes it writes for it, in hex, or undefined where it refused. */
async function decodeWithPython(
  generated: string,
  cases: readonly (readonly [DescMessage, Uint8Array])[],
): Promise<(string | undefined)[]> {
  if (!environment.available) throw new Error(environment.reason);
  const input = cases.map(([{ typeName }, bytes]) => `${typeName} ${hex(bytes)}\n`).join("");
  const script = join(import.meta.dirname, "support/decode.py");
  const { status, stdout, stderr } = await run(environment.python, [script, generated], { input });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const lines = stdout.split("\n").slice(0, -1);
  expect(lines).toHaveLength(cases.length);
  return lines.map((line) => (line.startsWith("ok ") ? line.slice(3) : undefined));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

const title = environment.available ? "" : ` (left out: ${environment.reason})`;

describe.skipIf(!environment.available)(`Python's protobuf${title}`, () => {
  let generated: string;
  beforeAll(async () => {
    generated = await mkdtemp(join(tmpdir(), "ondash-python-"));
    for (const version of [1, 2] as const) {
      const { status, stderr } = await generatePythonCode(generated, version);
      if (status !== 0) throw new Error(`protoc: exit ${status}: ${stderr}`);
    }
  });
  afterAll(() => rm(generated, { recursive: true, force: true }));

  it("reads from every sound encoding what strictDecode reads", async () => {
    const drawn = fc.sample(fc.tuple(typed(true), fc.gen()), 2000);
    const cases = drawn.map(([[desc, message], draw]) => [desc, encodeWire(someTree(desc, message, draw))] as const);
    const read = await decodeWithPython(generated, cases);
    const differences = cases.flatMap(([desc, bytes], index) => {
      const decoding = strictDecode(desc, bytes);
      const ours = decoding.ok ? hex(toBinary(desc, decoding.message)) : undefined;
      return ours !== undefined && ours === read[index]
        ? []
        : [{ type: desc.typeName, bytes: hex(bytes), ours, python: read[index] }];
    });
    expect(differences).toEqual([]);
  });

  // In these strictDecode is stricter: Python keeps what it does not expect as an unknown field, and merges.
  const stricter: readonly WireFailureReason[] = ["wire-type", "group", "oneof-repeated"];
  const shared = Object.entries(malformations).filter(
    // The chat schemas have no packed lists.
    ([name, { reason }]) => !stricter.includes(reason) && !name.includes("packed"),
  );

  it.each(shared)("refuses, like strictDecode, %s", async (_, { damage }) => {
    const drawn = fc.sample(fc.tuple(typed(false), fc.gen()), 200);
    const cases = drawn.flatMap(([[desc, message], draw]) => {
      const made = damage(desc, someTree(desc, message, draw), draw);
      return made === undefined ? [] : [[desc, made.bytes] as const];
    });
    const read = await decodeWithPython(generated, cases);
    expect(cases.length).toBeGreaterThan(50);
    const accepted = cases.filter((_case, index) => read[index] !== undefined);
    expect(accepted.map(([{ typeName }, bytes]) => `${typeName} ${hex(bytes)}`)).toEqual([]);
  });
});
