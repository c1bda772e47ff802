import { isMap, isSeq, LineCounter, parseDocument, type Node as YamlNode } from "yaml";
import { CompatError } from "./error.ts";

/** A place in a YAML file that knows its line. */
export interface Node {
  /** The plain value. */
  readonly value: unknown;
  /** Counted from 1. */
  readonly line: number;
  /** A member of a mapping; a node without a value when it is absent. */
  get(key: string): Node;
  /** The elements of a list. */
  items(): Node[];
  /** A text that is not blank. */
  text(): string;
  /** Refuses members other than these. */
  keys(known: readonly string[]): void;
  error(message: string): CompatError;
}

/** @throws CompatError `file` with file:line when the text is no YAML or no mapping */
export function readYaml(text: string, file: string): Node {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = lines.linePos(problem.pos[0]).line;
    throw new CompatError("file", `${file}:${line}: ${problem.message.split("\n")[0]}`);
  }
  const nodeOf = (yaml: YamlNode | null | undefined, line: number): Node => {
    const own = yaml?.range ? lines.linePos(yaml.range[0]).line : line;
    const node: Node = {
      value: yaml?.toJS(document) as unknown,
      line: own,
      get: (key) => nodeOf(isMap(yaml) ? yaml.get(key, true) : undefined, own),
      items() {
        if (!isSeq(yaml)) throw node.error("expected a list");
        return yaml.items.map((item) => nodeOf(item as YamlNode, own));
      },
      text() {
        if (typeof node.value !== "string" || node.value.trim() === "")
          throw node.error("expected a text here that is not blank");
        return node.value;
      },
      keys(known) {
        if (!isMap(yaml)) throw node.error(`expected a mapping with ${known.join(", ")}`);
        for (const { key } of yaml.items) {
          if (!known.includes(String(key)))
            throw node.error(`unknown key ${String(key)}: expected ${known.join(", ")}`);
        }
      },
      error: (message) => new CompatError("file", `${file}:${own}: ${message}`),
    };
    return node;
  };
  return nodeOf(document.contents, 1);
}
