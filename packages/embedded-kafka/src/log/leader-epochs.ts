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
   * Where `epoch` ends, with the largest epoch not above it that wrote anything: at the start of the next one, or at the
   * log's end. An epoch before all that are known ends where the first of them starts. Undefined for one above them all.
   */
  endOf(epoch: number, logEnd: bigint): { epoch: number; endOffset: bigint } | undefined {
    if (epoch === this.latest && epoch >= 0) return { epoch, endOffset: logEnd };
    const next = this.entries.find((entry) => entry.epoch > epoch);
    if (next === undefined || epoch < 0) return undefined;
    const floor = this.entries.findLast((entry) => entry.epoch <= epoch);
    return { epoch: floor?.epoch ?? epoch, endOffset: next.startOffset };
  }
}
