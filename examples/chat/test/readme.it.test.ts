import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { scenario, scenarios } from "./scenarios.ts";

const root = new URL("../", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), "utf8");
const readme = read("README.md");

describe("README", () => {
  const blocks = [...readme.matchAll(/^```(ts|json)\n\/\/ (\S+)\n([\s\S]*?)\n```$/gm)].map(([, , file, code]) => ({
    file: file ?? "",
    code: code ?? "",
  }));

  it("names the file of each block of code", () => {
    expect(blocks).toHaveLength([...readme.matchAll(/^```(ts|json)$/gm)].length);
    expect(blocks.length).toBeGreaterThan(5);
  });

  it.each(blocks)("shows what stands in $file", ({ file, code }) => {
    const source = read(file);
    let from = 0;
    for (const part of code.split(/\n?\/\/ …\n/)) {
      const at = source.indexOf(part, from);
      expect(at, `in ${file}, after what comes before it in the README: ${part}`).toBeGreaterThanOrEqual(0);
      from = at + part.length;
    }
  });

  it("names files that there are", () => {
    const [, list = ""] = /^```\n([\s\S]*?)^```$/m.exec(readme) ?? [];
    const files = list.match(/(?:src|test)\/\S+/g) ?? [];
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(read(file)).not.toBe("");
  });

  it("lists the prompts of the scenarios that the page is mocked with", () => {
    const prompts = [...readme.matchAll(/^\| ([A-Z][^|]+) \|/gm)].map(([, prompt]) => prompt);
    const mocked = [...read("src/mocks.ts").matchAll(/scenarios\/(\S+)\.yaml/g)].map(([, name]) => name ?? "");
    for (const name of mocked) expect(prompts).toContain(scenario(name).prompt);
    const known = [...scenarios.values()].map(({ prompt }) => prompt);
    for (const prompt of prompts) expect(known).toContain(prompt);
  });
});

describe("the command that serves the page", () => {
  it("prints its address, serves the page with the worker beside it, and ends when told", async () => {
    const script = JSON.parse(read("package.json")) as { scripts: { dev: string } };
    expect(script.scripts.dev).toBe("node scripts/dev.ts");
    const child = spawn(process.execPath, ["scripts/dev.ts"], {
      cwd: root,
      env: { ...process.env, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const url = await firstLine(child);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      for (const [path, content] of [
        ["", "<title>Chat</title>"],
        ["main.js", "startChat("],
        ["mockServiceWorker.js", "MOCK_ACTIVATE"],
      ] as const) {
        const response = await fetch(`${url}${path}`);
        expect(response.status).toBe(200);
        expect(await response.text()).toContain(content);
      }
    } finally {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    }
    expect(child.exitCode).toBe(0);
  });
});

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("stdout is not piped");
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => {
      throw new Error("it ended before it printed its address");
    }),
  ])) as [string];
  return line;
}
