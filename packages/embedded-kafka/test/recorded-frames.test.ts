import { readFileSync } from "node:fs";
import {
  type ApiName,
  apiName,
  batchCrc,
  compressions,
  decodeRecordBatch,
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  decodeResponseHeader,
  encodeRequest,
  encodeRequestHeader,
  encodeResponse,
  encodeResponseHeader,
  parseBatchHeader,
} from "@ondash/embedded-kafka/wire";
import { describe, expect, it } from "vitest";

/**
 * What three clients (the Java client 4.3.1 by its command line tools, librdkafka 2.16.1, kafkajs 2.2.4) sent to Apache
 * Kafka 4.3.1 and what it answered, recorded between them: for each API and version they used, one request and its
 * response, without the length in front.
 */
interface Recorded {
  readonly api: ApiName;
  readonly version: number;
  readonly client: string;
  readonly request: string;
  readonly response: string;
}
const recorded = JSON.parse(
  readFileSync(new URL("./fixtures/recorded-frames.json", import.meta.url), "utf8"),
) as readonly Recorded[];
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));
const joined = (...parts: Uint8Array[]): string => Buffer.concat(parts).toString("base64");

describe("frames of real clients and a real Kafka", () => {
  it("are many", () => {
    expect(new Set(recorded.map(({ api }) => api)).size).toBeGreaterThan(35);
    expect(new Set(recorded.map(({ client }) => client)).size).toBe(3);
  });

  it.each(recorded.map((each) => [`${each.api} v${each.version} (${each.client})`, each] as const))(
    "are understood, and written the same way, byte for byte: %s",
    (_, { api, version, request, response }) => {
      const asked = bytesOf(request);
      const header = decodeRequestHeader(asked);
      expect([apiName(header.apiKey), header.apiVersion]).toEqual([api, version]);
      const body = decodeRequest(api, version, asked, header.bodyOffset);
      const again = joined(
        encodeRequestHeader(api, version, header.correlationId, header.clientId),
        encodeRequest(api, version, body),
      );
      // librdkafka asks for the metadata of all topics with three bytes too many; Kafka ignores them, so do we.
      const isLonger = api === "Metadata" && version === 13;
      expect(again).toBe(isLonger ? joined(asked.subarray(0, -3)) : request);

      const answered = bytesOf(response);
      const { correlationId, bodyOffset } = decodeResponseHeader(api, version, answered);
      expect(correlationId).toBe(header.correlationId);
      expect(
        joined(
          encodeResponseHeader(api, version, correlationId),
          encodeResponse(api, version, decodeResponse(api, version, answered, bodyOffset)),
        ),
      ).toBe(response);
    },
  );
});

describe("record batches of real clients and a real Kafka", () => {
  const sets = recorded.flatMap(({ api, version, client, request, response }) => {
    if (api === "Produce") {
      const asked = bytesOf(request);
      const { topicData } = decodeRequest("Produce", version, asked, decodeRequestHeader(asked).bodyOffset);
      return topicData.flatMap(({ partitionData }) => partitionData.map(({ records }) => ({ client, records })));
    }
    if (api !== "Fetch") return [];
    const answered = bytesOf(response);
    const { bodyOffset } = decodeResponseHeader("Fetch", version, answered);
    const { responses } = decodeResponse("Fetch", version, answered, bodyOffset);
    return responses.flatMap(({ partitions }) => partitions.map(({ records }) => ({ client: "Kafka", records })));
  });
  const batches = sets.flatMap(({ client, records }) => {
    const found: { client: string; bytes: Uint8Array }[] = [];
    for (let rest = records ?? new Uint8Array(0); rest.length > 0; ) {
      const { sizeInBytes } = parseBatchHeader(rest);
      found.push({ client, bytes: rest.subarray(0, sizeInBytes) });
      rest = rest.subarray(sizeInBytes);
    }
    return found;
  });

  it("come with every codec", () => {
    const used = new Set(batches.map(({ bytes }) => parseBatchHeader(bytes).compression));
    expect(used).toEqual(new Set(compressions));
  });

  it.each(batches.map(({ client, bytes }, index) => [`${index} (${client})`, bytes] as const))(
    "have the checksum that we compute, and decode: %s",
    (_, bytes) => {
      const { header, records } = decodeRecordBatch(bytes);
      expect(batchCrc(bytes, 0, bytes.length)).toBe(header.crc);
      expect(records).toHaveLength(header.recordCount);
      expect(records.map(({ offsetDelta }) => offsetDelta)).toEqual(records.map((__, index) => index));
      expect(records.every(({ key, value }) => key !== null || value !== null)).toBe(true);
    },
  );
});
