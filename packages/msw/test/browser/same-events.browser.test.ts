import { describeWithChromium } from "@ondash/msw/testing";
import { parseScenario } from "@ondash/scenario";
import type { SchemaName } from "@ondash/schemas";
import { expect, it } from "vitest";
import { eventsPath, playThrough } from "../laws/requests.ts";
import { shippedNames, shippedScenario } from "../support/scenarios.ts";
import { readEvents } from "../support/sse.ts";
import { bareApp } from "../support/subjects.ts";
import { scenarioFiles, useChromium } from "./browser-fixture.ts";

/** Another turn of the same conversation: what comes before its first event is all that the first turn gives. */
const sentinel = `
scenario: sentinel
match: { user_message: { regex: "^sentinel$" } }
steps: [{ status: That was all }, { completion: { type: CONVERSATION } }]
`;

describeWithChromium("every shipped scenario in the browser", (chromium) => {
  const browser = useChromium(chromium);

  it.each<SchemaName>(["chat.v1", "chat.v2"])(
    "%s: gives the very events, with ids, that it gives in Node",
    async (schema) => {
      const page = await browser.open();
      const files = { ...scenarioFiles(), "sentinel.yaml": sentinel };
      const last = parseScenario(sentinel, { file: "sentinel.yaml" });
      const scenarios = shippedNames().map(shippedScenario);
      const seen = await page.evaluate(
        async ({ texts, turns, path }) => {
          const played: { messageId: string; after: string; text: string }[] = [];
          for (const { name, prompt } of turns) {
            await ondash.start(texts, { only: [name, "sentinel"] });
            const messageId = await ondash.say("c", prompt);
            const after = await ondash.say("c", "sentinel");
            const { body } = await fetch(path);
            const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
            let text = "";
            while (!text.includes(after) || !text.endsWith("\n\n")) text += (await reader.read()).value ?? "";
            await reader.cancel();
            played.push({ messageId, after, text });
          }
          return played;
        },
        {
          texts: files,
          turns: scenarios.map(({ name, prompt = "" }) => ({ name, prompt })),
          path: eventsPath("c", schema),
        },
      );
      for (const [index, scenario] of scenarios.entries()) {
        await using served = await bareApp.serve([scenario, last]);
        const expected = await playThrough(served, scenario, schema, "c");
        const { messageId, after, text = "" } = seen[index] ?? {};
        const events = await readEvents(new Response(text)).until(({ data }) => data.includes(after ?? "?"));
        expect({ name: scenario.name, messageId, events: events.slice(0, -1) }).toEqual({
          name: scenario.name,
          ...expected,
        });
      }
    },
  );
});
