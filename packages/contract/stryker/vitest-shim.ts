/**
 * `vitest` as the tests of @ondash/contract see it while mutants are tried: `describe` and `it` only collect the tests as
 * functions, so that one of them can be run hundreds of times within one process. What no test here uses (hooks, `skip`,
 * fixtures) is not there, and would be an error at once.
 */

/** A collected test. */
export interface CollectedTest {
  /** Its place and name: `describe > it`. */
  readonly name: string;
  run(): unknown;
}

type Body = (...row: unknown[]) => unknown;

/** All tests, in the order in which their files were loaded. */
export const tests: CollectedTest[] = [];
const path: string[] = [];

/** The body comes last, or before a number of milliseconds. */
function bodyOf(rest: readonly unknown[]): Body {
  const body = rest.findLast((part): part is Body => typeof part === "function");
  if (body === undefined) throw new Error(`a test without a body: ${path.join(" > ")}`);
  return body;
}

function named(name: string, row: unknown): string {
  const label = typeof row === "object" && row !== null && "name" in row ? row.name : row;
  return `${name} [${typeof label === "object" ? "…" : JSON.stringify(label)}]`;
}

function collectGroup(name: string, ...rest: readonly unknown[]): void {
  path.push(name);
  bodyOf(rest)();
  path.pop();
}

function collectTest(name: string, ...rest: readonly unknown[]): void {
  const body = bodyOf(rest);
  tests.push({ name: [...path, name].join(" > "), run: () => body() });
}

/** `each`: one call for each row; a row that is a list becomes several arguments. */
function each(collect: (name: string, body: Body) => void) {
  return (rows: readonly unknown[]) =>
    (name: string, ...rest: readonly unknown[]): void => {
      const body = bodyOf(rest);
      for (const row of rows) collect(named(name, row), () => (Array.isArray(row) ? body(...row) : body(row)));
    };
}

export const describe: typeof collectGroup & { each: ReturnType<typeof each> } = Object.assign(collectGroup, {
  each: each(collectGroup),
});
export const it: typeof collectTest & { each: ReturnType<typeof each> } = Object.assign(collectTest, {
  each: each(collectTest),
});
/** The real ones, which `globals: true` puts there: importing them from `vitest` would lead here. */
const globals = globalThis as unknown as { readonly expect: unknown; readonly vi: unknown };
export const expect: unknown = globals.expect;
export const vi: unknown = globals.vi;
