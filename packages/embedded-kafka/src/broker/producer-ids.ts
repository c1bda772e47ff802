/** How many ids a node takes at a time. */
const BLOCK = 1_000n;

/** Gives producer ids out: each node from blocks of its own, so that no id is given twice (as Kafka does). */
export class ProducerIds {
  private nextBlock = 0n;
  private readonly blocks = new Map<number, { next: bigint; end: bigint }>();

  /** A producer id that nobody had. */
  next(nodeId: number): bigint {
    let block = this.blocks.get(nodeId);
    if (block === undefined || block.next === block.end) {
      block = { next: this.nextBlock, end: this.nextBlock + BLOCK };
      this.nextBlock = block.end;
      this.blocks.set(nodeId, block);
    }
    return block.next++;
  }
}
