import { createManualClock, startDeadline } from "@ondash/core";
import type { SchemaName } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { shippedNames, shippedScenario } from "../support/scenarios.ts";
import { checkEvents } from "./check-events.ts";
import { expectedOf, released } from "./expected.ts";
import { eventsPath, JSON_TYPE, messagesPath, open, playThrough, post, sentinel } from "./requests.ts";
import type { Subject } from "./subject.ts";

const SCHEMAS: readonly SchemaName[] = ["chat.v1", "chat.v2"];

/** The laws of the HTTP contract with scenarios behind it, for each shipped scenario in both versions. */
export function httpLaws(subject: Subject): void {
  // oxlint-disable-next-line vitest/valid-title -- a string
  describe(subject.name, () => {
    describe.each(shippedNames())("%s", (name) => {
      const scenario = shippedScenario(name);
      it.each(SCHEMAS)(
        "%s: gives the planned events, with ids, and the message that they add up to",
        async (schema) => {
          await using served = await subject.serve([scenario, sentinel]);
          // The conversation is called as an id in a URL need not be.
          const conversation = `ça va? / ${name}`;
          const expected = expectedOf(scenario, schema, conversation);
          const { messageId, events } = await playThrough(served, scenario, schema, conversation);
          expect(messageId).toBe(expected.plan.messageId);
          checkEvents(schema, events, expected.events);
          expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);

          const history = await served.request(`${messagesPath(conversation)}?schema=${schema}`);
          expect([history.status, history.headers.get("content-type")]).toEqual([200, "application/json"]);
          const messages = (await history.json()) as unknown[];
          expect(messages).toHaveLength(expected.message === undefined ? 1 : 2);
          if (expected.message !== undefined) expect(messages[0]).toEqual(expected.message);
        },
      );

      it.each(SCHEMAS)(
        "%s: goes on after each event id, and says the same once more to who begins anew",
        async (schema) => {
          await using served = await subject.serve([scenario, sentinel]);
          const { events } = await playThrough(served, scenario, schema, "c");
          const again = await open(served, eventsPath("c", schema));
          expect(await again.take(events.length)).toEqual(events);
          await again.close();
          // All that is left where that is little, else what comes next.
          const ahead = events.length <= 20 ? events.length : 2;
          // Every position, but in a stream of hundreds that is read whole each time.
          const stride = subject.readsAhead && events.length > 100 ? 13 : 1;
          for (const [index, { id }] of events.entries()) {
            if (index % stride !== 0 && index < events.length - 1) continue;
            const resumed = await open(served, eventsPath("c", schema), id);
            const wanted = events.slice(index + 1, index + 1 + ahead);
            expect(await resumed.take(wanted.length)).toEqual(wanted);
            await resumed.close();
          }
        },
      );

      it.each(SCHEMAS)("%s: breaks a cut stream, and gives the rest to who reconnects", async (schema) => {
        const count = released(schema, expectedOf(scenario, schema).events).length;
        const after = Math.floor(count / 2);
        await using served = await subject.serve([scenario, sentinel], { cutAfter: after });
        await post(served, "c", scenario.prompt ?? "");
        const cut = await (await open(served, eventsPath("c", schema))).rest();
        expect(cut.end).toBe("broken");
        if (subject.losesWhatIsOnTheWay) expect(cut.events.length).toBeLessThanOrEqual(after);
        else expect(cut.events).toHaveLength(after);
        const rest = await open(served, eventsPath("c", schema), cut.events.at(-1)?.id);
        const whole = [...cut.events, ...(await rest.take(count - cut.events.length))];
        await rest.close();
        checkEvents(schema, whole, expectedOf(scenario, schema, "c").events);
      });

      it.each(SCHEMAS)("%s: ends a turn that is cancelled on the way", async (schema) => {
        const clock = createManualClock();
        await using served = await subject.serve([scenario, sentinel], { speed: 1, clock });
        const { plan } = expectedOf(scenario, schema, "c");
        const messageId = await post(served, "c", scenario.prompt ?? "");
        const stream = await open(served, eventsPath("c", schema));
        const half = plan.sends[Math.floor(plan.sends.length / 2)]?.at ?? 0;
        await clock.advance(half);
        const path = `${messagesPath("c")}/${messageId}`;
        for (const _again of [1, 2]) {
          const cancelled = await served.request(path, { method: "DELETE" });
          expect([cancelled.status, await cancelled.text()]).toEqual([202, ""]);
        }
        using deadline = startDeadline(10_000);
        await deadline.race(served.source.idle("c"), () => "the end of the turn");
        const said = await served.source.history({ conversationId: "c", schema });
        await served.source.post({ conversationId: "c", text: "sentinel", signal: new AbortController().signal });
        await clock.advance(1_000);
        await stream.until(({ data }) => data.includes("CONVERSATION"));
        await stream.close();
        expect(said.at(-1)?.event.case).toBe("completion");
      });
    });

    generalLaws(subject);
  });
}

function generalLaws(subject: Subject): void {
  const problemOf = async (response: Response): Promise<unknown[]> => {
    const body = (await response.json()) as { type: string; status: number; title: string; detail: string };
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(body.status).toBe(response.status);
    expect(body.title).not.toBe("");
    return [response.status, body.type.replace("urn:ondash:problem:", ""), body.detail];
  };

  it("answers what it can't do with a problem", async () => {
    await using served = await subject.serve([shippedScenario("sales-chart"), shippedScenario("text-only")]);
    const send = (init: RequestInit, path = messagesPath("c")): Promise<Response> => served.request(path, init);
    const text = (body: string): RequestInit => ({ method: "POST", headers: JSON_TYPE, body });
    const cases: readonly (readonly [Promise<Response>, number, string, RegExp])[] = [
      [send(text('{"text":"weather?"}')), 404, "no-match", /sales-chart, text-only/],
      [send(text("{")), 400, "malformed-body", /./],
      [send(text('{"words":"sales"}')), 400, "malformed-body", /text/],
      [
        send({ method: "POST", body: "sales", headers: { "content-type": "text/plain" } }),
        415,
        "unsupported-media-type",
        /./,
      ],
      [send(text(JSON.stringify({ text: "sales".repeat(20_000) }))), 413, "body-too-large", /./],
      [send({ method: "PATCH" }), 405, "method-not-allowed", /GET, HEAD, OPTIONS, POST/],
      [send({ method: "DELETE" }, `${messagesPath("c")}/unknown`), 404, "unknown-turn", /unknown/],
      [send({}, "/api/conversations/c/nothing"), 404, "unknown-route", /nothing/],
      [send({}, "/api/conversations/c/events?schema=chat.v3"), 400, "unknown-schema", /chat\.v1, chat\.v2/],
      [send({}, `${messagesPath("c")}?schema=chat.v3`), 400, "unknown-schema", /chat\.v1, chat\.v2/],
      [send({ headers: { "last-event-id": "17" } }, eventsPath("c", "chat.v2")), 400, "bad-last-event-id", /./],
    ];
    for (const [response, status, code, detail] of cases) {
      expect(await problemOf(await response)).toEqual([status, code, expect.stringMatching(detail)]);
    }
  });

  it("names what could have answered", async () => {
    await using served = await subject.serve([shippedScenario("sales-chart"), shippedScenario("text-only")]);
    const response = await served.request(messagesPath("c"), {
      method: "POST",
      headers: JSON_TYPE,
      body: '{"text":"weather?"}',
    });
    expect(await response.json()).toMatchObject({ candidates: ["sales-chart", "text-only"] });
  });

  it("refuses an event id of another conversation, of another schema, and one that was not given out yet", async () => {
    await using served = await subject.serve([shippedScenario("text-only")]);
    for (const conversation of ["a", "b"]) await post(served, conversation, "What does EBITDA stand for?");
    const stream = await open(served, eventsPath("a", "chat.v1"));
    const [first, second] = await stream.take(2);
    await stream.close();
    const refused = async (path: string, id = ""): Promise<unknown[]> =>
      (await problemOf(await served.request(path, { headers: { "last-event-id": id } }))).slice(0, 2);
    expect(await refused(eventsPath("b", "chat.v1"), first?.id)).toEqual([400, "bad-last-event-id"]);
    expect(await refused(eventsPath("a", "chat.v2"), first?.id)).toEqual([400, "bad-last-event-id"]);
    served.source.reset();
    expect(await refused(eventsPath("a", "chat.v1"), second?.id)).toEqual([400, "bad-last-event-id"]);
  });

  it("gives an empty history and a waiting stream to a conversation in which nothing was said", async () => {
    await using served = await subject.serve([shippedScenario("text-only")]);
    const history = await served.request(messagesPath("new"));
    expect([history.status, await history.json()]).toEqual([200, []]);
    const stream = await open(served, eventsPath("new", "chat.v2"));
    const first = stream.next();
    await post(served, "new", "What does EBITDA stand for?");
    expect((await first)?.event).toBe("status");
    await stream.close();
  });

  it("keeps conversations, turns and versions apart", async () => {
    await using served = await subject.serve([shippedScenario("sales-chart"), shippedScenario("text-only")]);
    const texts = ["sales", "What does EBITDA stand for?", "sales"];
    const ids: string[] = [];
    for (const text of texts) ids.push(await post(served, "a", text));
    await post(served, "b", "sales");
    expect(new Set(ids).size).toBe(3);
    for (const schema of SCHEMAS) {
      const stream = await open(served, eventsPath("a", schema));
      const events = await stream.take(7 + 3 + 7);
      await stream.close();
      const messages = events.map(({ data }) => (JSON.parse(data) as { messageId: string }).messageId);
      expect(
        Map.groupBy(messages, (id) => id)
          .keys()
          .toArray(),
      ).toEqual(ids);
      expect(new Set(events.map(({ data }) => (JSON.parse(data) as { eventId: string }).eventId)).size).toBe(17);
    }
    const history = (await (await served.request(messagesPath("a"))).json()) as { id: string }[];
    expect(history.map(({ id }) => id)).toEqual(ids);
  });
}
