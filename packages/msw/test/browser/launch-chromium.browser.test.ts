import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describeWithChromium, launchChromium } from "@ondash/msw/testing";
import { expect, it } from "vitest";

const worker = `addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", () => { console.error("from the worker"); });`;

describeWithChromium("launchChromium", (path) => {
  it("tells everything that goes wrong on a page and that nobody handles", async () => {
    const server = createServer((request, response) => {
      const isWorker = request.url === "/worker.js";
      response.writeHead(200, { "content-type": isWorker ? "text/javascript" : "text/html" });
      response.end(isWorker ? worker : '<!doctype html><link rel="icon" href="data:,">');
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      await using chromium = await launchChromium(path);
      await using watched = await chromium.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const { page, problems } = watched;
      await page.evaluate(() => "quiet");
      expect(problems).toEqual([]);
      const told = async (text: string): Promise<string> => {
        await expect.poll(() => problems.find((problem) => problem.includes(text)), { timeout: 60_000 }).toBeDefined();
        return problems.find((problem) => problem.includes(text)) ?? "";
      };
      await page.evaluate(() => void Promise.reject(new Error("nobody looks")));
      expect(await told("nobody looks")).toMatch(/^uncaught: /);
      await page.evaluate(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", () => {
          throw new Error("thrown in an event");
        });
        port1.start();
        port2.postMessage("");
      });
      expect(await told("thrown in an event")).toMatch(/^uncaught: /);
      await page.addScriptTag({ content: 'console.error("on the console")' });
      expect(await told("on the console")).toMatch(/^console: /);
      await page.addScriptTag({
        content: `navigator.serviceWorker.register("/worker.js");
          navigator.serviceWorker.ready.then(({ active }) => active.postMessage(""));`,
      });
      expect(await told("from the worker")).toMatch(/^console: /);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
