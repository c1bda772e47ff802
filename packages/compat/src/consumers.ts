import { type DescField, type DescMessage, type Registry } from "@bufbuild/protobuf";
import { type Node, readYaml } from "./yaml-file.ts";

/** Fields that a consumer reads from one source. */
export interface Reading {
  /** A Kafka topic, or undefined when it reads from somewhere else. */
  readonly topic: string | undefined;
  /** What it reads from, for people: the topic or the API. */
  readonly source: string;
  /** Full names of the fields, with those on the way to them: `chat.v1.EventEnvelope.text`, `chat.v1.TextEvent.text`. */
  readonly fields: ReadonlySet<string>;
  /** Full names of the messages and enums that it meets, with the names of the fields it reads in them or of them. */
  readonly types: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Somebody who would notice. */
export interface Consumer {
  readonly name: string;
  readonly readings: readonly Reading[];
}

/**
 * Reads consumers.yaml: `consumers`, a list of `name`, optional `about`, and `reads`: each with `topic` or `api`, the
 * `message` it decodes, and the `fields` it reads, as paths from that message (`text.position`; `*` is all below).
 * A path that exists on neither side is an error.
 *
 * @throws CompatError `file` with file:line
 */
export function parseConsumers(text: string, file: string, sides: readonly Registry[]): Consumer[] {
  const root = readYaml(text, file);
  if (root.value === null || root.value === undefined) return [];
  root.keys(["consumers"]);
  const list = root.get("consumers");
  if (list.value === null || list.value === undefined) return [];
  return list.items().map((node) => {
    node.keys(["name", "about", "reads"]);
    return {
      name: node.get("name").text(),
      readings: node
        .get("reads")
        .items()
        .map((reading) => parseReading(reading, sides)),
    };
  });
}

function parseReading(node: Node, sides: readonly Registry[]): Reading {
  node.keys(["topic", "api", "message", "fields"]);
  const [topic, api] = [node.get("topic"), node.get("api")];
  if ((topic.value === undefined) === (api.value === undefined)) throw node.error("expected topic or api, one of them");
  const typeName = node.get("message").text();
  const roots = sides.flatMap((side) => side.getMessage(typeName) ?? []);
  if (roots.length === 0) throw node.get("message").error(`no message ${typeName} in the schemas`);
  const fields = new Set<string>();
  const types = new Map<string, Set<string>>([[typeName, new Set()]]);
  for (const item of node.get("fields").items()) {
    const path = item.text();
    const found = roots.map((root) => follow(root, path.split("."), fields, types));
    if (!found.includes(true)) throw item.error(`no field ${path} in ${typeName}`);
  }
  const source = topic.value === undefined ? api.text() : topic.text();
  return { topic: topic.value === undefined ? undefined : source, source, fields, types };
}

/** Collects the fields of a path; false when there is no such path. */
function follow(
  desc: DescMessage,
  [first, ...rest]: readonly string[],
  fields: Set<string>,
  types: Map<string, Set<string>>,
): boolean {
  if (first === undefined) return true;
  if (first === "*") {
    collectAll(desc, fields, types);
    return true;
  }
  const field = desc.fields.find((candidate) => candidate.name === first);
  if (field === undefined) return false;
  const add = (): void => note(field, fields, types);
  if (rest.length === 0) {
    add();
    return true;
  }
  if (field.message === undefined || !follow(field.message, rest, fields, types)) return false;
  add();
  return true;
}

function collectAll(desc: DescMessage, fields: Set<string>, types: Map<string, Set<string>>): void {
  for (const field of desc.fields) {
    if (fields.has(`${desc.typeName}.${field.name}`)) continue;
    note(field, fields, types);
    if (field.message !== undefined) collectAll(field.message, fields, types);
  }
}

function note(field: DescField, fields: Set<string>, types: Map<string, Set<string>>): void {
  fields.add(`${field.parent.typeName}.${field.name}`);
  for (const type of [field.parent, field.message ?? field.enum]) {
    if (type !== undefined) types.set(type.typeName, (types.get(type.typeName) ?? new Set()).add(field.name));
  }
}

/** Who reads a subject, which of its fields, and where from. */
export interface Impact {
  readonly consumers: readonly { readonly name: string; readonly reads: readonly string[] }[];
  readonly topics: readonly string[];
}

/**
 * The consumers that a change of a subject hits: those who read this field, or, for a type, an enum value or a file
 * (given as the types in it), a field of it.
 */
export function impactOf(subject: string, types: ReadonlySet<string>, consumers: readonly Consumer[]): Impact {
  const hit: { name: string; reads: Set<string> }[] = [];
  const topics = new Set<string>();
  for (const consumer of consumers) {
    const reads = new Set<string>();
    for (const reading of consumer.readings) {
      const met = [...types].flatMap((type) => reading.types.get(type) ?? []);
      if (!reading.fields.has(subject) && met.length === 0) continue;
      if (reading.topic !== undefined) topics.add(reading.topic);
      if (reading.fields.has(subject)) reads.add(subject.slice(subject.lastIndexOf(".") + 1));
      for (const name of met.flatMap((names) => [...names])) reads.add(name);
    }
    if (reads.size > 0) hit.push({ name: consumer.name, reads });
  }
  return { consumers: hit.map(({ name, reads }) => ({ name, reads: [...reads] })), topics: [...topics] };
}
