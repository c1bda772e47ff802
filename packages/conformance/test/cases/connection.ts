import {
  ByteReader,
  decodeResponse,
  encodeFrame,
  encodeRequest,
  encodeRequestHeader,
  validVersions,
} from "@ondash/embedded-kafka/wire";
import { expect } from "vitest";
import { type Case, errorName } from "../context.ts";

/** A request header by hand: API key, version, correlation id 7, client id null, and the tag byte of header version 2. */
function header(key: number, version: number, flexible: boolean): Uint8Array {
  const bytes = new Uint8Array(flexible ? 11 : 10);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, key);
  view.setInt16(2, version);
  view.setInt32(4, 7);
  view.setInt16(8, -1);
  return bytes;
}

export const connectionCases: readonly Case[] = [
  {
    title: "unsupported version: ApiVersions answers in version 0, with UNSUPPORTED_VERSION and the keys",
    async run(context) {
      const connection = await context.connect();
      const payload = await connection.requestBytes(Uint8Array.of(...header(18, 99, true), 0));
      expect(new ByteReader(payload).int32()).toBe(7);
      const response = decodeResponse("ApiVersions", 0, payload, 4);
      expect(errorName(response.errorCode)).toBe("UNSUPPORTED_VERSION");
      expect(response.apiKeys.find(({ apiKey }) => apiKey === 18)).toMatchObject({ minVersion: 0 });
    },
  },
  {
    title: "unsupported version: of any other API it closes the connection, as an unknown key does",
    async run(context) {
      for (const bytes of [header(3, 99, true), header(0, 99, true), header(999, 0, false)]) {
        const connection = await context.connect();
        connection.write(encodeFrame(bytes));
        await connection.closed;
      }
      // Nobody else suffers.
      const connection = await context.connect();
      expect(
        (await connection.request("ApiVersions", 3, { clientSoftwareName: "a", clientSoftwareVersion: "1" })).errorCode,
      ).toBe(0);
    },
  },
  {
    title: "every version that ApiVersions advertises and this suite can encode is answered",
    async run(context) {
      const connection = await context.connect();
      const { apiKeys } = await connection.request("ApiVersions", 0, {});
      const range = (key: number): readonly number[] => {
        const found = apiKeys.find(({ apiKey }) => apiKey === key);
        return found === undefined
          ? []
          : Array.from({ length: found.maxVersion - found.minVersion + 1 }, (_, i) => found.minVersion + i);
      };
      const within = (api: "Metadata" | "ApiVersions" | "FindCoordinator", key: number): readonly number[] => {
        const [first, last] = validVersions(api);
        return range(key).filter((version) => version >= first && version <= last);
      };
      for (const version of within("Metadata", 3)) {
        const response = await connection.request("Metadata", version, { topics: version === 0 ? [] : null });
        expect([version, response.brokers.length]).toEqual([version, 1]);
      }
      for (const version of within("ApiVersions", 18)) {
        const response = await connection.request("ApiVersions", version, {
          clientSoftwareName: "a",
          clientSoftwareVersion: "1",
        });
        expect([version, response.apiKeys.length]).toEqual([version, apiKeys.length]);
      }
      expect(within("Metadata", 3).length).toBeGreaterThan(10);
    },
  },
  {
    title: "a software name that is no name is INVALID_REQUEST",
    async run(context) {
      const connection = await context.connect();
      const { errorCode } = await connection.request("ApiVersions", 3, {
        clientSoftwareName: "",
        clientSoftwareVersion: "1",
      });
      expect(errorName(errorCode)).toBe("INVALID_REQUEST");
    },
  },
  {
    title: "a frame that is too large, a negative length and garbage close that connection and no other",
    async run(context) {
      const bystander = await context.connect();
      const length = (value: number): Uint8Array => {
        const bytes = new Uint8Array(4);
        new DataView(bytes.buffer).setInt32(0, value);
        return bytes;
      };
      for (const bytes of [length(104_857_601), length(-1), encodeFrame(Uint8Array.of(1, 2, 3))]) {
        const connection = await context.connect();
        connection.write(bytes);
        await connection.closed;
      }
      expect((await bystander.request("ApiVersions", 0, {})).errorCode).toBe(0);
    },
  },
  {
    title: "a request that is cut inside its body closes the connection",
    async run(context) {
      const connection = await context.connect();
      const body = encodeRequest("Metadata", 8, { topics: [{ name: context.name() }] });
      connection.write(encodeFrame(encodeRequestHeader("Metadata", 8, 1, "x"), body.subarray(0, body.length - 8)));
      await connection.closed;
    },
  },
  {
    title: "text that is no UTF-8 does not close the connection: it is read with replacement characters",
    async run(context) {
      const connection = await context.connect();
      const body = encodeRequest("Metadata", 8, { topics: [{ name: "ab" }] });
      body[body.indexOf(0x61)] = 0xff;
      const payload = await connection.requestBytes(
        Uint8Array.of(...encodeRequestHeader("Metadata", 8, 7, "x"), ...body),
      );
      const { topics } = decodeResponse("Metadata", 8, payload, 4);
      expect(topics.map(({ name, errorCode }) => [name, errorName(errorCode)])).toEqual([
        ["\ufffdb", "INVALID_TOPIC_EXCEPTION"],
      ]);
    },
  },
  {
    title: "a frame may come byte by byte, and two of them at once",
    async run(context) {
      const connection = await context.connect();
      const payload = (id: number): Uint8Array =>
        Uint8Array.of(...encodeRequestHeader("ApiVersions", 0, id, "x"), ...encodeRequest("ApiVersions", 0, {}));
      const [one, two] = [encodeFrame(payload(1)), encodeFrame(payload(2))];
      // The last request of three is sent as one frame by `requestBytes`; the answers come in the order of the requests.
      for (const byte of one) connection.write(Uint8Array.of(byte));
      connection.write(two);
      const answers = [connection.requestBytes(payload(3)), connection.nextFrame(), connection.nextFrame()];
      const ids = (await Promise.all(answers)).map((answer) => new ByteReader(answer).int32());
      expect(ids).toEqual([1, 2, 3]);
    },
  },
];
