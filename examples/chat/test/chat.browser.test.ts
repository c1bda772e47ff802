import { join } from "node:path";
import { type Chromium, describeWithChromium, launchChromium, type WatchedPage } from "@ondash/msw/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DevServer, serveChat } from "../scripts/dev.ts";

const sales = "Create a chart with sales data";

describeWithChromium("the chat page", (path) => {
  let server: DevServer | undefined;
  let chromium: Chromium | undefined;
  beforeAll(async () => {
    server = await serveChat(0);
    chromium = await launchChromium(path);
  });
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  async function open(search = ""): Promise<WatchedPage> {
    if (server === undefined || chromium === undefined) throw new Error("pages open in tests only");
    return chromium.open(`${server.url}${search}`);
  }

  /** Says something, as a user does: the field takes it only when the page is ready. */
  async function say({ page }: WatchedPage, text: string): Promise<void> {
    await page.getByLabel("Your message").fill(text);
    await page.getByRole("button", { name: "Send" }).click();
  }

  /** With ONDASH_SCREENSHOTS=FOLDER, for people to look at. */
  async function picture({ page }: WatchedPage, name: string): Promise<void> {
    const folder = process.env["ONDASH_SCREENSHOTS"];
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  it("shows the answer as it comes: status, texts and the chart in the order of their emission", async () => {
    await using chat = await open("?speed=5");
    const { page } = chat;
    await page.evaluate(watchTurns);
    await say(chat, sales);
    const turn = page.locator(".turn");
    await page.locator('.turn[data-phase="complete"] .chart[data-drawn="yes"]').waitFor();
    expect(await page.evaluate(() => drawn)).toEqual([
      "asking: Sending… []",
      "streaming: Waiting… []",
      "streaming: Decomposing query... []",
      "streaming: Executing chart_generation... []",
      "streaming: Querying database... []",
      "streaming: Querying database... [text]",
      "streaming: Querying database... [text chart]",
      "streaming: Querying database... [text chart text]",
      "complete:  [text chart text]",
    ]);
    expect(await turn.locator(".text").allTextContents()).toEqual([
      "Here is your sales chart",
      "Sales increased in Q4",
    ]);
    // ECharts has really drawn: the categories, and a bar for each of them.
    expect(await turn.locator(".chart svg text").allTextContents()).toEqual(expect.arrayContaining(["Q1", "Q4"]));
    expect(await turn.locator('.chart svg path[fill^="#"], .chart svg path[fill^="rgb"]').count()).toBeGreaterThan(3);
    expect(await turn.getByRole("alert").count()).toBe(0);
    expect(await turn.getByRole("button", { name: "Cancel" }).count()).toBe(0);
    await picture(chat, "complete");
    expect(chat.problems).toEqual([]);
  });

  it("says clearly what is no answer: an error, a refusal, an answer that was cut off", async () => {
    await using chat = await open("?speed=0&cut=5");
    const { page } = chat;
    const ended = (phase: string) => page.locator(`.turn[data-phase="${phase}"]`);
    await say(chat, sales);
    await ended("truncated").waitFor();
    expect(await ended("truncated").getByRole("alert").textContent()).toContain("The answer was cut off");
    await say(chat, "Chart everything we ever sold in the south");
    await ended("failed").waitFor();
    expect(await ended("failed").locator(".problems").textContent()).toBe("The data warehouse does not answer");
    await say(chat, "Sing");
    await ended("refused").waitFor();
    expect(await ended("refused").locator(".why").textContent()).toContain("nothing answers this text");
    // What came before the cut stays.
    await ended("truncated").locator('.chart[data-drawn="yes"]').waitFor();
    await picture(chat, "broken");
    // The browser itself writes the refused POST on the console.
    const problems = chat.problems.filter((problem) => !problem.includes("responded with a status of 404"));
    expect(problems).toEqual([]);
  });

  it("stops at once when the user cancels, and says so", async () => {
    // So slow that nobody can miss it.
    await using chat = await open("?speed=0.1");
    const { page } = chat;
    await say(chat, "Compare revenue and cost of the last four quarters");
    await page.getByRole("status").filter({ hasText: "Decomposing query..." }).waitFor();
    await picture(chat, "streaming");
    const told = page.waitForResponse((response) => response.request().method() === "DELETE");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.locator('.turn[data-phase="cancelled"]').waitFor();
    expect(await page.getByRole("alert").textContent()).toBe("You cancelled this answer.");
    expect((await told).status()).toBe(202);
    await picture(chat, "cancelled");
    expect(chat.problems).toEqual([]);
  });
});

declare global {
  /** What `watchTurns` has seen. */
  var drawn: string[];
}

/** Runs on the page: notes each state of its turns that was drawn, once. */
function watchTurns(): void {
  globalThis.drawn = [];
  new MutationObserver(() => {
    for (const turn of document.querySelectorAll<HTMLElement>(".turn")) {
      const blocks = [...turn.querySelectorAll(".blocks > *")].map(({ className }) => className).join(" ");
      const state = `${turn.dataset["phase"]}: ${turn.querySelector(".status")?.textContent} [${blocks}]`;
      if (globalThis.drawn.at(-1) !== state) globalThis.drawn.push(state);
    }
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}
