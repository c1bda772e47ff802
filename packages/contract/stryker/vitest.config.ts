import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

/** The tests that judge mutants: those of this package that need no process of their own. */
const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL("../../..", import.meta.url)),
  resolve: { alias: { "fast-check": fileURLToPath(new URL("fast-check.ts", import.meta.url)) } },
  test: {
    include: ["packages/contract/stryker/all.test.ts"],
    env: { ONDASH_MUTANTS: "8" },
    testTimeout: 60_000,
  },
});

export default config;
