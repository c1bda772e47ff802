import { toJson } from "@bufbuild/protobuf";
import { foldMessage, judgeObservations } from "@ondash/contract";
import { createManualClock } from "@ondash/core";
import { createScenarioSource } from "@ondash/msw";
import { plan } from "@ondash/scenario";
import { type AnyEnvelope, downcast, type SchemaName, schemaOf } from "@ondash/schemas";
import type * as v1 from "@ondash/schemas/chat/v1";
import type * as v2 from "@ondash/schemas/chat/v2";
import { describe, expect, it } from "vitest";
import { observed } from "./support/observed.ts";
import { shippedNames, shippedScenario } from "./support/scenarios.ts";

const SCHEMAS: readonly SchemaName[] = ["chat.v1", "chat.v2"];
describe("a turn that is cancelled", () => {
  const sound = shippedNames().filter((name) => plan(shippedScenario(name)).expect.verdict === "passed");

  it.each(sound)("%s keeps the contract wherever it is cancelled, and is no answer", async (name) => {
    const scenario = shippedScenario(name);
    const { sends } = plan(scenario);
    const steps =
      sends.length <= 20 ? sends.map((_, index) => index) : [0, 1, 2, Math.floor(sends.length / 2), sends.length - 1];
    for (const step of [-1, ...steps]) {
      const clock = createManualClock();
      using source = createScenarioSource([scenario], { speed: 1, clock });
      const signal = new AbortController().signal;
      const posted = await source.post({ conversationId: "c", text: scenario.prompt ?? "", signal });
      if (posted.kind !== "accepted") throw new Error(posted.kind);
      const { messageId } = posted;
      await clock.advance(step < 0 ? 0 : (sends[step]?.at ?? 0) + 1e-3);
      const saidOf = (schema: SchemaName) => source.history({ conversationId: "c", schema });
      expect(await source.cancel({ conversationId: "c", messageId })).toBe("accepted");
      const both = new Map<SchemaName, readonly AnyEnvelope[]>();
      for (const version of SCHEMAS) {
        const schema = schemaOf(version);
        const said = await saidOf(version);
        both.set(version, said);
        const judgement = judgeObservations(observed(schema, said));
        expect([step, judgement.violations, judgement.verdict]).toEqual([step, [], "passed"]);
        const message = foldMessage(schema, said);
        const tasks = message.metadata?.tasks.map(({ state }) => state) ?? [];
        const wasCancelled = said.some(({ event }) => event.case === "error" && event.value.code === "CANCELLED");
        if (wasCancelled) {
          expect(toJson(schema.message, message)).toMatchObject(
            version === "chat.v2" ? { status: "MESSAGE_STATUS_FAILED" } : {},
          );
          expect(tasks.some((state) => state === "failed" || state === 4)).toBe(true);
        }
        // Unless it had all been said already, cancelling shows.
        if (!wasCancelled) expect(said).toHaveLength(sends.length / (scenario.schema === "both" ? 2 : 1));
        expect(clock.pending).toBe(0);
      }
      const [one = [], two = []] = SCHEMAS.map((schema) => both.get(schema) ?? []);
      expect(two.map((event) => downcast(event as v2.EventEnvelope))).toEqual(one as readonly v1.EventEnvelope[]);
    }
  });

  it("is unknown when there was no such turn, and is left alone when it has ended", async () => {
    using source = createScenarioSource([shippedScenario("text-only")]);
    const signal = new AbortController().signal;
    const posted = await source.post({ conversationId: "c", text: "What does EBITDA stand for?", signal });
    const messageId = posted.kind === "accepted" ? posted.messageId : "";
    const said = await source.history({ conversationId: "c", schema: "chat.v2" });
    expect(await source.cancel({ conversationId: "c", messageId })).toBe("accepted");
    expect(await source.history({ conversationId: "c", schema: "chat.v2" })).toEqual(said);
    expect(await source.cancel({ conversationId: "c", messageId: "other" })).toBe("unknown");
    expect(await source.cancel({ conversationId: "other", messageId })).toBe("unknown");
  });
});
