import { ByteReader } from "../wire/index.ts";
import type { Group } from "./group.ts";
import { metadataOf } from "./member.ts";

/**
 * The topics that the members of a consumer group are subscribed to, read out of their metadata (`version INT16, topics
 * [STRING], …`, the embedded protocol of consumers). Metadata that are something else count for none.
 */
export function subscribedTopics(group: Group): Set<string> {
  const topics = new Set<string>();
  for (const member of group.members.values()) {
    for (const topic of topicsOf(metadataOf(member, group.protocolName))) topics.add(topic);
  }
  return topics;
}

function topicsOf(metadata: Uint8Array): string[] {
  try {
    const reader = new ByteReader(metadata);
    reader.int16();
    return Array.from({ length: Math.min(reader.int32(), metadata.length) }, () => reader.text(reader.int16()));
  } catch {
    return [];
  }
}
