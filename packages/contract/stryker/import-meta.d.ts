/** What Vite makes of a module, as far as `all.test.ts` uses it. */
interface ImportMeta {
  glob(patterns: readonly string[], options: { readonly eager: true }): unknown;
}
