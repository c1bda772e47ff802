import { createFileRegistry } from "@bufbuild/protobuf";
import { chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import type { Decoder, Oracle } from "./observe.ts";
import type { Witness } from "./search.ts";
import { compareVersions } from "./versions.ts";

const files = [chatV1.envelope, chatV1.message, chatV2.envelope, chatV2.message].map(({ file }) => file);
const registry = createFileRegistry(
  ...files.map((file) =>
    createFileRegistry(file.proto, (name) => [file, ...file.dependencies].find(({ proto }) => proto.name === name)),
  ),
);

/** The effects by a decoder and oracle, as `Type.field effect`. */
function effects(witnesses: readonly Witness[], decoder: Decoder, oracle: Oracle): string[] {
  return witnesses
    .filter(({ decoders, effect }) => decoders.includes(decoder) && effect.oracle === oracle)
    .map(({ field, effect }) => `${field?.parent.name}.${field?.name} ${effect.kind}`)
    .toSorted();
}

describe("chat.v1 and chat.v2 beside each other", () => {
  const { shared, forward, backward } = compareVersions(registry, "chat.v1", "chat.v2", { seed: 42, runs: 300 });

  it("share all types of v1", () => {
    expect(shared.length).toBe(13);
  });

  it.each(["reference", "protobuf-es", "strict"] as const)(
    "lose what is new, and misread nothing: a %s v1 reader of v2",
    (decoder) => {
      expect(effects(backward, decoder, "wire")).toEqual([
        "ChartBlock.chart_type lost",
        "ChartBlock.custom_chart_type lost",
        "ChartEvent.chart_type lost",
        "ChartEvent.custom_chart_type lost",
        "CompletionEvent.last_sequence lost",
        "EventEnvelope.sequence lost",
        "Message.role lost",
        "Message.status lost",
        "StatusEvent.step lost",
        "StatusEvent.total_steps lost",
        "TaskInfo.state lost",
      ]);
    },
  );

  it("lose what v2 moved to other numbers: a v2 reader of v1", () => {
    expect(effects(forward, "reference", "wire")).toEqual([
      "ChartBlock.chart_type lost",
      "ChartEvent.chart_type lost",
      "Message.role lost",
      "TaskInfo.state lost",
    ]);
  });

  it("relay without loss: each keeps the other's fields", () => {
    expect(effects(backward, "reference", "relay")).toEqual([]);
    expect(effects(forward, "reference", "relay")).toEqual([]);
  });
});
