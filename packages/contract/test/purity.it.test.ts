import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = join(root, "..", "..", "node_modules", ".bin", "tsc");
const run = promisify(execFile);

describe("the package is pure", () => {
  it("compiles without any platform's types", async () => {
    await expect(run(tsc, ["-p", join(root, "tsconfig.json")])).resolves.toMatchObject({ stdout: "" });
  });

  it("would not compile with a node: import, a timer or fetch", async () => {
    const folder = await mkdtemp(join(root, "node_modules", "purity-"));
    try {
      const file = join(folder, "impure.ts");
      await writeFile(file, 'import "node:fs";\nsetTimeout(() => {}, 1);\nawait fetch("http://localhost");\n');
      const project = { extends: join(root, "tsconfig.json"), include: [file, join(root, "types")], exclude: [] };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify(project));
      const failure = await run(tsc, ["-p", folder]).then(
        () => "compiled",
        (error: { stdout: string }) => error.stdout,
      );
      expect(failure).toContain("'node:fs'");
      expect(failure).toContain("'setTimeout'");
      expect(failure).toContain("'fetch'");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("asks neither the clock nor chance", async () => {
    const files = (await readdir(join(root, "src"), { recursive: true })).filter((file) => file.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(30);
    const impure = /Date\.now|new Date\(\)|performance\.|Math\.random|crypto\.|console\.|process\./;
    const found = await Promise.all(
      files.map(async (file) => [file, impure.exec(await readFile(join(root, "src", file), "utf8"))?.[0]] as const),
    );
    expect(found.filter(([, word]) => word !== undefined)).toEqual([]);
  });
});
