import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    // A bound for what hangs, not a claim of speed: several packages' tests share the machine's cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ["scripts/seed-properties.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,examples}/*/{src,test}/**/*.test.ts"],
          exclude: ["**/*.{it,docker,python,browser}.test.ts", "**/node_modules/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["{packages,examples}/*/{src,test}/**/*.it.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "python",
          include: ["packages/*/{src,test}/**/*.python.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["{packages,examples}/*/{src,test}/**/*.browser.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "docker",
          include: ["packages/*/{src,test}/**/*.docker.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

export default config;
