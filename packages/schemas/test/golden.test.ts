import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  ScalarType,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { strictDecode } from "@ondash/schemas";
import { file_chat_v1_chat, file_chat_v1_events } from "@ondash/schemas/chat/v1";
import { file_chat_v2_chat, file_chat_v2_events } from "@ondash/schemas/chat/v2";
import { describe, expect, it } from "vitest";

const directory = join(import.meta.dirname, "../../../proto/golden");
const files = [file_chat_v1_events, file_chat_v1_chat, file_chat_v2_events, file_chat_v2_chat];
const registry = createRegistry(...files);
const typeNames = files.flatMap((file) => file.messages.map(({ typeName }) => typeName));

/** What an expect.json says. */
interface Expectation {
  readonly message: string;
  readonly what: string;
  readonly expect: "canonical" | "decode-only" | "reject";
  /** decode-only: what is written again. */
  readonly rewritten?: string;
  /** decode-only: why there is no JSON. */
  readonly noJson?: string;
  /** reject: what strictDecode says. */
  readonly reason?: string;
  readonly path?: string;
  readonly offset?: number;
  /** Who does otherwise. */
  readonly elsewhere?: readonly {
    readonly by: readonly string[];
    readonly because: string;
    readonly rewritten: string;
  }[];
}

interface Vector {
  readonly name: string;
  readonly desc: DescMessage;
  readonly expectation: Expectation;
  readonly bytes: Uint8Array;
  readonly json: JsonValue | undefined;
}

const vectors = globSync("*/*/*.expect.json", { cwd: directory })
  .toSorted()
  .map((file): Vector => {
    const read = (extension: string): string =>
      readFileSync(join(directory, file.replace(/expect\.json$/, extension)), "utf8");
    const expectation = JSON.parse(read("expect.json")) as Expectation;
    const desc = registry.getMessage(expectation.message);
    if (desc === undefined) throw new Error(`${file}: there is no ${expectation.message}`);
    const bytes = Uint8Array.from(Buffer.from(read("binpb.hex").trim(), "hex"));
    const hasJson = expectation.expect !== "reject" && expectation.noJson === undefined;
    const json = hasJson ? (JSON.parse(read("json")) as JsonValue) : undefined;
    return { name: file.replace(/^.*\/|\.expect\.json$/g, ""), desc, expectation, bytes, json };
  });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What is not as the vector says. */
function problems({ desc, expectation, bytes, json }: Vector): unknown[] {
  const decoding = strictDecode(desc, bytes);
  if (expectation.expect === "reject") {
    const { reason, path, offset } = expectation;
    if (decoding.ok) return ["is accepted"];
    const { failure } = decoding;
    return [reason, path, offset].join() === [failure.reason, failure.path, failure.offset].join() ? [] : [failure];
  }
  if (!decoding.ok) return [decoding.failure];
  const found: unknown[] = [];
  const compare = (what: string, got: unknown, want: unknown): void => {
    if (JSON.stringify(got) !== JSON.stringify(want)) found.push({ what, got, want });
  };
  const message = fromBinary(desc, bytes);
  const canonical = expectation.expect === "canonical";
  compare("written again", hex(toBinary(desc, message)), canonical ? hex(bytes) : expectation.rewritten);
  if (json === undefined) {
    expect(() => toJson(desc, message)).toThrow("cannot encode message google.protobuf.Timestamp to JSON");
    return found;
  }
  compare("as JSON", toJson(desc, message), json);
  const written = hex(toBinary(desc, fromJson(desc, json)));
  if (canonical) compare("from JSON", written, hex(bytes));
  else if (written === hex(bytes)) found.push("is canonical");
  return found;
}

describe("golden vectors", () => {
  it.each(typeNames)("of %s hold", (typeName) => {
    const own = vectors.filter(({ desc }) => desc.typeName === typeName);
    expect(own.flatMap((vector) => problems(vector).map((problem) => [vector.name, problem]))).toEqual([]);
  });

  it.each(typeNames)("of %s are of all kinds", (typeName) => {
    const own = vectors.filter(({ desc }) => desc.typeName === typeName);
    const names = own.map(({ name }) => name);
    const always = ["empty", "unknown-fields", "duplicate-scalars", "explicit-zeros", "long-varints", "truncated"];
    const desc = registry.getMessage(typeName) as DescMessage;
    const arms = desc.oneofs.flatMap(({ fields }) => fields.map(({ name }) => `full-${name}`));
    const wanted = desc.fields.some(({ oneof }) => oneof === undefined)
      ? always
      : always.filter((name) => !/scalars|zeros/.test(name));
    expect(names).toEqual(expect.arrayContaining([...wanted, ...(arms.length > 0 ? arms : ["full"])]));
    for (const { name } of desc.oneofs.flatMap(({ fields }) => fields)) expect(names).toContain(`empty-${name}`);
    if (desc.fields.some((field) => field.enum !== undefined)) expect(names).toContain("unknown-enum");
    if (desc.fields.some((field) => field.message !== undefined)) expect(names).toContain("overrun");
    if (desc.fields.some((field) => field.scalar === ScalarType.STRING)) expect(names).toContain("utf8-stray-byte");
    expect(names.some((name) => name.startsWith("wrong-wire-type-"))).toBe(true);
  });

  it("are refused by upb too, but for three reasons, and each exception says why", () => {
    const rejected = vectors.filter(({ expectation }) => expectation.expect === "reject");
    const byUpb = rejected.filter(({ expectation }) => expectation.elsewhere?.some(({ by }) => by.includes("upb")));
    const reasons = new Set(byUpb.map(({ expectation }) => expectation.reason));
    expect(reasons).toEqual(new Set(["wire-type", "group", "oneof-repeated"]));
    const exceptions = vectors.flatMap(({ expectation }) => expectation.elsewhere ?? []);
    expect(exceptions.filter(({ because }) => because === "")).toEqual([]);
  });
});
