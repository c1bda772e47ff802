import type { EventKind } from "@ondash/schemas";
import type { ResumePoint } from "../event-id.ts";

/** An event as it arrived from the source, ready to be written. */
export interface Arrival {
  /** The source's position after it. */
  readonly position: string;
  /** Undefined for an envelope without an event. */
  readonly kind: EventKind | undefined;
  /** What the client gets: ProtoJSON on one line, or whatever the source wants to have passed on. */
  readonly data: string;
  /** Its place in the order of its turn; undefined when it has none. */
  readonly place: { readonly messageId: string; readonly sequence: number } | undefined;
}

/** An event whose turn it is. */
export interface Release {
  readonly kind: EventKind | undefined;
  readonly data: string;
  /** Where to go on after it. */
  readonly point: ResumePoint;
}

/**
 * In which order a stream's events are released. After each `offer`, `take` until it gives nothing: its points say what
 * was released, so an event counts as released as soon as it is taken.
 */
export interface ReleaseOrder {
  /** @throws HttpError `hold-back` when more would wait than may. */
  offer(arrival: Arrival): void;
  take(): Release | undefined;
}
