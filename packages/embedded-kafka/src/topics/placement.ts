/**
 * Spreads partitions over nodes: partition p gets the nodes that follow `start + p`, so that leaders and replicas are
 * even (Kafka's striped placement, without racks).
 */
export function placeReplicas(nodes: readonly number[], replicationFactor: number, start: number): number[] {
  return Array.from({ length: replicationFactor }, (_, replica) => nodes[(start + replica) % nodes.length] ?? 0);
}
