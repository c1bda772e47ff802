import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isScenarioError, parseScenario, plan } from "@ondash/scenario";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";

const directory = fileURLToPath(new URL("../../../scenarios/", import.meta.url));
const read = (path: string): string => readFileSync(directory + path, "utf8");
// Large ones would only be slow.
const files = globSync("*.yaml", { cwd: directory })
  .filter((file) => !["big-chart.yaml", "long-stream.yaml"].includes(file))
  .toSorted();

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const isList = Array.isArray(value);
  return [
    path,
    ...Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...path, isList ? Number(key) : key])),
  ];
}

function change(root: unknown, path: Path, how: "replace" | "remove" | "rename", strange: unknown): unknown {
  const [first, ...others] = path;
  if (first === undefined) return how === "replace" ? strange : root;
  const container = root as Record<string | number, unknown>;
  const member = container[first];
  if (others.length > 0) container[first] = change(member, others, how, strange);
  else if (how === "replace") container[first] = strange;
  else if (Array.isArray(container)) container.splice(Number(first), 1);
  else {
    delete container[first];
    if (how === "rename") container[typeof strange === "string" ? strange : JSON.stringify(strange)] = member;
  }
  return root;
}

const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    "toString",
    "constructor",
    "__proto__",
    "${x}",
    "${region}",
    "${constructor}",
    "$${",
  ),
  fc.constantFrom<unknown>(0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, -0, true, false),
  fc.constantFrom<unknown>([], {}, [[]], [{}], { do: "toString" }, { repeat: 1 }, { when: null }, "9".repeat(30) + "h"),
  fc.constantFrom<unknown>(
    "none",
    "chart",
    "timestamp.nanos",
    "chat.v2",
    "both",
    "-1ms",
    "0001-01-01T00:00:00Z",
    "\ud800",
  ),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.integer(),
);

describe("a scenario in which anything was replaced, removed or renamed", () => {
  it("is planned, or refused by a ScenarioError that says where", () => {
    const outcomes = { planned: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom("replace", "remove", "rename"), strange), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.constantFrom("chat.v1", "chat.v2"),
        (file, changes, schema) => {
          let root = parse(read(file)) as unknown;
          for (const [where, how, value] of changes) {
            const paths = pathsIn(root);
            root = change(root, paths[where % paths.length] ?? [], how, structuredClone(value));
          }
          const text = typeof root === "string" ? root : stringify(root, { aliasDuplicateObjects: false });
          try {
            const made = plan(parseScenario(text, { file, load: read }), { schema });
            outcomes.planned++;
            let before = -1;
            for (const { at, record } of made.events) {
              expect(at).toBeGreaterThan(before);
              before = at;
              expect(record.value?.length).toBeGreaterThan(0);
            }
          } catch (error) {
            if (!isScenarioError(error)) throw error;
            outcomes.refused++;
            expect(error.problems.length).toBeGreaterThan(0);
            for (const { location, text: problem } of error.problems) {
              expect(location.line).toBeGreaterThanOrEqual(1);
              expect(location.column).toBeGreaterThanOrEqual(1);
              expect(problem).toMatch(/\S/);
              expect(problem).not.toMatch(/undefined|\[object |is not a function|Cannot read/);
            }
          }
        },
      ),
      { numRuns: 1_500 },
    );
    // Both happen often enough to mean something.
    expect(Math.min(outcomes.planned, outcomes.refused)).toBeGreaterThan(100);
  }, 120_000);
});
