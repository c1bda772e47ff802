import { describe, expect, it } from "vitest";
import { formatAddress, parseAddresses } from "./addresses.ts";

describe("broker addresses", () => {
  it("are host:port, IPv6 in brackets", () => {
    const addresses = parseAddresses(["localhost:9092", " kafka-1.example.org:1 ", "[::1]:65535"]);
    expect(addresses).toEqual([
      { host: "localhost", port: 9092 },
      { host: "kafka-1.example.org", port: 1 },
      { host: "::1", port: 65_535 },
    ]);
    expect(addresses.map(formatAddress)).toEqual(["localhost:9092", "kafka-1.example.org:1", "[::1]:65535"]);
  });

  it.each([
    "localhost",
    "localhost:",
    ":9092",
    "localhost:0",
    "localhost:65536",
    "kafka://h:1",
    "::1:9092",
    "a b:1",
    "",
  ])("refuses %j, saying what was expected", (broker) => {
    expect(() => parseAddresses([broker])).toThrow(`[config] "${broker}" is not a broker address: expected host:port`);
  });

  it("must be at least one", () => {
    expect(() => parseAddresses([])).toThrow("[config] no broker address is given");
  });
});
