import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The one test that tries the mutants, with the package's tests as functions in it. */
const config: ViteUserConfig = defineConfig({
  root: here("../../.."),
  resolve: {
    alias: [
      { find: /^vitest$/, replacement: here("vitest-shim.ts") },
      { find: /^fast-check$/, replacement: here("fast-check.ts") },
    ],
  },
  test: {
    globals: true,
    include: ["packages/contract/stryker/try-mutants.test.ts"],
    // As few as `fast-check.ts` runs: fewer than these would be a failure.
    env: { ONDASH_MUTANTS: "3" },
    // One process, which ends whole.
    pool: "threads",
  },
});

export default config;
