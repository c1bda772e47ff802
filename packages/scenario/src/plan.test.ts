import { chatV1, decodeEnvelope, partitionOf, schemaOf } from "@ondash/schemas";
import type * as v1 from "@ondash/schemas/chat/v1";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isScenarioError } from "./error.ts";
import { parseScenario } from "./parse-scenario.ts";
import { plan } from "./plan.ts";
import type { Plan } from "./plan-types.ts";

const BASE = `scenario: x
params: { region: { type: string, default: EMEA }, n: { type: int, default: 2, min: 1, max: 9 }, loud: { type: bool, default: false } }
timing: { first: 300ms, gap: 120ms, jitter: 0.1 }
task: task_1
steps:
  - { status: "In \${region}", task: none }
  - repeat: { times: "\${n}", as: i, do: [{ status: "Part \${i} of \${n}" }] }
  - { id: intro, text: { position: BEFORE, body: "costs $\${n}" } }
  - { id: chart, chart: { type: bar, config: { b: "\${n}", a: ["\${loud}", 1.5, null] } }, after: 2s }
  - { id: outro, text: { position: AFTER, body: Up } }
  - when: { param: loud, equals: true, then: [{ error: { severity: WARNING, code: loud, message: Loud } }] }
  - completion: { type: TASK }
`;

function planned(faults: string, options: Parameters<typeof plan>[1] = {}, base = BASE, file = "x.yaml"): Plan {
  return plan(parseScenario(`${base}${faults}`, { file }), options);
}
function envelopes(from: Plan, list: "events" | "sends" = "events"): readonly v1.EventEnvelope[] {
  return from[list].map(({ record }) => {
    const decoding = decodeEnvelope(chatV1, record.value);
    if (!decoding.ok) throw new Error(decoding.failure.detail);
    return decoding.envelope;
  });
}
const sendKeys = (from: Plan): readonly string[] => from.sends.map(({ event, fault }) => `${event}${fault ?? ""}`);
const ALL = ["1", "2", "3", "4", "5", "6", "7"];

describe("plan", () => {
  it("puts parameters in: alone with their type, in text written out, $${ as it is", () => {
    const [first, second, third, intro, chart] = envelopes(planned("")).map(({ event }) => event.value);
    expect(first).toMatchObject({ message: "In EMEA" });
    expect([second, third]).toMatchObject([{ message: "Part 1 of 2" }, { message: "Part 2 of 2" }]);
    expect(intro).toMatchObject({ text: "costs ${n}" });
    // Members in the order of the file, no spaces.
    expect(chart).toMatchObject({ configJson: '{"b":2,"a":[false,1.5,null]}' });
  });

  it("takes --set by the parameter's type", () => {
    const set = { region: "APAC", n: "3", loud: "true" };
    const events = envelopes(planned("", { set }));
    expect(events.map(({ event }) => event.case)).toEqual([
      "status",
      "status",
      "status",
      "status",
      "text",
      "chart",
      "text",
      "error",
      "completion",
    ]);
    expect(events[0]?.event.value).toMatchObject({ message: "In APAC" });
  });

  it.each([
    [{ n: "many" }, '--set n=many: n is an int from 1 to 9: expected an integer, got "many"'],
    [{ n: "10" }, "--set n=10: n is an int from 1 to 9: expected at most 9, got 10"],
    [{ n: "1.5" }, '--set n=1.5: n is an int from 1 to 9: expected an integer, got "1.5"'],
    [{ loud: "yes" }, '--set loud=yes: loud is a bool: expected true or false, got "yes"'],
    [{ regoin: "x" }, "--set regoin=x: unknown parameter `regoin`: did you mean `region`?"],
  ])("refuses %j", (set, text) => {
    try {
      planned("", { set });
      expect.unreachable();
    } catch (error) {
      if (!isScenarioError(error)) throw error;
      expect(error.code).toBe("param");
      expect(error.problems.map((problem) => problem.text)).toEqual([text]);
      expect(error.problems[0]?.location).toMatchObject({ file: "x.yaml", line: 2 });
    }
  });

  it("is a function of its inputs, and each of seed, salt and name changes every id", () => {
    expect(planned("", { seed: 7 })).toEqual(planned("", { seed: 7 }));
    const idsOf = (from: Plan): readonly string[] => [
      from.conversationId,
      from.messageId,
      ...from.events.map(({ eventId }) => eventId),
    ];
    const variants = [
      planned("", { seed: 7 }),
      planned("", { seed: 8 }),
      planned("", { seed: 7, salt: "a" }),
      planned("", { seed: 7 }, BASE.replace("scenario: x", "scenario: y"), "y.yaml"),
    ].map(idsOf);
    const all = variants.flat();
    expect(new Set(all).size).toBe(all.length);
    for (const id of all) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("gives both schema versions the same ids and times", () => {
    const [one, two] = (["chat.v1", "chat.v2"] as const).map((schema) => planned("", { schema }));
    const keys = (from: Plan | undefined) => from?.events.map(({ eventId, at, kind }) => [eventId, at, kind]);
    expect(keys(two)).toEqual(keys(one));
    expect(two?.conversationId).toBe(one?.conversationId);
  });

  it("puts the turn into a conversation that was chosen: key and partition follow, nothing else changes", () => {
    const chosen = "conversation of mine";
    for (const schema of ["chat.v1", "chat.v2", "both"] as const) {
      const own = planned("faults: [{ at: 2, do: duplicate, same_id: false }]", { schema });
      const other = planned("faults: [{ at: 2, do: duplicate, same_id: false }]", { schema, conversationId: chosen });
      expect(other.conversationId).toBe(chosen);
      const key = new TextEncoder().encode(chosen);
      for (const [index, send] of other.sends.entries()) {
        const { eventId, at, event, fault } = own.sends[index] ?? {};
        expect(send).toMatchObject({ eventId, at, event, fault });
        expect(send.record).toMatchObject({ topic: own.sends[index]?.record.topic, key });
        expect(send.record.partition).toBe(partitionOf(key, 8));
      }
      expect(
        planned("faults: [{ at: 2, do: duplicate, same_id: false }]", { schema, conversationId: own.conversationId }),
      ).toEqual(own);
    }
    const [first] = envelopes(planned("", { conversationId: chosen }));
    expect(first).toMatchObject({ conversationId: chosen, messageId: planned("").messageId });
    for (const wrong of ["", "\ud800"]) {
      expect(() => planned("", { conversationId: wrong })).toThrow(
        /^\[option\] x\.yaml:1:1: conversationId: expected an id/,
      );
    }
  });

  describe("for both versions", () => {
    const both = (faults = ""): Plan => planned(faults, { schema: "both" });
    const versionOf = (topic: string): string => (topic.startsWith("ondash.llm.v2.") ? "v2" : "v1");
    const keys = (from: Plan): readonly string[] =>
      from.sends.map(({ event, record, fault }) => `${event}${versionOf(record.topic)}${fault ?? ""}`);

    it("has one event of each for every step, v1 first, as the plans for one version have them", () => {
      const [one, two] = (["chat.v1", "chat.v2"] as const).map((schema) => planned("", { schema }));
      const { events, topics, expect: expected } = both();
      expect(topics).toEqual([...(one?.topics ?? []), ...(two?.topics ?? [])]);
      expect(events.filter((_, index) => index % 2 === 0)).toEqual(one?.events);
      expect(events.filter((_, index) => index % 2 === 1)).toEqual(two?.events);
      expect(expected.verdict).toBe("passed");
    });

    it.each([
      ["strikes chat.v2", "{ at: 2, do: drop }", ["1v1", "1v2", "2v1", "3v1", "3v2"]],
      [
        "strikes the version that it names",
        "{ at: 2, do: drop, version: chat.v1 }",
        ["1v1", "1v2", "2v2", "3v1", "3v2"],
      ],
      ["stops both with the producer", "{ after: 1, do: stop }", ["1v1", "1v2"]],
      ["swaps within its version", "{ do: swap, at: [2, 3] }", ["1v1", "1v2", "2v1", "3v1", "3v2swap", "2v2swap"]],
    ])("a fault %s", (_name, fault, expected) => {
      const steps = "scenario: x\nsteps: [{ status: a }, { status: b }, { status: c }]\n";
      const made = planned(`faults: [${fault}]\n`, { schema: "both" }, steps);
      expect(keys(made)).toEqual(expected);
      expect(made.events.length).toBe(6);
    });

    it("expects what each version expects", () => {
      const violations = "{ chat.v1: { ledger: [ORD-04], observed: [] }, chat.v2: [ORD-07] }";
      const made = both(`expect: { violations: ${violations} }\n`);
      expect(made.expect.violations).toEqual(["ORD-04", "ORD-07"]);
    });
  });

  it("lets time pass as the scenario says, with the jitter's bounds, and always forward", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const { events } = planned("", { seed });
        const first = events[0]?.at ?? 0;
        expect(first).toBeGreaterThanOrEqual(270);
        expect(first).toBeLessThanOrEqual(330);
        events.slice(1).forEach(({ at }, index) => {
          const gap = at - (events[index]?.at ?? 0);
          const base = index + 2 === 5 ? 2_000 : 120;
          expect(Math.abs(gap - base)).toBeLessThanOrEqual(base * 0.1 + 1e-6);
        });
      }),
    );
  });

  it("keeps timestamps strictly increasing even where no time passes", () => {
    const list = Array.from({ length: 40 }, (_, index) => `  - status: s${index}\n`).join("");
    const made = planned(
      "",
      {},
      `scenario: x\ntiming: { first: 0ms, gap: 0ms }\nstart: 2025-12-31T23:59:59.999999990Z\nsteps:\n${list}`,
    );
    const nanos = envelopes(made).map(({ timestamp }) => {
      if (timestamp === undefined) throw new Error("no timestamp");
      expect(timestamp.nanos).toBeLessThan(1e9);
      return timestamp.seconds * 1_000_000_000n + BigInt(timestamp.nanos);
    });
    nanos.slice(1).forEach((at, index) => expect(at).toBe((nanos[index] ?? 0n) + 1n));
  });

  it("numbers chat.v2 without gaps and names the last on the final completion alone", () => {
    const two = schemaOf("chat.v2");
    const sequences = planned("", { schema: "chat.v2" }).events.map(({ record }) => {
      const decoding = decodeEnvelope(two, record.value);
      if (!decoding.ok || !("sequence" in decoding.envelope)) throw new Error("not chat.v2");
      const { sequence, event } = decoding.envelope;
      return [sequence, event.case === "completion" ? event.value.lastSequence : undefined];
    });
    expect(sequences.map(([sequence]) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(sequences.at(-1)).toEqual([7, 7]);
  });

  it("lets a completion wait for its task, and a final one for the turn", () => {
    const twoTasks = `scenario: x
steps:
  - { status: a, task: one }
  - { text: { position: STANDALONE, body: b }, task: one }
  - { completion: { type: TASK }, task: one }
  - { text: { position: STANDALONE, body: c }, task: two }
  - { completion: { type: TASK }, task: two }
  - completion: { type: CONVERSATION }
`;
    expect(planned("", {}, twoTasks).sends.map(({ awaits }) => awaits)).toEqual([
      "nothing",
      "nothing",
      { task: "one" },
      "nothing",
      { task: "two" },
      "turn",
    ]);
  });
});

describe("faults", () => {
  it("sends what was planned when there are none", () => {
    const { events, sends } = planned("");
    expect(
      sends.map(({ event, eventId, record, at, fault, held }) => ({ event, eventId, record, at, fault, held })),
    ).toEqual(
      events.map(({ index, eventId, record, at }) => ({
        event: index,
        eventId,
        record,
        at,
        fault: undefined,
        held: false,
      })),
    );
  });

  it.each<[string, string, readonly string[]]>([
    ["drop", "{ at: chart, do: drop }", ["1", "2", "3", "4", "6", "7"]],
    ["duplicate", "{ at: intro, do: duplicate }", ["1", "2", "3", "4", "4duplicate", "5", "6", "7"]],
    ["stop", "{ after: chart, do: stop }", ["1", "2", "3", "4", "5"]],
    ["swap", "{ do: swap, at: [intro, outro] }", ["1", "2", "3", "6swap", "5", "4swap", "7"]],
    ["swap across topics", "{ do: swap, at: [intro, chart] }", ALL],
    ["late", "{ at: outro, do: late }", ["1", "2", "3", "4", "5", "6late", "7"]],
    ["another version's", "{ at: outro, do: drop, version: chat.v2 }", ALL],
    ["two after each other", "{ at: 2, do: drop }, { at: 2, do: duplicate }", ["1", "3", "4", "5", "6", "7"]],
  ])("%s changes the order of sends and nothing that was planned", (_name, fault, keys) => {
    const faulty = planned(`faults: [${fault}]\n`);
    expect(sendKeys(faulty)).toEqual(keys);
    expect(faulty.events).toEqual(planned("").events);
  });

  it.each<[string, string, (before: Plan["sends"][number], after: Plan["sends"][number]) => void]>([
    [
      "key",
      "{ at: 4, do: key, value: other }",
      (before, after) => {
        const key = new TextEncoder().encode("other");
        expect(after.record).toEqual({ ...before.record, key, partition: partitionOf(key, 8) });
      },
    ],
    [
      "key of nothing",
      "{ at: 4, do: key, value: null }",
      (before, after) => {
        expect(after.record).toEqual({ ...before.record, key: null });
      },
    ],
    [
      "partition",
      "{ at: 4, do: partition, value: 7 }",
      (before, after) => {
        expect(after.record).toEqual({ ...before.record, partition: 7 });
      },
    ],
    [
      "topic",
      "{ at: 4, do: topic, value: ondash.llm.chart }",
      (before, after) => {
        expect(after.record).toEqual({ ...before.record, topic: "ondash.llm.chart" });
      },
    ],
    [
      "topic by kind",
      "{ at: 4, do: topic, value: completion }",
      (before, after) => {
        expect(after.record).toEqual({ ...before.record, topic: "ondash.llm.complete" });
      },
    ],
    [
      "tombstone",
      "{ at: 4, do: tombstone }",
      (before, after) => {
        expect(after.record).toEqual({ ...before.record, value: null });
      },
    ],
    [
      "header",
      "{ at: 4, do: header, name: h, value: v }",
      (before, after) => {
        expect(after.record).toEqual({ ...before.record, headers: [["h", new TextEncoder().encode("v")]] });
      },
    ],
    [
      "delay",
      "{ at: 4, do: delay, by: 1.5s }",
      (before, after) => {
        expect(after).toEqual({ ...before, at: before.at + 1_500, fault: "delay" });
      },
    ],
    [
      "truncation",
      "{ at: 4, do: corrupt, how: truncate_bytes, bytes: 2 }",
      (before, after) => {
        expect(after.record.value).toEqual(before.record.value?.slice(0, -2));
      },
    ],
    [
      "a flipped bit",
      "{ at: 4, do: corrupt, how: flip_bit, byte: 3, bit: 6 }",
      (before, after) => {
        const value = before.record.value?.slice() ?? new Uint8Array(0);
        value[3] = (value[3] ?? 0) ^ 64;
        expect(after.record.value).toEqual(value);
      },
    ],
    [
      "a Confluent prefix",
      "{ at: 4, do: corrupt, how: confluent_prefix }",
      (before, after) => {
        expect(after.record.value?.slice(0, 5)).toEqual(Uint8Array.of(0, 0, 0, 0, 42));
        expect(after.record.value?.slice(5)).toEqual(before.record.value);
      },
    ],
  ])("%s strikes one record and leaves the others", (_name, fault, check) => {
    const before = planned("");
    const after = planned(`faults: [${fault}]\n`);
    before.sends.forEach((send, index) => {
      const struck = after.sends[index];
      if (struck === undefined) return expect.unreachable();
      if (index === 3) return check(send, struck);
      return expect(struck).toEqual(send);
    });
  });

  it.each([
    ["an enum by name", "text.position, value: AFTER", { event: { value: { position: 2 } } }],
    ["an enum by number", "text.position, value: 7", { event: { value: { position: 7 } } }],
    ["nothing", "text.position, value: null", { event: { value: { position: 0 } } }],
    ["a string", 'text.text, value: ""', { event: { value: { text: "" } } }],
    ["an id", "message_id, value: m2", { messageId: "m2" }],
    [
      "a time",
      'timestamp, value: "2025-10-29T10:30:00.5Z"',
      { timestamp: { seconds: 1_761_733_800n, nanos: 500_000_000 } },
    ],
    ["no time", "timestamp, value: null", { event: { case: "text" } }],
  ])("set puts in %s and keeps key, topic and partition", (_name, fault, expected) => {
    const before = planned("");
    const after = planned(`faults: [{ at: intro, do: set, path: ${fault} }]\n`);
    const struck = envelopes(after, "sends")[3];
    expect(struck).toMatchObject(expected);
    expect(struck?.timestamp === undefined).toBe(fault === "timestamp, value: null");
    const { value: _before, ...rest } = before.sends[3]?.record ?? { value: null };
    expect(after.sends[3]?.record).toMatchObject(rest);
    expect(after.sends[3]?.eventId).toBe(before.sends[3]?.eventId);
  });

  it("re-mints a duplicate: another id, the same time and content", () => {
    const after = planned("faults: [{ at: intro, do: duplicate, same_id: false }]\n");
    const [, , , original, copy] = envelopes(after, "sends");
    expect(copy).toEqual({ ...original, eventId: copy?.eventId });
    expect(copy?.eventId).not.toBe(original?.eventId);
    expect(after.sends[4]?.eventId).toBe(copy?.eventId);
  });

  it.each([
    [
      "text.position, value: BEFOR",
      'set: text.position: expected an int32 or one of UNSPECIFIED, BEFORE, AFTER, STANDALONE, got "BEFOR"',
    ],
    ["text, value: 3", "set: text: set its fields one by one"],
    ["chart.chart_type, value: pie", "set: chart.chart_type: chart is not set in this event"],
    ["timestamp, value: now", 'set: timestamp: expected RFC 3339 text, as in 2025-10-29T10:30:00Z, got "now"'],
    ["event_id, value: 3", "set: event_id: expected a string without lone surrogates, got 3"],
  ])("set refuses %s", (fault, text) => {
    expect(() => planned(`faults: [{ at: intro, do: set, path: ${fault} }]\n`)).toThrow(text);
  });
});
