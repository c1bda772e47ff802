import { create, type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { assertLaw } from "../../test/support/laws.ts";
import { anyMessage, validTurn } from "../arbitraries/index.ts";
import * as v1 from "../chat/v1.ts";
import * as v2 from "../chat/v2.ts";
import {
  chatV1,
  chatV2,
  decodeEnvelope,
  downcast,
  downcastMessage,
  type EnvelopeOf,
  encodeRecord,
  headerValues,
  type OutgoingRecord,
  schemaOfTopic,
  strictDecode,
  upcast,
  upcastMessage,
  utf8Text,
} from "../index.ts";

// Many runs, on machines that do other work besides.
vi.setConfig({ testTimeout: 120_000 });

/** Messages of chat.v1 with everything that its descriptor allows, but for roles and states that chat.v2 has not. */
const messagesV1: fc.Arbitrary<v1.Message> = fc
  .tuple(
    anyMessage(v1.MessageSchema, { unknownEnums: true }),
    fc.constantFrom("", "user", "assistant", "system"),
    fc.infiniteStream(fc.constantFrom("", "pending", "running", "completed", "failed")),
    fc.infiniteStream(fc.constantFrom("", "bar", "line", "pie", "scatter", "radar", "heatmap", "custom", "funnel")),
  )
  .map(([message, role, states, charts]) => {
    message.role = role;
    for (const task of message.metadata?.tasks ?? []) task.state = states.next().value;
    for (const { block } of message.content) {
      // Any other string stays: it is a chart type too.
      if (block.case === "chart" && block.value.chartType.length < 4) block.value.chartType = charts.next().value;
    }
    return message;
  });

/** Turns of whatever chat.v1's descriptor allows: only what makes them one turn, in order and with an end, is set. */
const turnsV1: fc.Arbitrary<v1.EventEnvelope[]> = fc
  .record({
    events: fc.array(anyMessage(v1.EventEnvelopeSchema), { minLength: 1, maxLength: 6 }),
    last: anyMessage(v1.CompletionEventSchema),
    conversationId: fc.string(),
    messageId: fc.string(),
    charts: fc.infiniteStream(
      fc.constantFrom("", "bar", "line", "pie", "scatter", "radar", "heatmap", "custom", "Bar"),
    ),
  })
  .map(({ events, last, conversationId, messageId, charts }) =>
    events.map((event, index): v1.EventEnvelope => {
      if (index === events.length - 1) event.event = { case: "completion", value: last };
      else if (event.event.case === "completion") event.event.value.type = v1.CompletionType.TASK;
      if (event.event.case === "chart" && event.event.value.chartType.length < 4) {
        event.event.value.chartType = charts.next().value;
      }
      const nanos = event.timestamp?.nanos ?? 0;
      return create(v1.EventEnvelopeSchema, {
        ...bare(event),
        conversationId,
        messageId,
        timestamp: { seconds: BigInt(index * 100_000_000), nanos },
      });
    }),
  );

function bare({ eventId, taskId, event }: v1.EventEnvelope): Pick<v1.EventEnvelope, "eventId" | "taskId" | "event"> {
  return { eventId, taskId, event };
}

/** Any number, to choose something by. */
const draws: fc.Arbitrary<() => number> = fc
  .infiniteStream(fc.nat({ max: 839 }))
  .map((stream) => () => stream.next().value as number);

/** Gives a chart a type that its comments allow. */
function settle(chart: v2.ChartEvent | v2.ChartBlock, draw: () => number): void {
  const type = draw() % 8;
  chart.chartType = type as v2.ChartEvent_ChartType & v2.ChartBlock_ChartType;
  if (type !== v2.ChartEvent_ChartType.CUSTOM) chart.customChartType = "";
  else if (chart.customChartType === "") chart.customChartType = "sankey";
}

/** Events of chat.v2 with everything that the descriptor allows, but for chart types that its comments do not. */
const eventsV2: fc.Arbitrary<v2.EventEnvelope> = fc
  .tuple(anyMessage(v2.EventEnvelopeSchema, { json: false }), draws)
  .map(([message, draw]) => {
    if (message.event.case === "chart") settle(message.event.value, draw);
    return message;
  });

/** Messages of chat.v2 with everything that the descriptor allows, but for chart types, roles and states likewise. */
const messagesV2: fc.Arbitrary<v2.Message> = fc
  .tuple(anyMessage(v2.MessageSchema, { json: false }), draws)
  .map(([message, draw]) => {
    message.role = (draw() % 4) as v2.Role;
    for (const { block } of message.content) if (block.case === "chart") settle(block.value, draw);
    for (const task of message.metadata?.tasks ?? []) task.state = (draw() % 5) as v2.TaskState;
    return message;
  });

/** Paths of the fields that are set in `read`, and not the same in `wanted`. */
function misread(desc: DescMessage, read: Message, wanted: Message, path = ""): string[] {
  const [left, right] = [reflect(desc, read), reflect(desc, wanted)];
  return desc.fields.flatMap((field): string[] => {
    if (!left.isSet(field)) return [];
    const name = `${path}${field.name}`;
    if (!right.isSet(field)) return [name];
    if (field.fieldKind === "message") {
      return misread(field.message, left.get(field).message, right.get(field).message, `${name}.`);
    }
    if (field.fieldKind === "list" && field.listKind === "message") {
      const [items, others] = [[...left.get(field)], [...right.get(field)]] as { message: Message }[][];
      if (items === undefined || others === undefined || items.length !== others.length) return [name];
      return items.flatMap(({ message }, index) =>
        misread(field.message, message, (others[index] as { message: Message }).message, `${name}[${index}].`),
      );
    }
    return left.get(field) === right.get(field) ? [] : [name];
  });
}

describe("downcast after upcast", () => {
  it("gives back every valid turn that a completion ends", () => {
    assertLaw(validTurn(chatV1), ({ events }) => {
      expect(upcast(events).map(downcast)).toEqual(events);
    });
  });

  it("gives back every turn that the descriptor allows", () => {
    assertLaw(turnsV1, (events) => {
      expect(upcast(events).map(downcast)).toEqual(events);
    });
  });

  it("gives back every message", () => {
    assertLaw(messagesV1, (message) => {
      expect(downcastMessage(upcastMessage(message))).toEqual(message);
    });
  });
});

describe("upcast after downcast", () => {
  it("gives back a turn of chat.v2 but for its steps", () => {
    const ascending = validTurn(chatV2).map(({ events }) => {
      for (const [index, event] of events.entries()) {
        event.timestamp = create(v2.EventEnvelopeSchema, { timestamp: { seconds: BigInt(index) } }).timestamp;
      }
      return events;
    });
    assertLaw(ascending, (events) => {
      const expected = events.map((event) =>
        event.event.case === "status"
          ? { ...event, event: { case: "status", value: { ...event.event.value, step: 0, totalSteps: 0 } } }
          : event,
      );
      expect(upcast(events.map(downcast))).toEqual(expected);
    });
  });
});

describe("downcast", () => {
  it("is total on valid turns of chat.v2, and what it gives is sound", () => {
    assertLaw(validTurn(chatV2), ({ events }) => {
      const down = events.map(downcast);
      const read = down.map((event) => decodeEnvelope(chatV1, toBinary(v1.EventEnvelopeSchema, event)));
      expect(read.map((decoding) => decoding.ok && !decoding.unknownFields && decoding.envelope)).toEqual(down);
      expect(down.some(({ event }) => event.case === "chart" && event.value.chartType === "")).toBe(false);
    });
  });

  it("is total on every event whose chart type is of the set", () => {
    assertLaw(eventsV2, (event) => {
      expect(downcast(event).eventId).toBe(event.eventId);
    });
  });

  it("is total on every message whose chart types, role and states are of their sets", () => {
    assertLaw(messagesV2, (message) => {
      expect(downcastMessage(message).content).toHaveLength(message.content.length);
    });
  });
});

describe("a reader of chat.v1 that gets bytes of chat.v2", () => {
  it("reads of every event nothing but what downcast gives", () => {
    assertLaw(eventsV2, (event) => {
      const bytes = toBinary(v2.EventEnvelopeSchema, event);
      expect(misread(v1.EventEnvelopeSchema, fromBinary(v1.EventEnvelopeSchema, bytes), downcast(event))).toEqual([]);
      expect(strictDecode(v1.EventEnvelopeSchema, bytes).ok).toBe(true);
    });
  });

  it("reads of every message nothing but what downcastMessage gives", () => {
    assertLaw(messagesV2, (message) => {
      const bytes = toBinary(v2.MessageSchema, message);
      expect(misread(v1.MessageSchema, fromBinary(v1.MessageSchema, bytes), downcastMessage(message))).toEqual([]);
      expect(strictDecode(v1.MessageSchema, bytes).ok).toBe(true);
    });
  });
});

describe("streams published in both versions", () => {
  /** What an observer gets of a record. */
  function observed<S extends typeof chatV1 | typeof chatV2>(
    schema: S,
    { key, partition, topic, value }: OutgoingRecord,
  ): { key: string | undefined; partition: number; kind: string; event: EnvelopeOf<S> } {
    const decoding = decodeEnvelope(schema, value);
    if (!decoding.ok) throw new Error(decoding.failure.detail);
    const kind = schemaOfTopic(topic)?.kind ?? topic;
    return { key: utf8Text(key), partition, kind, event: decoding.envelope };
  }

  it("agree, record by record", () => {
    assertLaw(fc.tuple(validTurn(chatV1), fc.constantFrom(1, 4, 16)), ([{ events }, partitions]) => {
      const old = events.map((event) => observed(chatV1, encodeRecord(chatV1, event, partitions)));
      const records = upcast(events).map((event) => encodeRecord(chatV2, event, partitions));
      const young = records.map((record) => observed(chatV2, record));
      expect(young.map((seen) => ({ ...seen, event: downcast(seen.event) }))).toEqual(old);
      expect(young.map(({ event }) => event.sequence)).toEqual(events.map((_, index) => index + 1));
      const ids = records.map(({ headers }) => utf8Text(headerValues(headers, "ce_id")[0] ?? null));
      expect(ids).toEqual(events.map(({ eventId }) => eventId));
    });
  });
});
