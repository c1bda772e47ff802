/** How often a test does something: the environment variable `name`, else `usual`. */
export function repeats(name: "ONDASH_REPEATS" | "ONDASH_MUTANTS", usual: number): number {
  const text = process.env[name];
  if (text === undefined) return usual;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name}=${text}: expected a number from 1 on`);
  return Number(text);
}
