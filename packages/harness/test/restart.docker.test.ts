import { join } from "node:path";
import { startDeadline } from "@ondash/core";
import { isEmitterError } from "@ondash/emitter";
import { checkRecording, openRecorder, resumeRecording } from "@ondash/harness";
import { isTransportError } from "@ondash/transport";
import { containerProvider } from "@ondash/transport/container";
import { type BrokerContainer, containerOf, describeWithDocker } from "@ondash/transport/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillingPauses } from "./support/between.ts";
import { essence } from "./support/essence.ts";
import { shareKafka, startKafka, type TestKafka, temporaryFolder } from "./support/kafka.ts";

/** Enough for Kafka to come up again on a busy machine. */
const LONG = { timeoutMs: 60_000, patienceMs: 60_000 };

/** What happens before a send, and whether the sends wait until it is over. */
const interruptions = {
  "a restart that is waited for": { waits: true, run: (container: BrokerContainer) => container.restart() },
  "a restart meanwhile": { waits: false, run: (container: BrokerContainer) => container.restart() },
  "a SIGKILL and a start meanwhile": {
    waits: false,
    async run(container: BrokerContainer) {
      await container.kill();
      await container.start();
    },
  },
} as const;

describeWithDocker("Kafka in a container", () => {
  let kafka: TestKafka;
  let container: BrokerContainer;
  beforeAll(async () => {
    kafka = await startKafka(containerProvider());
    container = await containerOf(kafka.broker);
    await kafka.run("sales-chart");
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  describe("that restarts between two records, with everything it had", () => {
    it.each([
      ["sales-chart", "chat.v1", "a restart that is waited for"],
      ["sales-chart-lost-chart", "chat.v2", "a restart meanwhile"],
      ["sales-chart", "chat.v1", "a SIGKILL and a start meanwhile"],
      ["sales-chart-late-text", "chat.v2", "a SIGKILL and a start meanwhile"],
    ] as const)(
      "is waited for, and the verdict is the same, or there is none: %s of %s, %s",
      async (name, schema, how) => {
        await using patient = await shareKafka(kafka, LONG);
        await using folder = await temporaryFolder();
        const salt = `${name} ${how}`;
        const undisturbed = await patient.run(name, { createTopics: true, salt: `${salt} alone`, schema });
        const file = join(folder.path, "run.jsonl");
        using recorder = openRecorder(file);
        let restarting = Promise.resolve();
        const running = patient.run(name, {
          recorder,
          schema,
          salt,
          timeoutMs: LONG.timeoutMs,
          speed: 1,
          clock: fillingPauses(async (pause) => {
            if (pause !== 3) return;
            restarting = interruptions[how].run(container);
            if (interruptions[how].waits) await restarting;
          }),
        });
        const live = await running.catch((error: unknown) => error as Error);
        await restarting;
        if (live instanceof Error) {
          // A send was on its way when the broker went: nobody knows what became of it, and a run that does not know does
          // not judge. Only where the sends do not wait can that be.
          expect(interruptions[how].waits).toBe(false);
          expect(live).toSatisfy(
            (error) => isTransportError(error) || (isEmitterError(error) && error.code === "indefinite"),
          );
          expect(await checkRecording(`${file}.partial`)).toMatchObject({ verdict: "inconclusive", violations: [] });
          return;
        }
        expect(live.unmet).toEqual([]);
        expect(essence(live)).toEqual(essence(undisturbed));
        expect(essence(await checkRecording(file))).toEqual(essence(live));
      },
    );
  });

  describe("that is killed in the middle of a run", () => {
    it.each(["chat.v1", "chat.v2"] as const)(
      "makes no verdict; started again, it has what it had acknowledged, and the run is judged: %s",
      async (schema) => {
        await using folder = await temporaryFolder();
        const file = join(folder.path, "run.jsonl");
        {
          await using own = await shareKafka(kafka, { patienceMs: 500 });
          using recorder = openRecorder(file);
          const running = own.run("sales-chart", {
            recorder,
            schema,
            createTopics: true,
            salt: `killed ${schema}`,
            speed: 1,
            clock: fillingPauses(async (pause) => {
              if (pause === 4) await container.kill();
            }),
          });
          await expect(running).rejects.toSatisfy(isTransportError);
        }
        expect(await checkRecording(`${file}.partial`)).toMatchObject({ verdict: "inconclusive", violations: [] });

        await container.start();
        await using again = await shareKafka(kafka, LONG);
        using deadline = startDeadline(LONG.timeoutMs);
        const { session } = again;
        const resume = (producersDone: boolean) =>
          resumeRecording(`${file}.partial`, { session, deadline, producersDone });
        expect(await resume(false)).toMatchObject({ verdict: "inconclusive", violations: [] });
        const judged = await resume(true);
        // Truncated, which is the truth. What was acknowledged is there: no KAF-04.
        const [violation, ...others] = judged.violations;
        expect(others).toEqual([]);
        expect([violation?.rule, violation?.also]).toEqual(
          schema === "chat.v1" ? ["ORD-04", ["ORD-07"]] : ["ORD-07", []],
        );
        expect(judged.rules["KAF-04"]).toMatchObject({ status: "held" });
      },
    );
  });
});
