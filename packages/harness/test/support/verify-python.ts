import { join } from "node:path";
import { checkRecording, openRecorder, shellTrigger, type Verification, verify } from "@ondash/harness";
import { type PythonProducer, pythonProducer } from "@ondash/schemas/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root, scenario, shareKafka, type TestKafka, temporaryFolder } from "./kafka.ts";

/** Bound of what needs a Python interpreter to start on a busy machine. */
const TIMEOUT_MS = 60_000;

/** What a producer does wrong, and the rule that says so in each version. */
const misbehaviours = [
  { faults: ["--forget-chart"], rules: { "chat.v1": "GRM-02", "chat.v2": "ORD-04" } },
  // The pause lets the barrier of the completion be granted before the next event; then the event is late for certain.
  { faults: ["--completion-first", "--gap", "1"], rules: { "chat.v1": "ORD-05", "chat.v2": "ORD-05" } },
  { faults: ["--key-by-message"], rules: { "chat.v1": "REC-04", "chat.v2": "REC-04" } },
  { faults: ["--die-half-way"], rules: { "chat.v1": "ORD-07", "chat.v2": "ORD-07" } },
] as const;

/** And those that would go on for ever after the record that can't be healed. */
const endless = [
  { faults: ["--forget-chart", "--hang-after", "6"], rules: { "chat.v1": "GRM-02", "chat.v2": "ORD-04" } },
  {
    faults: ["--completion-first", "--gap", "1", "--hang-after", "3"],
    rules: { "chat.v1": "ORD-05", "chat.v2": "ORD-05" },
  },
  { faults: ["--key-by-message", "--hang-after", "1"], rules: { "chat.v1": "REC-04", "chat.v2": "REC-04" } },
] as const;

/** The laws of `verify` with a real Python producer as its trigger, on any broker. */
export function describeVerifyWithPython(kafka: () => TestKafka): void {
  const producers: Record<"chat.v1" | "chat.v2", PythonProducer | undefined> = {
    "chat.v1": undefined,
    "chat.v2": undefined,
  };
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    producers["chat.v1"] = await pythonProducer(1);
    producers["chat.v2"] = await pythonProducer(2);
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    for (const producer of Object.values(producers)) await producer?.[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  let runs = 0;
  /** Verifies on a connection as a user has it, with a recording; what the recording gives must be the same. */
  const check = async (schema: "chat.v1" | "chat.v2", ...faults: readonly string[]): Promise<Verification> => {
    const producer = producers[schema];
    if (producer === undefined) throw new Error("not prepared");
    await using shared = await shareKafka(kafka());
    const file = join(folder.path, `${++runs}.jsonl`);
    using recorder = openRecorder(file);
    const found = await verify(scenario("sales-chart"), {
      broker: shared.broker,
      session: shared.session,
      timeoutMs: TIMEOUT_MS,
      createTopics: true,
      schema,
      recorder,
      conversationId: `conv_${schema}_${runs}`,
      trigger: shellTrigger(producer.command(...faults), { cwd: root, env: process.env }),
    });
    const checked = await checkRecording(file);
    expect([checked.verdict, checked.rules, checked.counts]).toEqual([
      found.result.verdict,
      found.result.rules,
      found.result.counts,
    ]);
    return found;
  };
  const rulesOf = ({ result }: Verification): string[] => [...new Set(result.violations.map(({ rule }) => rule))];

  for (const schema of ["chat.v1", "chat.v2"] as const) {
    it(`passes in ${schema} when it keeps the contract`, async () => {
      const found = await check(schema);
      expect(found.result.unmet).toEqual([]);
      expect(found.result).toMatchObject({ verdict: "passed", expectation: "met", counts: { records: 7, turns: 1 } });
      expect(found.trigger).toMatchObject({ end: { code: 0, signal: null } });
    });

    it.each(misbehaviours)(`fails in ${schema} with $faults`, async ({ faults, rules }) => {
      const found = await check(schema, ...faults);
      expect(found.result.verdict).toBe("failed");
      expect(rulesOf(found)).toEqual([rules[schema]]);
      expect(found.why).not.toBe("deadline");
    });

    it.each(endless)(`is ended in ${schema} when it would never end after $faults`, async ({ faults, rules }) => {
      const found = await check(schema, ...faults);
      expect(found.result.verdict).toBe("failed");
      expect(rulesOf(found)).toEqual([rules[schema]]);
      expect(found).toMatchObject({ why: "violation", trigger: { end: undefined } });
    });
  }
}
