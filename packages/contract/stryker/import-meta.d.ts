/** What Vite makes of a module, as far as `try-mutants.test.ts` uses it. */
interface ImportMeta {
  glob(patterns: readonly string[]): Readonly<Record<string, () => Promise<unknown>>>;
}
