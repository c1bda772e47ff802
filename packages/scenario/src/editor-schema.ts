import * as z from "zod";
import { wholeFile } from "./definition.ts";

type Node = Record<string, unknown>;

/**
 * The format as one JSON Schema (draft 7), for editors: from the same definition that the parser checks against. Where a
 * number, a bool or a word of a fixed set is wanted, a lone `${name}` is as good.
 */
export function editorSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(wholeFile(), { io: "input", target: "draft-7" }) as Node;
  const { properties, definitions } = schema as { properties: Node; definitions: Node };
  for (const [key, property] of Object.entries(properties)) {
    if (!RAW.includes(key)) properties[key] = withParams(property);
  }
  schema["definitions"] = { ...(withParams(definitions) as Node), lone: LONE };
  return schema;
}

/** Members of a file into which no parameters are put before they are read. */
const RAW: readonly string[] = ["scenario", "extends", "params"];
const LONE = { type: "string", pattern: "^\\$\\{[^{}]+\\}$", description: "The value of a parameter" };

/** A schema, or a part of one, in which a lone `${name}` may stand for what is not just any string. */
function withParams(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withParams);
  if (typeof part !== "object" || part === null) return part;
  const node = part as Node;
  if (!isNarrow(node)) {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withParams(value)]));
  }
  const { description, ...narrow } = node;
  const either = { anyOf: [narrow, { $ref: "#/definitions/lone" }] };
  return description === undefined ? either : { description, ...either };
}

function isNarrow({ type, pattern, enum: words }: Node): boolean {
  return type === "integer" || type === "number" || type === "boolean" || (type === "string" && !!(pattern ?? words));
}
