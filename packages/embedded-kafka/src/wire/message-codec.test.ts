import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ApiName, apiKey, apiName, isFlexible, validVersions } from "./api-name.ts";
import { isWireError, WireError } from "./error.ts";
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from "./message-codec.ts";
import { anyBody, everyMessage, type MessageVersion } from "./test-messages.ts";

const encode = ({ api, kind, version }: MessageVersion, body: Record<string, unknown>): Uint8Array =>
  kind === "Request" ? encodeRequest(api, version, body) : encodeResponse(api, version, body);
const decode = ({ api, kind, version }: MessageVersion, bytes: Uint8Array, offset = 0): object =>
  kind === "Request" ? decodeRequest(api, version, bytes, offset) : decodeResponse(api, version, bytes, offset);

/** What the step throws; a test that wants an error gets none: red. */
function thrownBy(step: () => unknown): WireError {
  try {
    step();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const messages = everyMessage();

describe("every message in every version", () => {
  it("covers the whole table", () => {
    expect(messages.length).toBeGreaterThan(350);
  });

  it.each(messages.map((message) => [`${message.api}${message.kind} v${message.version}`, message] as const))(
    "comes back from its bytes as it was, at any offset: %s",
    (_, message) => {
      fc.assert(
        fc.property(anyBody(message), fc.nat({ max: 3 }), (body, offset) => {
          const bytes = encode(message, body);
          const shifted = new Uint8Array(offset + bytes.length);
          shifted.set(bytes, offset);
          expect(decode(message, shifted, offset)).toEqual(body);
        }),
        { numRuns: 25 },
      );
    },
  );

  it("gives a WireError and nothing else for bytes that were changed, cut or made up", () => {
    const change = fc.record({
      message: fc.constantFrom(...messages),
      edits: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
      cut: fc.option(fc.nat(), { nil: undefined }),
      garbage: fc.uint8Array({ maxLength: 40 }),
    });
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        change.chain((given) => anyBody(given.message).map((body) => ({ ...given, body }))),
        ({ message, body, edits, cut, garbage }) => {
          const bytes = Uint8Array.of(...encode(message, body), ...garbage);
          for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
          const damaged = cut === undefined ? bytes : bytes.subarray(0, cut % (bytes.length + 1));
          try {
            decode(message, damaged);
            outcomes.add("decoded");
          } catch (error) {
            if (!isWireError(error)) throw error;
            expect(error.path).toContain(`${message.api}${message.kind} v${message.version}`);
            expect(error.offset).toBeGreaterThanOrEqual(0);
            outcomes.add(error.code);
          }
        },
      ),
      { numRuns: 3_000 },
    );
    expect(outcomes).toContain("truncated");
    expect(outcomes).toContain("malformed");
  });
});

describe("a request", () => {
  it("may be followed by bytes that nobody asked for, a response may not", () => {
    const request = encodeRequest("Heartbeat", 0, { groupId: "g", generationId: 1, memberId: "m" });
    expect(decodeRequest("Heartbeat", 0, Uint8Array.of(...request, 1, 2, 3))).toMatchObject({ groupId: "g" });
    const response = encodeResponse("Heartbeat", 0, { errorCode: 22 });
    expect(thrownBy(() => decodeResponse("Heartbeat", 0, Uint8Array.of(...response, 1))).message).toBe(
      "[malformed] 1 bytes left over (HeartbeatResponse v0, byte 2)",
    );
  });

  it("gets the protocol's defaults for what is omitted or not in the version", () => {
    const fetched = decodeRequest("Fetch", 4, encodeRequest("Fetch", 4, { maxWaitMs: 1, topics: [{ topic: "t" }] }));
    expect(fetched).toMatchObject({
      clusterId: null,
      replicaId: -1,
      replicaState: { replicaId: -1, replicaEpoch: -1n },
      maxWaitMs: 1,
      maxBytes: 0x7fff_ffff,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic: "t", topicId: "00000000-0000-0000-0000-000000000000", partitions: [] }],
      forgottenTopicsData: [],
      rackId: "",
    });
  });

  it("reads text that is no UTF-8 as Kafka does, with replacement characters", () => {
    const bytes = encodeRequest("Metadata", 4, { topics: [{ name: "ab" }] });
    bytes[bytes.indexOf(0x61)] = 0xff;
    expect(decodeRequest("Metadata", 4, bytes).topics).toMatchObject([{ name: "�b" }]);
  });
});

describe("tagged fields", () => {
  it("are left out when they have their default", () => {
    const plain = encodeResponse("ApiVersions", 3, {});
    expect(encodeResponse("ApiVersions", 3, { finalizedFeaturesEpoch: -1n, supportedFeatures: [] })).toEqual(plain);
    expect(plain.at(-1)).toBe(0);
    expect(encodeResponse("ApiVersions", 3, { finalizedFeaturesEpoch: 7n }).length).toBe(plain.length + 2 + 8);
  });

  it("stand in the order of their tags", () => {
    const bytes = encodeResponse("ApiVersions", 3, { zkMigrationReady: true, finalizedFeaturesEpoch: 1n });
    // error code, no rows, throttle time, two tags: 1 (eight bytes), 3 (one byte)
    expect([...bytes]).toEqual([0, 0, 1, 0, 0, 0, 0, 2, 1, 8, 0, 0, 0, 0, 0, 0, 0, 1, 3, 1, 1]);
  });

  it("that are unknown are skipped", () => {
    const bytes = Uint8Array.of(0, 22, 1, 77, 3, 9, 9, 9);
    expect(decodeResponse("Heartbeat", 4, Uint8Array.of(0, 0, 0, 0, ...bytes))).toEqual({
      throttleTimeMs: 0,
      errorCode: 22,
    });
  });

  it("that are longer than their value are malformed", () => {
    const bytes = Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 1, 3, 2, 1, 0);
    expect(thrownBy(() => decodeResponse("ApiVersions", 3, bytes)).message).toBe(
      "[malformed] tag 3 is longer than its value (ApiVersionsResponse v3.zkMigrationReady, byte 11)",
    );
  });
});

describe("a length that is not there", () => {
  it.each<[string, number[], string]>([
    ["string", [0x7f, 0xff], "[truncated] 32767 bytes wanted, 0 left (HeartbeatRequest v0.groupId, byte 2)"],
    ["null string", [0xff, 0xff], "[malformed] length -1 (HeartbeatRequest v0.groupId, byte 2)"],
    ["negative string", [0x80, 0x00], "[malformed] length -32768 (HeartbeatRequest v0.groupId, byte 2)"],
  ])("is refused, before anything is allocated: %s", (_, bytes, message) => {
    expect(thrownBy(() => decodeRequest("Heartbeat", 0, Uint8Array.of(...bytes))).message).toBe(message);
  });

  it.each<[ApiName, number, number[], string]>([
    ["Metadata", 4, [0x7f, 0xff, 0xff, 0xff], "2147483647 elements in 0 bytes (MetadataRequest v4.topics, byte 4)"],
    ["Metadata", 4, [0xff, 0xff, 0xff, 0xfe], "an array of -2 elements (MetadataRequest v4.topics, byte 4)"],
    [
      "Metadata",
      9,
      [0xff, 0xff, 0xff, 0xff, 0x0f],
      "4294967294 elements in 0 bytes (MetadataRequest v9.topics, byte 5)",
    ],
    ["Metadata", 9, [0xff, 0xff, 0xff, 0xff, 0x1f], "varint of more than 32 bits (MetadataRequest v9.topics, byte 5)"],
    [
      "Metadata",
      4,
      [0, 0, 0, 2, 0, 1, 0x61, 0, 9],
      "9 bytes wanted, 0 left (MetadataRequest v4.topics[1].name, byte 9)",
    ],
  ])("is refused in arrays: %s v%d", (api, version, bytes, message) => {
    expect(thrownBy(() => decodeRequest(api, version, Uint8Array.of(...bytes))).message).toContain(message);
  });
});

describe("a value that its field cannot hold", () => {
  it.each<[string, () => unknown, string]>([
    [
      "too large",
      () => encodeResponse("Heartbeat", 0, { errorCode: 40_000 }),
      "40000 is no int16 (HeartbeatResponse v0.errorCode)",
    ],
    ["a fraction", () => encodeResponse("Heartbeat", 0, { errorCode: 1.5 }), "1.5 is no int16"],
    [
      "beyond 64 bits",
      () => encodeRequest("InitProducerId", 3, { producerId: 2n ** 63n }),
      "9223372036854775808 (bigint) is no int64 (InitProducerIdRequest v3.producerId)",
    ],
    [
      "null where it may not be",
      () => encodeRequest("Heartbeat", 0, { groupId: null as unknown as string }),
      "can't be null in this version (HeartbeatRequest v0.groupId)",
    ],
    [
      "null in an older version",
      () => encodeRequest("Metadata", 0, { topics: null }),
      "can't be null in this version (MetadataRequest v0.topics)",
    ],
    ["too long", () => encodeRequest("Heartbeat", 4, { groupId: "x".repeat(32_768) }), "a string of 32768 bytes"],
    [
      "no UUID",
      () => encodeRequest("Metadata", 12, { topics: [{ topicId: "1" }] }),
      '"1" is not a UUID (MetadataRequest v12.topics[0].topicId)',
    ],
  ])("is refused: %s", (_, step, message) => {
    const error = thrownBy(step);
    expect(error.code).toBe("unencodable");
    expect(error.message).toContain(message);
  });

  it("that the version lacks is left out", () => {
    expect(encodeRequest("Metadata", 1, { topics: [], includeTopicAuthorizedOperations: true })).toEqual(
      encodeRequest("Metadata", 1, { topics: [] }),
    );
  });
});

describe("the table of APIs", () => {
  it("finds an API by its key and the key by its name", () => {
    for (const { api } of messages) expect(apiName(apiKey(api))).toBe(api);
    expect(apiName(18)).toBe("ApiVersions");
    expect(apiName(9_999)).toBeUndefined();
  });

  it("knows versions and which are flexible", () => {
    expect(validVersions("Fetch")).toEqual([4, 18]);
    expect(isFlexible("Fetch", 11)).toBe(false);
    expect(isFlexible("Fetch", 12)).toBe(true);
    // The highest version that is not flexible, for ever.
    expect(isFlexible("SaslHandshake", 1)).toBe(false);
  });

  it("refuses versions that it does not have", () => {
    for (const version of [3, 19, 4.5, Number.NaN]) {
      expect(thrownBy(() => encodeRequest("Fetch", version, {})).code).toBe("unsupported-version");
    }
  });
});
