import type { OutgoingRecord } from "@ondash/schemas";

let topicNumber = 0;

/** A topic name that no other test has. */
export function topicName(label: string): string {
  return `law-${label}-${process.pid}-${Date.now().toString(36)}-${topicNumber++}`;
}

/** A record of text. */
export function textRecord(topic: string, value: string, partition = 0): OutgoingRecord {
  const encoder = new TextEncoder();
  return { topic, partition, key: encoder.encode("key"), headers: [], value: encoder.encode(value) };
}
