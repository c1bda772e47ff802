import type { Cluster, NodeAddress } from "../broker/cluster.ts";
import type { ApiName, RequestOf, ResponseInput } from "../wire/index.ts";

/** What a handler knows besides the request itself. */
export interface RequestContext {
  readonly cluster: Cluster;
  /** The node that was asked. */
  readonly node: NodeAddress;
  readonly apiVersion: number;
  /** Empty when the client gives none. */
  readonly clientId: string;
  /** As Kafka shows it: `/127.0.0.1`. */
  readonly clientHost: string;
  /** Aborts when the connection or the cluster closes: whatever waits for the answer ends. */
  readonly signal: AbortSignal;
}

/** What comes of a request: a response, nothing at all (acks=0), or the end of the connection. */
export type Outcome<A extends ApiName> = ResponseInput<A> | "no-response" | "close";

/** An API that the broker serves. One file each; `registry.ts` holds the table. */
export interface Api<A extends ApiName> {
  readonly name: A;
  /** The versions served, lowest and highest. */
  readonly versions: readonly [min: number, max: number];
  /** The lowest version that ApiVersions tells, where it is not the lowest served. */
  readonly advertisedMin?: number;
  /**
   * Answers a request. It changes state before its first `await` or not at all; a promise is for what waits (Fetch,
   * JoinGroup, SyncGroup), and settles on a change or at a deadline.
   */
  handle(request: RequestOf<A>, context: RequestContext): Outcome<A> | Promise<Outcome<A>>;
}
