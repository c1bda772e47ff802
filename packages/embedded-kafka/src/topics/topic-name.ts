/** Topics that only the broker itself writes to. */
const INTERNAL_TOPICS: ReadonlySet<string> = new Set([
  "__consumer_offsets",
  "__transaction_state",
  "__share_group_state",
]);

const MAX_LENGTH = 249;

/**
 * Why Kafka refuses a topic name, in its words; undefined when it takes it (Kafka's `Topic.validate`): 1 to 249
 * characters of `a-z A-Z 0-9 . _ -`, but not `.` or `..`.
 */
export function topicNameFault(name: string): string | undefined {
  if (name === "") return "Topic name is invalid: the empty string is not allowed";
  if (name === "." || name === "..") return `Topic name is invalid: '${name}' is not allowed`;
  if (name.length > MAX_LENGTH) {
    return `Topic name is invalid: the length of '${name}' is longer than the max allowed length ${MAX_LENGTH}`;
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  }
  return undefined;
}

/** Whether two names would share a metric name in Kafka, which takes `.` and `_` for the same there: only one may exist. */
export function collide(a: string, b: string): boolean {
  return a !== b && a.replaceAll(".", "_") === b.replaceAll(".", "_");
}

/** Whether clients may not produce to it. */
export function isInternalTopic(name: string): boolean {
  return INTERNAL_TOPICS.has(name);
}
