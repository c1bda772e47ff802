import type { ChatSchema } from "@ondash/schemas";
import type { ContractEvent } from "../event.ts";
import type { Check } from "../finding.ts";
import type { RecordObservation } from "../observation.ts";

/** What strict decoding makes of a record's value. */
export type DecodedRecord =
  | { readonly ok: false; readonly reason: string }
  | {
      readonly ok: true;
      readonly event: ContractEvent;
      /** Names of the known arms that occur on the wire, each once. */
      readonly knownArms: readonly string[];
      /** Field numbers between 10 and 29 on the wire that are no known arm. */
      readonly unknownArms: readonly number[];
      /** Whether a field occurs, at any depth, that the schema does not know. */
      readonly unknownFields: boolean;
    };

/** All that the REC rules may look at: one record, and how many partitions its topic has. */
export interface RecordFacts {
  readonly record: RecordObservation;
  readonly schema: ChatSchema;
  /** Partitions that each topic is meant to have. */
  readonly partitions: number;
  readonly decoded: DecodedRecord;
}

/** One REC rule. */
export type RecordRule = (facts: RecordFacts) => Check;
