import { cloudEventHeaders, decodeEnvelope, partitionOf, type SchemaName, schemaOf } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isScenarioError } from "./error.ts";
import { parseScenario } from "./parse-scenario.ts";
import { plan } from "./plan.ts";
import type { Plan, PlannedSend } from "./plan-types.ts";

const STEPS = `scenario: x
task: task_1
steps:
  - { status: a, task: none }
  - status: b
  - text: { position: BEFORE, body: c }
  - chart: { type: bar, config: { series: [1] } }
  - text: { position: AFTER, body: d }
  - error: { severity: WARNING, code: e, message: f }
  - completion: { type: TASK }
`;
const COUNT = 7;

function planOf(faults: readonly string[], schema: SchemaName, seed = 42): Plan {
  const scenario = parseScenario(`${STEPS}faults: [${faults.join(", ")}]\n`, { file: "x.yaml" });
  return plan(scenario, { schema, seed });
}

function problemsOf(...faults: readonly string[]): readonly string[] {
  try {
    planOf(faults, "chat.v1");
  } catch (error) {
    if (!isScenarioError(error)) throw error;
    return error.problems.map(({ location: { line, column }, text }) => `${line}:${column}: ${text}`);
  }
  return [];
}

const at = fc.integer({ min: 1, max: COUNT });
const schema = fc.constantFrom<SchemaName>("chat.v1", "chat.v2");
/** Any fault that fits any event, and the event it strikes. */
const single = fc
  .tuple(
    at,
    fc.constantFrom(
      "drop",
      "duplicate",
      "duplicate, same_id: false",
      "delay, by: 1s",
      "late",
      "corrupt, how: truncate_bytes, bytes: 5",
      "corrupt, how: flip_bit, byte: 3, bit: 2",
      "corrupt, how: confluent_prefix",
      "corrupt, how: wrong_wire_type",
      "set, path: message_id, value: m",
      "set, path: timestamp, value: null",
      "set, path: timestamp.nanos, value: -1",
      "header, name: h, value: v",
      "header, name: ce_id, value: null",
      "key, value: other",
      "key, value: null",
      "partition, value: 3",
      "topic, value: error",
      "tombstone",
    ),
  )
  .map(([index, fault]) => ({ index, text: `{ at: ${index}, do: ${fault} }` }));

describe("faults", () => {
  it("never change what was planned", () => {
    fc.assert(
      fc.property(fc.array(single, { maxLength: 3 }), schema, fc.maxSafeNat(), (list, version, seed) => {
        let faulty: Plan;
        try {
          faulty = planOf(
            list.map(({ text }) => text),
            version,
            seed,
          );
        } catch (error) {
          // One that needs what another took away.
          if (isScenarioError(error) && /put this one before it|is not set in this event/.test(error.message)) return;
          throw error;
        }
        const sound = planOf([], version, seed);
        expect(faulty.events).toEqual(sound.events);
        expect({ ...faulty, sends: [] }).toEqual({ ...sound, sends: [] });
      }),
      { numRuns: 60 },
    );
  });

  it("leave every other send as it is, in the same order", () => {
    fc.assert(
      fc.property(single, schema, fc.maxSafeNat(), ({ index, text }, version, seed) => {
        const others = (from: Plan): readonly PlannedSend[] => from.sends.filter(({ event }) => event !== index);
        const faulty = planOf([text], version, seed);
        expect(others(faulty)).toEqual(others(planOf([], version, seed)));
        const struck = faulty.sends.filter(({ event }) => event === index);
        expect(struck.length).toBe(text.includes("drop") ? 0 : text.includes("duplicate") ? 2 : 1);
        const marks = struck.map(({ fault }) => fault);
        expect(marks.filter((mark) => mark !== undefined)).toHaveLength(struck.length > 0 ? 1 : 0);
      }),
      { numRuns: 60 },
    );
  });

  it("swap two of one topic, and are undone by the same swap; across topics they do nothing", () => {
    fc.assert(
      fc.property(at, at, schema, (i, j, version) => {
        fc.pre(i !== j);
        const sound = planOf([], version);
        const swapped = planOf([`{ do: swap, at: [${i}, ${j}] }`], version);
        const bare = (from: Plan) => from.sends.map((send) => ({ ...send, fault: undefined }));
        if (sound.events[i - 1]?.topic !== sound.events[j - 1]?.topic) expect(swapped).toEqual(sound);
        else {
          expect(swapped.sends.map(({ event }) => event)).toEqual(
            sound.sends.map(({ event }) => (event === i ? j : event === j ? i : event)),
          );
          // Who is appended first leaves first.
          expect(swapped.sends.map((send) => send.at)).toEqual(sound.sends.map((send) => send.at));
        }
        const twice = [`{ do: swap, at: [${i}, ${j}] }`, `{ do: swap, at: [${j}, ${i}] }`];
        expect(bare(planOf(twice, version))).toEqual(bare(sound));
      }),
      { numRuns: 60 },
    );
  });

  it("stop: sends what stands before, all of it and nothing else", () => {
    for (let last = 1; last <= COUNT; last++) {
      const sound = planOf([], "chat.v2");
      expect(planOf([`{ after: ${last}, do: stop }`], "chat.v2").sends).toEqual(sound.sends.slice(0, last));
    }
  });

  it("put a record nowhere but where its key belongs, unless that is what they are for", () => {
    fc.assert(
      fc.property(single, schema, fc.constantFrom(1, 2, 8, 64), fc.maxSafeNat(), (fault, version, partitions, seed) => {
        fc.pre(!fault.text.includes("partition") && !fault.text.includes("value: null"));
        const scenario = parseScenario(`${STEPS}faults: [${fault.text}]\n`, { file: "x.yaml" });
        for (const { record } of plan(scenario, { schema: version, partitions, seed }).sends) {
          expect(record.partition).toBe(partitionOf(record.key ?? new Uint8Array(0), partitions));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("are applied one after another: each sees what those before it left", () => {
    const [first, again] = planOf(
      ["{ at: 3, do: partition, value: 5 }", "{ at: 3, do: duplicate, same_id: false }"],
      "chat.v2",
    ).sends.filter(({ event }) => event === 3);
    expect([first?.record.partition, again?.record.partition]).toEqual([5, 5]);
    expect(again?.eventId).not.toBe(first?.eventId);
  });

  it("let CloudEvents headers follow the envelope, but for those that a fault has changed", () => {
    const v2 = schemaOf("chat.v2");
    const { record } = planOf(
      [
        "{ at: 3, do: header, name: ce_subject, value: mine }",
        "{ at: 3, do: header, name: ce_source, value: null }",
        "{ at: 3, do: set, path: conversation_id, value: other }",
        "{ at: 3, do: set, path: event_id, value: e2 }",
      ],
      "chat.v2",
    ).sends[2] as PlannedSend;
    const decoding = decodeEnvelope(v2, record.value);
    if (!decoding.ok) throw new Error(decoding.failure.detail);
    const text = (headers: readonly (readonly [string, Uint8Array | null])[]) =>
      Object.fromEntries(headers.map(([name, value]) => [name, new TextDecoder().decode(value ?? undefined)]));
    const { ce_source: _, ...followed } = text(cloudEventHeaders(v2, decoding.envelope));
    expect(text(record.headers)).toEqual({ ...followed, ce_id: "e2", ce_subject: "mine" });
  });

  it.each<[string, readonly string[], string]>([
    ["set after a tombstone", ["{ at: 1, do: tombstone }", "{ at: 1, do: set, path: event_id, value: a }"], "11:49"],
    [
      "set after damage",
      ["{ at: 1, do: corrupt, how: confluent_prefix }", "{ at: 1, do: set, path: event_id, value: a }"],
      "11:70",
    ],
    ["re-minting after a tombstone", ["{ at: 1, do: tombstone }", "{ at: 1, do: duplicate, same_id: false }"], "11:49"],
    [
      "damage after a tombstone",
      ["{ at: 1, do: tombstone }", "{ at: 1, do: corrupt, how: confluent_prefix }"],
      "11:49",
    ],
  ])("refuse %s, for there is nothing left to change", (_what, faults, place) => {
    const kind = /do: (\w+)/.exec(faults[1] ?? "")?.[1];
    expect(problemsOf(...faults)).toEqual([
      `${place}: ${kind}: an earlier fault has damaged or emptied the value; put this one before it`,
    ]);
  });

  it.each([
    ["{ do: swap, at: [3, 3] }", "11:26: swap: expected two events, got the same one twice"],
    ["{ do: swap, at: [3, 9] }", "11:30: swap: there is no event 9: the scenario has 7"],
    ["{ after: 9, do: stop }", "11:19: stop: there is no event 9: the scenario has 7"],
    ["{ at: 1, do: partition, value: 8 }", "11:41: partition: the topics have the partitions 0 to 7, not 8"],
    ["{ at: 1, do: delay, by: 9999h }", "11:34: delay: expected at most 100 days"],
    ["{ at: 1, do: topic, value: txet }", "11:37: topic: unknown topic `txet`: did you mean `text`?"],
    ['{ at: 1, do: key, value: "\\uD800" }', "11:35: key: a lone surrogate, which UTF-8 can't hold"],
    ['{ at: 1, do: header, name: a, value: "\\uD800" }', "11:47: header: a lone surrogate, which UTF-8 can't hold"],
    [
      "{ at: 1, do: corrupt, how: flip_bit, byte: 9999 }",
      /^11:53: corrupt: the value has \d+ bytes, there is no byte 9999$/,
    ],
    [
      "{ at: 1, do: corrupt, how: truncate_bytes, bytes: 9999 }",
      /^11:60: corrupt: the value has \d+ bytes, 9999 can't be cut off$/,
    ],
    [
      "{ at: 1, do: set, path: status.mesage, value: a }",
      "11:34: set: status.mesage: unknown field `mesage`: did you mean `message`?",
    ],
    [
      "{ at: 1, do: set, path: status.message.x, value: a }",
      "11:34: set: status.message.x: message has no fields of its own",
    ],
    [
      "{ at: 3, do: set, path: text.position, value: 2147483648 }",
      "11:56: set: text.position: expected an int32 or one of UNSPECIFIED, BEFORE, AFTER, STANDALONE, got 2147483648",
    ],
    [
      '{ at: 1, do: set, path: status.message, value: "\\uD800" }',
      '11:57: set: status.message: expected a string without lone surrogates, got "\\ud800"',
    ],
    [
      "{ at: 1, do: set, path: timestamp.seconds, value: soon }",
      '11:60: set: timestamp.seconds: expected an integer, got "soon"',
    ],
  ])("name the member that is wrong: %s", (fault, problem) => {
    expect(problemsOf(fault)).toEqual([
      typeof problem === "string" ? problem : (expect.stringMatching(problem) as string),
    ]);
  });

  it("tell all that do not fit, also when something else is wrong with the file", () => {
    const faults = "faults: [{ at: 9, do: drop }, { at: 1, do: dorp }, { after: chart, do: stop }]\n";
    try {
      parseScenario(`titel: a\n${STEPS}${faults}`, { file: "x.yaml" });
      expect.unreachable();
    } catch (error) {
      if (!isScenarioError(error)) throw error;
      expect(error.problems.map(({ location: { line, column } }) => `${line}:${column}`)).toEqual([
        "1:1",
        "12:16",
        "12:44",
        "12:61",
      ]);
    }
  });

  it("set nested fields beyond what is valid, for that is what they are for", () => {
    const struck = (path: string, value: string): unknown => {
      const { record } = planOf([`{ at: 1, do: set, path: ${path}, value: ${value} }`], "chat.v1")
        .sends[0] as PlannedSend;
      const decoding = decodeEnvelope(schemaOf("chat.v1"), record.value);
      if (!decoding.ok) throw new Error(decoding.failure.detail);
      return decoding.envelope.timestamp;
    };
    expect(struck("timestamp.seconds", "-62135596801")).toMatchObject({ seconds: -62_135_596_801n });
    expect(struck("timestamp.nanos", "1000000000")).toMatchObject({ nanos: 1_000_000_000 });
  });
});
