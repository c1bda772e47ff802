/** The leader epochs of a partition, each with the offset at which it began (KIP-101, KIP-320). */
export class LeaderEpochs {
  private readonly entries: { epoch: number; startOffset: bigint }[] = [];

  get latest(): number {
    return this.entries.at(-1)?.epoch ?? -1;
  }

  /** Notes that `epoch` begins at `startOffset`; an epoch that is known keeps its start. */
  assign(epoch: number, startOffset: bigint): void {
    if (epoch <= this.latest) return;
    this.entries.push({ epoch, startOffset });
  }

  /** The epoch under which the record at `offset` was written, −1 when none is known. */
  at(offset: bigint): number {
    return this.entries.findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? -1;
  }

  /**
   * The largest epoch that is not above `epoch`, and where it ends: the start of the next one, or the log's end.
   * Undefined when every epoch known is larger.
   */
  endOf(epoch: number, logEnd: bigint): { epoch: number; endOffset: bigint } | undefined {
    const index = this.entries.findLastIndex((entry) => entry.epoch <= epoch);
    const entry = this.entries[index];
    if (entry === undefined) return undefined;
    return { epoch: entry.epoch, endOffset: this.entries[index + 1]?.startOffset ?? logEnd };
  }
}
