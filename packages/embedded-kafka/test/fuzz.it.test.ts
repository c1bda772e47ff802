import { readFileSync } from "node:fs";
import { startEmbeddedKafka } from "@ondash/embedded-kafka";
import { connectRaw, encodeFrame, encodeRecordBatch, type RawConnection } from "@ondash/embedded-kafka/wire";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** What real clients sent, see `recorded-frames.test.ts`. */
const requests = (
  JSON.parse(readFileSync(new URL("./fixtures/recorded-frames.json", import.meta.url), "utf8")) as readonly {
    readonly request: string;
  }[]
).map(({ request }) => Uint8Array.from(Buffer.from(request, "base64")));

/** A request with a few bytes changed, cut or added; or bytes that never were one. */
const frames = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .record({
        request: fc.constantFrom(...requests),
        edits: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }),
        cut: fc.option(fc.nat(), { nil: undefined, freq: 4 }),
        more: fc.uint8Array({ maxLength: 12 }),
      })
      .map(({ request, edits, cut, more }) => {
        const bytes = Uint8Array.of(...request, ...more);
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        return encodeFrame(cut === undefined ? bytes : bytes.subarray(0, cut % bytes.length));
      }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
);

describe("whatever comes in", () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  beforeAll(() => process.on("warning", onWarning));
  afterAll(() => void process.off("warning", onWarning));

  it("does not disturb other connections, is never a defect of the broker, and leaves nothing behind", async () => {
    const sockets = (): number => process.getActiveResourcesInfo().filter((name) => /TCP/.test(name)).length;
    const before = sockets();
    const kafka = await startEmbeddedKafka();
    kafka.createTopic({ name: "steady" });
    const port = Number(kafka.brokers[0]?.split(":")[1]);
    const open = (): Promise<RawConnection> => connectRaw({ host: "127.0.0.1", port });
    const bystander = await open();
    let produced = 0n;
    await fc.assert(
      fc.asyncProperty(fc.array(frames, { minLength: 1, maxLength: 20 }), async (all) => {
        const connections: RawConnection[] = [];
        for (const frame of all) {
          const connection = await open();
          connection.write(frame);
          connections.push(connection);
        }
        // Each of them is answered, parked or closed; none of it is seen here.
        const records = encodeRecordBatch({ baseTimestamp: 1_000n, records: [{ value: Uint8Array.of(1) }] });
        const answer = await bystander.request("Produce", 8, {
          acks: -1,
          timeoutMs: 1_000,
          topicData: [{ name: "steady", partitionData: [{ index: 0, records }] }],
        });
        expect(answer.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: produced });
        produced += 1n;
        await Promise.all(connections.map((connection) => connection.close()));
      }),
      { numRuns: 150 },
    );
    await bystander.close();
    await kafka.close();
    expect(warnings).toEqual([]);
    // A handle that was closed goes a few turns of the event loop later.
    for (let turn = 0; turn < 20 && sockets() > before; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(sockets()).toBe(before);
  });
});
