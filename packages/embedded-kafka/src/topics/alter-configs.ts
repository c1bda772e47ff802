import { ErrorCode } from "../wire/index.ts";
import { topicConfig } from "./config-table.ts";
import { type ConfigOverrides, combinationFault, configFault, configValue, splitList } from "./topic-configs.ts";
import type { Refusal } from "./topic-registry.ts";

/** What is done to one setting, with the numbers of IncrementalAlterConfigs. */
export const AlterOperation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const;

/** One change of a setting. */
export interface ConfigChange {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}

/** The settings after the changes, or why they are refused. Nothing is changed yet. */
export function alterConfigs(current: ConfigOverrides, changes: readonly ConfigChange[]): ConfigOverrides | Refusal {
  const next = new Map(current);
  if (new Set(changes.map(({ name }) => name)).size < changes.length) {
    return invalid(ErrorCode.INVALID_REQUEST, "Error due to duplicate config keys");
  }
  const valueless = changes.filter(({ operation, value }) => operation !== AlterOperation.DELETE && value === null);
  if (valueless.length > 0) {
    const names = valueless.map(({ name }) => name).join(",");
    return invalid(ErrorCode.INVALID_REQUEST, `Null value not supported for : ${names}`);
  }
  for (const { name, operation, value } of changes) {
    if (operation === AlterOperation.DELETE || value === null) {
      next.delete(name);
      continue;
    }
    if (operation === AlterOperation.SET) {
      next.set(name, value.trim());
    } else if (operation === AlterOperation.APPEND || operation === AlterOperation.SUBTRACT) {
      if (topicConfig(name)?.type !== "list") {
        const what = operation === AlterOperation.APPEND ? "APPEND" : "SUBTRACT";
        return invalid(ErrorCode.INVALID_CONFIG, `Can't ${what} to key ${name} because its type is not LIST.`);
      }
      const elements = splitList(configValue(next, name));
      const given = splitList(value);
      const result =
        operation === AlterOperation.APPEND
          ? [...elements, ...given.filter((element) => !elements.includes(element))]
          : elements.filter((element) => !given.includes(element));
      next.set(name, result.join(","));
    } else {
      // Kafka stumbles over it.
      return invalid(ErrorCode.UNKNOWN_SERVER_ERROR, null);
    }
  }
  for (const [name, value] of next) {
    const fault = configFault(name, value);
    if (fault !== undefined) return invalid(ErrorCode.INVALID_CONFIG, fault);
  }
  const fault = combinationFault(next);
  return fault === undefined ? next : invalid(ErrorCode.INVALID_CONFIG, fault);
}

function invalid(errorCode: number, message: string | null): Refusal {
  return { errorCode, message };
}
