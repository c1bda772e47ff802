import { chatV1, chatV2 } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isHttpError } from "./error.ts";
import {
  beginning,
  formatEventId,
  MAX_EVENT_ID_LENGTH,
  MAX_POSITION_LENGTH,
  parseEventId,
  type ResumePoint,
} from "./event-id.ts";
import { textHash } from "./text-hash.ts";

const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});
const anyPoint: fc.Arbitrary<ResumePoint> = fc.record({
  position: fc.option(printable, { nil: undefined }),
  ahead: fc.nat(),
  turns: fc
    .uniqueArray(fc.tuple(fc.string().map(textHash), fc.integer({ min: 2, max: 2 ** 32 })), {
      selector: ([hash]) => hash,
    })
    .map((entries) => new Map(entries)),
});

function refusal(id: string, schema: typeof chatV1 | typeof chatV2 = chatV2, conversationId = "conv_1"): string {
  try {
    parseEventId(schema, conversationId, id);
  } catch (error) {
    if (isHttpError(error) && error.code === "position") return error.message;
    throw error;
  }
  return "accepted";
}

describe("an event id", () => {
  it("says where to go on, in characters that URLs and header fields take", () => {
    fc.assert(
      fc.property(anyPoint, fc.string(), (point, conversationId) => {
        const id = formatEventId(chatV2, conversationId, point);
        expect(id).toMatch(/^[\w\-.!~*'()%]+$/);
        const read = parseEventId(chatV2, conversationId, id);
        expect(read).toEqual(point);
        // Order counts: turns are forgotten in it.
        expect([...read.turns]).toEqual([...point.turns]);
      }),
    );
  });

  it("is refused when a character of it was changed, inserted or lost", () => {
    fc.assert(
      fc.property(anyPoint, fc.nat(), fc.string({ maxLength: 1 }), fc.boolean(), (point, where, what, insert) => {
        const id = formatEventId(chatV2, "conv_1", point);
        const at = where % id.length;
        const changed = id.slice(0, at) + what + id.slice(insert ? at : at + 1);
        fc.pre(changed !== id);
        expect(refusal(changed)).toMatch(/^\[position\] Last-Event-ID is not an id of this stream: /);
      }),
    );
  });

  it("is refused when it is anything else", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code))).map((units) => units.join("")),
        (text) => {
          expect(refusal(text)).toContain("[position]");
        },
      ),
    );
    expect(refusal("")).toContain("it does not have the form of one");
    expect(refusal("1".repeat(MAX_EVENT_ID_LENGTH + 1))).toContain(`at most ${MAX_EVENT_ID_LENGTH} are given out`);
  });

  it("is refused by another conversation and by the other schema", () => {
    const id = formatEventId(chatV2, "conv_1", { ...beginning, position: "7" });
    expect(refusal(id)).toBe("accepted");
    expect(refusal(id, chatV2, "conv_2")).toContain("it is damaged, or of another conversation");
    expect(refusal(id, chatV1)).toContain("it is of chat.v2, the stream of chat.v1");
  });

  it("is refused with a good check when what it says can't be", () => {
    const forged = (rest: string): string => {
      const check = textHash(`chat.v2\nconv_1\n${rest}`).slice(6);
      return refusal(`2.${check}.${rest}`);
    };
    const hash = textHash("msg_1");
    expect(forged("0..7")).toBe("accepted");
    expect(forged(`0.${hash}2.7`)).toBe("accepted");
    expect(forged("0..%")).toContain("its position is malformed");
    expect(forged("0..%0A")).toContain("its position is malformed");
    expect(forged("0..%20")).toContain("its position is malformed");
    expect(forged(`0..${"7".repeat(MAX_POSITION_LENGTH + 1)}`)).toContain("its position is malformed");
    expect(forged("0.msg.7")).toContain("its list of turns is malformed");
    expect(forged(`0.${hash}.7`)).toContain("its list of turns is malformed");
    expect(forged(`0.${hash}02.7`)).toContain("its list of turns is malformed");
    expect(forged(`0.${hash}2~${hash}3.7`)).toContain("its list of turns is malformed");
    expect(forged(`0.${hash}2~.7`)).toContain("its list of turns is malformed");
    expect(forged(`0.${hash}zzzzzzz.7`)).toContain("its list of turns is malformed");
  });

  it("is not made of a position that the source's contract excludes", () => {
    const make = (position: string) => () => formatEventId(chatV2, "conv_1", { ...beginning, position });
    expect(make("")).toThrow("[position] the source's position must be printable ASCII without spaces");
    expect(make("a b")).toThrow("[position]");
    expect(make("é")).toThrow("[position]");
    expect(make("a\nb")).toThrow("[position]");
    expect(make("x".repeat(MAX_POSITION_LENGTH + 1))).toThrow("[position] the source's position must have at most");
    expect(make("x".repeat(MAX_POSITION_LENGTH))).not.toThrow();
  });
});

describe("the hash of a text", () => {
  it("is twelve digits of base 36, and others for other texts", () => {
    const texts = Array.from({ length: 100_000 }, (_, index) => `msg_${index}`);
    const hashes = new Set(texts.map(textHash));
    expect(hashes.size).toBe(texts.length);
    expect([...hashes].every((hash) => /^[0-9a-z]{12}$/.test(hash))).toBe(true);
    // Each half alone tells most of them apart too: 100,000 texts over 31 bits meet two or three times.
    expect(new Set([...hashes].map((hash) => hash.slice(0, 6))).size).toBeGreaterThan(texts.length - 20);
    expect(new Set([...hashes].map((hash) => hash.slice(6))).size).toBeGreaterThan(texts.length - 20);
  });

  it("never changes: event ids outlive a release", () => {
    expect(["", "conv_456", "日本語"].map(textHash)).toMatchInlineSnapshot(`
      [
        "3qi9j5a2bm1o",
        "my3tn8r3at0i",
        "0i528owcy3ec",
      ]
    `);
  });
});
