import { create } from "@bufbuild/protobuf";
import { StructSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { kitchenSink } from "../test/support/kitchen-sink.ts";
import { MessageSchema } from "./chat/v1.ts";
import { findIllFormedString } from "./well-formed.ts";

const lone = "a\ud800b";

describe("findIllFormedString", () => {
  it("finds nothing in a message whose strings are well-formed, outside the BMP too", () => {
    const content = [{ block: { case: "text", value: { text: "😀\u{10ffff}" } } }] as const;
    expect(
      findIllFormedString(MessageSchema, create(MessageSchema, { id: "ü", content: [...content] })),
    ).toBeUndefined();
  });

  it.each([
    [{ oneString: lone }, "one_string"],
    [{ listString: ["", lone] }, "list_string[1]"],
    [{ mapString: { good: lone } }, 'map_string["good"]'],
    [{ mapString: { [lone]: "good" } }, 'map_string["a\\ud800b"]'],
    [{ oneSelf: { listSelf: [{}, { armString: lone }] } }, undefined],
    [{ oneSelf: { listSelf: [{}, { arm: { case: "armString", value: lone } }] } }, "one_self.list_self[1].arm_string"],
    [{ mapSelf: { k: { oneString: lone } } }, 'map_self["k"].one_string'],
  ])("finds the one in %j", (init, path) => {
    expect(findIllFormedString(kitchenSink, create(kitchenSink, init as Record<string, unknown>))).toBe(path);
  });

  it("looks into a Struct", () => {
    const value = create(ValueSchema, { kind: { case: "stringValue", value: lone } });
    expect(findIllFormedString(StructSchema, create(StructSchema, { fields: { x: value } }))).toBe(
      'fields["x"].string_value',
    );
  });
});
