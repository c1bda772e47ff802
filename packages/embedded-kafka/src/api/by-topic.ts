/**
 * The entries of a request with each topic once, its partitions together in the order in which they were asked for:
 * Kafka answers so, however often a request names a topic.
 */
export function byTopic<Partition>(
  entries: readonly { readonly name: string; readonly partitions: readonly Partition[] }[],
): { readonly name: string; readonly partitions: readonly Partition[] }[] {
  return Array.from(
    Map.groupBy(entries, ({ name }) => name),
    ([name, same]) => ({ name, partitions: same.flatMap(({ partitions }) => partitions) }),
  );
}
