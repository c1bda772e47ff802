import { type ConfigDefinition, TOPIC_CONFIGS, topicConfig } from "./config-table.ts";

/** The settings given for a topic, by name; what is not here has its default. */
export type ConfigOverrides = ReadonlyMap<string, string>;

/** Why a setting is refused (INVALID_CONFIG), in Kafka's words; undefined when it is taken. */
export function configFault(name: string, value: string | null): string | undefined {
  const definition = topicConfig(name);
  if (definition === undefined) return `Unknown topic config name: ${name}`;
  if (value === null) return `Null value not supported for topic configs: ${name}`;
  return valueFault(definition, value.trim());
}

/** Why a set of settings, each valid alone, is refused. */
export function combinationFault(overrides: ConfigOverrides): string | undefined {
  const min = longConfig(overrides, "min.compaction.lag.ms");
  const max = longConfig(overrides, "max.compaction.lag.ms");
  if (min > max) return `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`;
  if (configValue(overrides, "remote.storage.enable").toLowerCase() === "true") {
    return "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.";
  }
  return undefined;
}

/** A topic's value of a setting, or its default. */
export function configValue(overrides: ConfigOverrides, name: string): string {
  const value = overrides.get(name) ?? topicConfig(name)?.default;
  if (value === undefined) throw new Error(`there is no topic config ${name}`);
  return value.trim();
}

/** A topic's value of an int or long setting. */
export function longConfig(overrides: ConfigOverrides, name: string): bigint {
  return BigInt(configValue(overrides, name));
}

/** The elements of a topic's list setting. */
export function listConfig(overrides: ConfigOverrides, name: string): string[] {
  return splitList(configValue(overrides, name));
}

/** Elements of a list value: separated by commas, spaces around them ignored; none in an empty value. */
export function splitList(value: string): string[] {
  return value.trim() === "" ? [] : value.split(",").map((element) => element.trim());
}

/** Every setting with its value, in alphabetical order. */
export function describeConfigs(overrides: ConfigOverrides): { definition: ConfigDefinition; value: string }[] {
  return TOPIC_CONFIGS.map((definition) => ({
    definition,
    value: overrides.get(definition.name) ?? definition.default,
  }));
}

const RANGES = {
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;

function valueFault(definition: ConfigDefinition, value: string): string | undefined {
  const invalid = (shown: string, why: string): string =>
    `Invalid value ${shown} for configuration ${definition.name}: ${why}`;
  switch (definition.type) {
    case "boolean":
      return /^(true|false)$/i.test(value) ? undefined : invalid(value, "Expected value to be either true or false");
    case "string":
      return allowed(definition, value) ? undefined : invalid(value, oneOf(definition));
    case "list": {
      const unknown = splitList(value).find((element) => !allowed(definition, element));
      if (unknown !== undefined) return invalid(unknown, oneOf(definition));
      return definition.name.endsWith(".throttled.replicas") ? throttleFault(value, invalid) : undefined;
    }
    case "double": {
      const number = value === "" ? Number.NaN : Number(value);
      if (Number.isNaN(number)) return invalid(value, "Not a number of type DOUBLE");
      return boundsFault(definition, number, (why) =>
        invalid(Number.isInteger(number) ? number.toFixed(1) : value, why),
      );
    }
    default: {
      const [lowest, highest] = RANGES[definition.type];
      const number = /^[+-]?\d+$/.test(value) ? BigInt(value.replace(/^\+/, "")) : undefined;
      if (number === undefined || number < lowest || number > highest) {
        return invalid(value, `Not a number of type ${definition.type.toUpperCase()}`);
      }
      if (definition.name === "compression.gzip.level" && number === 0n) {
        return invalid(value, "Value must be between 1 and 9 or equal to -1");
      }
      return boundsFault(definition, number, (why) => invalid(value, why));
    }
  }
}

function boundsFault(
  definition: ConfigDefinition,
  value: number | bigint,
  invalid: (why: string) => string,
): string | undefined {
  const { min, max } = definition;
  if (min !== undefined && value < min) return invalid(`Value must be at least ${min}`);
  if (max !== undefined && value > max) return invalid(`Value must be no more than ${max}`);
  return undefined;
}

function throttleFault(value: string, invalid: (shown: string, why: string) => string): string | undefined {
  if (value === "" || value === "*" || splitList(value).every((element) => /^\d+:\d+$/.test(element))) return undefined;
  return invalid(
    `[${splitList(value).join(", ")}]`,
    "must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...",
  );
}

function allowed({ values }: ConfigDefinition, value: string): boolean {
  return values === undefined || values.includes(value);
}

function oneOf({ values = [] }: ConfigDefinition): string {
  return `String must be one of: ${values.join(", ")}`;
}
