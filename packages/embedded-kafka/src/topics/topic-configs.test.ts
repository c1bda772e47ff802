import { describe, expect, it } from "vitest";
import { AlterOperation, alterConfigs } from "./alter-configs.ts";
import { TOPIC_CONFIGS } from "./config-table.ts";
import { combinationFault, configFault, configValue, describeConfigs, listConfig } from "./topic-configs.ts";

describe("configFault", () => {
  it("takes every default", () => {
    expect(TOPIC_CONFIGS.filter((config) => configFault(config.name, config.default) !== undefined)).toEqual([]);
  });

  // The sentences are those of Kafka 4.3.
  it.each([
    ["nope", "1", "Unknown topic config name: nope"],
    ["retention.ms", "abc", "Invalid value abc for configuration retention.ms: Not a number of type LONG"],
    ["retention.ms", "-2", "Invalid value -2 for configuration retention.ms: Value must be at least -1"],
    ["retention.ms", null, "Null value not supported for topic configs: retention.ms"],
    ["retention.ms", "", "Invalid value  for configuration retention.ms: Not a number of type LONG"],
    [
      "cleanup.policy",
      "foo",
      "Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete",
    ],
    [
      "preallocate",
      "yes",
      "Invalid value yes for configuration preallocate: Expected value to be either true or false",
    ],
    [
      "min.cleanable.dirty.ratio",
      "2",
      "Invalid value 2.0 for configuration min.cleanable.dirty.ratio: Value must be no more than 1",
    ],
    [
      "max.message.bytes",
      "99999999999",
      "Invalid value 99999999999 for configuration max.message.bytes: Not a number of type INT",
    ],
    [
      "compression.gzip.level",
      "0",
      "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1",
    ],
  ])("refuses %s=%s", (name, value, fault) => {
    expect(configFault(name, value)).toBe(fault);
  });

  it.each([
    ["cleanup.policy", ""],
    ["cleanup.policy", "compact, delete"],
    ["preallocate", "TRUE"],
    ["retention.bytes", "-5"],
    ["retention.ms", " 5 "],
    ["follower.replication.throttled.replicas", "0:1,1:2"],
  ])("takes %s=%j", (name, value) => {
    expect(configFault(name, value)).toBeUndefined();
  });
});

describe("settings of a topic", () => {
  it("are its own, or the defaults", () => {
    const own = new Map([["cleanup.policy", "compact, delete"]]);
    expect(listConfig(own, "cleanup.policy")).toEqual(["compact", "delete"]);
    expect(configValue(own, "max.message.bytes")).toBe("1048588");
    expect(describeConfigs(own).map(({ definition }) => definition.name)).toEqual(
      TOPIC_CONFIGS.map(({ name }) => name),
    );
  });

  it("are checked together", () => {
    const own = new Map([
      ["min.compaction.lag.ms", "10"],
      ["max.compaction.lag.ms", "5"],
    ]);
    expect(combinationFault(own)).toContain("min.compaction.lag.ms (10) > max.compaction.lag.ms (5)");
  });
});

describe("alterConfigs", () => {
  const current = new Map([["retention.ms", "5"]]);

  it("sets, deletes, appends and subtracts", () => {
    const altered = alterConfigs(current, [
      { name: "retention.ms", operation: AlterOperation.DELETE, value: null },
      { name: "cleanup.policy", operation: AlterOperation.APPEND, value: "compact" },
      { name: "max.message.bytes", operation: AlterOperation.SET, value: "100" },
    ]);
    expect(altered).toEqual(
      new Map([
        ["cleanup.policy", "delete,compact"],
        ["max.message.bytes", "100"],
      ]),
    );
    expect(
      alterConfigs(new Map(), [{ name: "cleanup.policy", operation: AlterOperation.SUBTRACT, value: "delete" }]),
    ).toEqual(new Map([["cleanup.policy", ""]]));
    expect(current).toEqual(new Map([["retention.ms", "5"]]));
  });

  it("refuses what is not valid afterwards", () => {
    expect(alterConfigs(current, [{ name: "retention.ms", operation: AlterOperation.SET, value: "x" }])).toMatchObject({
      errorCode: 40,
    });
    expect(
      alterConfigs(current, [{ name: "retention.ms", operation: AlterOperation.APPEND, value: "1" }]),
    ).toMatchObject({ errorCode: 40 });
    expect(alterConfigs(current, [{ name: "retention.ms", operation: 9, value: "1" }])).toMatchObject({
      errorCode: -1,
    });
  });
});
