/**
 * Writes `src/wire/messages.generated.ts` and `errors.generated.ts` from the facts in `protocol/`.
 * With `--check` writes nothing and exits 1 when the committed files are not what the facts give.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface FieldFact {
  name: string;
  type: string;
  versions: string;
  nullableVersions?: string;
  taggedVersions?: string;
  flexibleVersions?: string;
  tag?: number;
  default?: string | number | boolean;
  fields?: FieldFact[];
}
interface MessageFact {
  name: string;
  type: "request" | "response" | "header" | "data";
  apiKey?: number;
  validVersions: string;
  flexibleVersions?: string;
  fields: FieldFact[];
  commonStructs?: { name: string; fields: FieldFact[] }[];
}

const root = new URL("../", import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const messages = Object.values(read("protocol/messages.json") as Record<string, MessageFact>);
const errors = read("protocol/errors.json") as Record<string, { code: number; retriable: boolean }>;

const MAX = 32_767;
function range(text: string | undefined): [number, number] | undefined {
  if (text === undefined || text === "none") return undefined;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (match === null) throw new Error(`not a version range: ${text}`);
  const from = Number(match[1]);
  return [from, match[2] === "+" ? MAX : Number(match[3] ?? from)];
}
const camel = (name: string): string => name[0]?.toLowerCase() + name.slice(1);
const SCALARS: Record<string, string> = {
  bool: "boolean",
  int8: "number",
  int16: "number",
  int32: "number",
  float64: "number",
  int64: "bigint",
  string: "string",
  uuid: "string",
  bytes: "Uint8Array",
  records: "Uint8Array",
};

function structOf(message: MessageFact, field: FieldFact): FieldFact[] | undefined {
  const element = field.type.replace(/^\[\]/, "");
  if (element in SCALARS) return undefined;
  const fields = field.fields ?? message.commonStructs?.find((struct) => struct.name === element)?.fields;
  if (fields === undefined) throw new Error(`${message.name}.${field.name}: no struct ${element}`);
  return fields;
}

/** `[name, type, from, to, nullable from, nullable to, tag, tagged from, default, fields]`, absent parts as 0 or null. */
function compact(message: MessageFact, field: FieldFact): unknown[] {
  const [from, to] = range(field.versions) ?? [0, -1];
  const [nullFrom, nullTo] = range(field.nullableVersions) ?? [0, -1];
  const tagged = range(field.taggedVersions);
  const fields = structOf(message, field);
  return [
    camel(field.name),
    fields === undefined ? field.type : field.type.startsWith("[]") ? "[]struct" : "struct",
    from,
    to,
    nullFrom,
    nullTo,
    tagged === undefined ? -1 : (field.tag ?? -1),
    tagged?.[0] ?? 0,
    field.default === undefined ? "" : String(field.default),
    fields?.map((inner) => compact(message, inner)) ?? null,
    // The one such field, the request header's clientId, is never compact.
    field.flexibleVersions === "none" ? 1 : 0,
  ];
}

function typeOf(message: MessageFact, field: FieldFact, indent: string): string {
  const fields = structOf(message, field);
  const element =
    fields === undefined
      ? (SCALARS[field.type.replace(/^\[\]/, "")] ?? "never")
      : `{\n${fields.map((inner) => member(message, inner, `${indent}  `)).join("")}${indent}}`;
  const whole = field.type.startsWith("[]") ? `${element}[]` : element;
  const nullable = range(field.nullableVersions) !== undefined || field.type === "records";
  return nullable ? `${whole} | null` : whole;
}
function member(message: MessageFact, field: FieldFact, indent: string): string {
  return `${indent}${camel(field.name)}: ${typeOf(message, field, indent)};\n`;
}

const HEADER = "// Written by scripts/generate-messages.ts from protocol/. Do not edit.\n\n";
const apis = messages
  .filter((message) => message.type === "request")
  .map((message) => message.name.slice(0, -"Request".length));

function messagesFile(): string {
  const out = [HEADER];
  for (const message of messages) {
    out.push(
      `export interface ${message.name} {\n${message.fields.map((field) => member(message, field, "  ")).join("")}}\n\n`,
    );
  }
  out.push(`export interface RequestBodies {\n${apis.map((api) => `  ${api}: ${api}Request;\n`).join("")}}\n\n`);
  out.push(`export interface ResponseBodies {\n${apis.map((api) => `  ${api}: ${api}Response;\n`).join("")}}\n\n`);
  out.push(`/** Name, API key (-1: not a request), first and last valid version, first flexible version, fields. */\n`);
  out.push(`export type MessageFacts = readonly [string, number, number, number, number, readonly FieldFacts[]];\n`);
  out.push(
    `/** Name, type, versions from, to, nullable from, to, tag (-1: none), tagged from, default, fields, never compact. */\n`,
  );
  out.push(
    `export type FieldFacts = readonly [string, string, number, number, number, number, number, number, string, readonly FieldFacts[] | null, number];\n\n`,
  );
  out.push(`export const messageFacts: readonly MessageFacts[] = [\n`);
  for (const message of messages) {
    const [first, last] = range(message.validVersions) ?? [0, -1];
    const flexible = range(message.flexibleVersions)?.[0] ?? MAX;
    const fields = message.fields.map((field) => compact(message, field));
    out.push(`  ${JSON.stringify([message.name, message.apiKey ?? -1, first, last, flexible, fields])},\n`);
  }
  out.push(`];\n`);
  return out.join("");
}

function errorsFile(): string {
  const entries = Object.entries(errors);
  const constants = entries.map(([name, { code }]) => `  ${name}: ${code},\n`).join("");
  const retriable = entries.filter(([, fact]) => fact.retriable).map(([, { code }]) => code);
  return `${HEADER}/** Kafka's error codes by name. */
export const ErrorCode: { readonly [Name in ErrorName]: number } = {\n${constants}};\n
export type ErrorName =\n${entries.map(([name]) => `  | "${name}"`).join("\n")};\n
/** Codes after which a client may try again. */
export const retriableCodes: readonly number[] = ${JSON.stringify(retriable)};\n`;
}

const check = process.argv.includes("--check");
for (const [path, text] of [
  ["src/wire/messages.generated.ts", messagesFile()],
  ["src/wire/errors.generated.ts", errorsFile()],
] as const) {
  const file = new URL(path, root);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write(`packages/embedded-kafka/${path} is stale: run \`pnpm generate\`\n`);
    process.exitCode = 1;
  }
}
