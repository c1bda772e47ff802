import { readFileSync } from "node:fs";
import { parseScenario, plan } from "@ondash/scenario";
import { type AnyEnvelope, type ChatSchema, decodeEnvelope } from "@ondash/schemas";

const folder = new URL("../../../../scenarios/", import.meta.url);

/** A turn as a shipped scenario has it, before any fault. */
export interface Turn {
  readonly schema: ChatSchema;
  readonly conversationId: string;
  readonly messageId: string;
  /** In emission order. */
  readonly events: readonly AnyEnvelope[];
}

/** The turn of a shipped scenario. */
export function turnOf(schema: ChatSchema, scenario: string, seed = 42): Turn {
  const load = (path: string): string => readFileSync(new URL(path, folder), "utf8");
  const parsed = parseScenario(load(`${scenario}.yaml`), { file: `${scenario}.yaml`, load });
  const { conversationId, messageId, events } = plan(parsed, { schema: schema.name, seed });
  return {
    schema,
    conversationId,
    messageId,
    events: events.map(({ record }) => {
      const decoding = decodeEnvelope(schema, record.value);
      if (!decoding.ok) throw new Error(decoding.failure.detail);
      return decoding.envelope;
    }),
  };
}
