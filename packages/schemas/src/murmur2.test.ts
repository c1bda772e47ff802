import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isSchemasError } from "./error.ts";
import { murmur2, partitionOf } from "./murmur2.ts";

/** Computed by Kafka's own client: see the README beside the file. */
const table = readFileSync(join(import.meta.dirname, "../test/vectors/murmur2/murmur2.tsv"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [key = "", hash, partition] = line.split("\t");
    return {
      key: Uint8Array.from(key === "-" ? [] : Buffer.from(key, "hex")),
      hash: Number(hash),
      partition: Number(partition),
    };
  });

describe("murmur2", () => {
  it("gives what Kafka's Java client gives, for every key of the table", () => {
    expect(table.length).toBeGreaterThan(1000);
    expect(table.map(({ key }) => murmur2(key))).toEqual(table.map(({ hash }) => hash));
  });

  it("reads a view of a larger buffer", () => {
    const bytes = Uint8Array.of(9, 9, 99, 111, 110, 118, 9);
    expect(murmur2(bytes.subarray(2, 6))).toBe(murmur2(Uint8Array.of(99, 111, 110, 118)));
  });
});

describe("partitionOf", () => {
  it("gives what Kafka's Java client gives, for every key of the table", () => {
    expect(table.map(({ key }) => partitionOf(key, 8))).toEqual(table.map(({ partition }) => partition));
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d partitions", (partitions) => {
    expect(() => partitionOf(new Uint8Array(), partitions)).toThrow(expect.toSatisfy(isSchemasError));
  });
});
