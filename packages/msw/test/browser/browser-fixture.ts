import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Chromium, launchChromium, type ServedPage, servePage, type WatchedPage } from "@ondash/msw/testing";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

const scenarioDirectory = join(import.meta.dirname, "../../../../scenarios");

/** The shipped scenarios of these names, by file name; none: all of them, with the parts that they include. */
export function scenarioFiles(...names: string[]): Record<string, string> {
  const all = readdirSync(scenarioDirectory, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.ya?ml$/.test(file),
  );
  const files = names.length === 0 ? all : names.map((name) => `${name}.yaml`);
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(scenarioDirectory, file), "utf8")]));
}

/**
 * A Chromium for the suite's tests: `open` gives each a page of its own, with the page program on it. After each test
 * nothing may have gone wrong on the page that nobody handled.
 */
export function useChromium(path: string): {
  /** @param expected problems that the test is about: the browser writes each failed request on the console. */
  open(expected?: RegExp): Promise<Page>;
} {
  let chromium: Chromium | undefined;
  let site: ServedPage | undefined;
  const opened: { watched: WatchedPage; expected: RegExp | undefined }[] = [];

  beforeAll(async () => {
    site = await servePage(join(import.meta.dirname, "../programs/browser-page.ts"));
    chromium = await launchChromium(path);
  });
  afterEach(async () => {
    const problems: string[] = [];
    for (const { watched, expected } of opened.splice(0)) {
      await watched[Symbol.asyncDispose]();
      problems.push(...watched.problems.filter((problem) => expected?.test(problem) !== true));
    }
    expect(problems, "on the page").toEqual([]);
  });
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  return {
    async open(expected) {
      if (chromium === undefined || site === undefined) throw new Error("pages open in tests only");
      const watched = await chromium.open(site.url);
      opened.push({ watched, expected });
      await watched.page.waitForFunction(() => "ondash" in globalThis);
      return watched.page;
    },
  };
}
