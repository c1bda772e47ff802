import type { Involvement } from "@ondash/compat";
import { findScenarios, isHarnessError, loadScenario } from "@ondash/harness";
import { isScenarioError, plan } from "@ondash/scenario";
import { decodeEnvelope, type SchemaName, schemaOf } from "@ondash/schemas";
import type { Environment } from "./environment.ts";
import { scenarioDirectory } from "./scenario-directory.ts";

/**
 * Which fields the shipped scenarios set, in each schema version. Only scenarios of their own are named: one that
 * extends another shows no field that the other does not.
 */
export function scenarioFields(environment: Environment): readonly Involvement[] {
  const { cwd } = environment;
  try {
    return findScenarios([], { cwd, directory: scenarioDirectory(environment) }).flatMap((file) => {
      const scenario = loadScenario(file, cwd);
      if (scenario.root["extends"] !== undefined) return [];
      const fields = new Set<string>();
      for (const version of ["chat.v1", "chat.v2"] as const) {
        for (const { record } of plan(scenario, { schema: version }).events) {
          for (const name of fieldsOf(version, record.value)) fields.add(name);
        }
      }
      return [{ name: scenario.name, fields }];
    });
  } catch (error) {
    // The gate judges schemas: a scenario that does not parse is told by `ondash scenarios`.
    if (isScenarioError(error) || isHarnessError(error)) return [];
    throw error;
  }
}

function fieldsOf(version: SchemaName, value: Uint8Array | null): readonly string[] {
  const decoding = decodeEnvelope(schemaOf(version), value);
  if (!decoding.ok || decoding.envelope.event.case === undefined) return [];
  const { envelope } = decoding;
  const arm = envelope.event.case ?? "";
  const type = `${arm.slice(0, 1).toUpperCase()}${arm.slice(1)}Event`;
  return [
    ...names(envelope).map((name) => `${version}.EventEnvelope.${name}`),
    `${version}.EventEnvelope.${arm}`,
    ...names(envelope.event.value ?? {}).map((name) => `${version}.${type}.${name}`),
  ];
}

/** Proto names of the fields that a message's object has. */
function names(message: object): readonly string[] {
  return Object.keys(message)
    .filter((name) => !name.startsWith("$") && name !== "event")
    .map(snakeCase);
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
