import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

describe("@ondash/msw in a page", () => {
  it("needs nothing that only Node has", async () => {
    // For browsers a bundler refuses node: modules that are not marked as external.
    const { metafile, errors } = await build({
      entryPoints: [join(import.meta.dirname, "../src/index.ts")],
      bundle: true,
      platform: "browser",
      format: "esm",
      write: false,
      metafile: true,
    });
    expect(errors).toEqual([]);
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    expect(imports.filter(({ external }) => external === true)).toEqual([]);
    // What only tests need stays out of it.
    const inputs = Object.keys(metafile.inputs).join("\n");
    expect(inputs).not.toMatch(/playwright|harness|fast-check|kafkajs/);
  });
});
