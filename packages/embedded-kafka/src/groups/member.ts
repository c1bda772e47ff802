/** An assignor a member knows, with what it says to the leader under that assignor (its subscription). */
export interface GroupProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

/** What JoinGroup answers. Codes are Kafka's error codes. */
export interface JoinResult {
  readonly errorCode: number;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  /** The member is the leader again and is to keep the assignment it knows (static membership, from version 9). */
  readonly skipAssignment: boolean;
  readonly memberId: string;
  /** Filled for the leader only. */
  readonly members: readonly { memberId: string; groupInstanceId: string | null; metadata: Uint8Array }[];
}

/** What SyncGroup answers. */
export interface SyncResult {
  readonly errorCode: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}

/** A member of a classic group. */
export interface Member {
  readonly id: string;
  /** group.instance.id of a static member. */
  readonly instanceId: string | undefined;
  clientId: string;
  clientHost: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  readonly protocolType: string;
  /** In order of preference. */
  protocols: readonly GroupProtocol[];
  /** What the leader gave it in this generation; empty before. */
  assignment: Uint8Array;
  /** Joined, but never told so yet: it does not know its id (before JoinGroup version 4) and cannot send heartbeats. */
  isNew: boolean;
  /** Its waiting JoinGroup, if any. */
  join: ((result: JoinResult) => void) | undefined;
  /** Its waiting SyncGroup, if any. */
  sync: ((result: SyncResult) => void) | undefined;
  /** Ends the timer of its session. */
  cancelSession: (() => void) | undefined;
}

/** Whether a member's protocols are those it has already, same order, same bytes. */
export function sameProtocols(a: readonly GroupProtocol[], b: readonly GroupProtocol[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((protocol, index) => {
    const other = b[index];
    return (
      other !== undefined && protocol.name === other.name && Buffer.compare(protocol.metadata, other.metadata) === 0
    );
  });
}

/** The metadata a member gave for one protocol; empty when it does not know it. */
export function metadataOf(member: Member, protocolName: string | undefined): Uint8Array {
  return member.protocols.find(({ name }) => name === protocolName)?.metadata ?? new Uint8Array();
}
