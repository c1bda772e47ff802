import { decodes, hasNoUnknownFields, hasOneArm, isInItsTopic } from "./envelope-rules.ts";
import type { RecordRule } from "./facts.ts";
import { enumsAreKnown, idsAreThere, sequenceIsWellFormed, textsAreUsable, timestampIsValid } from "./field-rules.ts";
import { headersAgree } from "./header-rules.ts";
import { isSmall, keyIsConversation, partitionFollowsKey } from "./key-rules.ts";

/** The REC rules by id, in the order of the catalogue. */
export const recordRules: readonly (readonly [id: string, rule: RecordRule])[] = [
  ["REC-01", decodes],
  ["REC-02", hasOneArm],
  ["REC-03", isInItsTopic],
  ["REC-04", keyIsConversation],
  ["REC-05", partitionFollowsKey],
  ["REC-06", idsAreThere],
  ["REC-07", enumsAreKnown],
  ["REC-08", timestampIsValid],
  ["REC-09", textsAreUsable],
  ["REC-10", isSmall],
  ["REC-11", headersAgree],
  ["REC-12", sequenceIsWellFormed],
  ["REC-13", hasNoUnknownFields],
];
