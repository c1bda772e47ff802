import { fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { strictDecode } from "../../src/index.ts";
import type { GoldenCase } from "./golden-case.ts";

/**
 * The files of a case: paths relative to `proto/golden` and contents. Each ends in a newline.
 * @throws Error when the case is not what it says it is.
 */
export function goldenFiles(golden: GoldenCase): [path: string, content: string][] {
  const { desc, name, what, bytes, expect } = golden;
  const stem = `${desc.file.proto.package}/${desc.name}/${name}`;
  const fail = (why: string): never => {
    throw new Error(`golden vector ${stem}: ${why}`);
  };
  const files: [string, string][] = [[`${stem}.binpb.hex`, `${hex(bytes)}\n`]];
  const decoding = strictDecode(desc, bytes);
  const facts: Record<string, unknown> = { message: desc.typeName, what, expect };
  if (expect === "reject") {
    if (decoding.ok) return fail("strict decoding accepts it");
    const { reason, path, offset } = decoding.failure;
    Object.assign(facts, { reason, path, offset });
  } else {
    if (!decoding.ok) return fail(`strict decoding refuses it: ${decoding.failure.detail}`);
    if (golden.noJson === undefined) {
      const json = toJson(desc, decoding.message);
      files.unshift([`${stem}.json`, `${JSON.stringify(json, null, 2)}\n`]);
      const isCanonical = hex(toBinary(desc, fromJson(desc, json))) === hex(bytes);
      if (isCanonical !== (expect === "canonical")) fail(`it is ${isCanonical ? "" : "not "}what a writer makes of its JSON`);
    } else {
      facts["noJson"] = golden.noJson;
    }
    if (expect === "decode-only") facts["rewritten"] = hex(toBinary(desc, decoding.message));
  }
  const elsewhere = golden.elsewhere?.map((entry) => ({ ...entry, rewritten: hex(entry.rewritten) }));
  if (elsewhere !== undefined) facts["elsewhere"] = elsewhere;
  return [...files, [`${stem}.expect.json`, `${JSON.stringify(facts, null, 2)}\n`]];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
