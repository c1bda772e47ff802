/** Keeps a connection from looking dead; clients skip it. */
export const heartbeatFrame = ": heartbeat\n\n";

/**
 * One event of a `text/event-stream` (WHATWG HTML, "Server-sent events"). Line breaks in `data` become lines of their
 * own, which the client joins with LF again. Without `kind` it is what the standard calls a "message".
 */
export function eventFrame(event: {
  readonly kind: string | undefined;
  readonly id: string;
  readonly data: string;
}): string {
  const name = event.kind === undefined ? "" : `event: ${event.kind}\n`;
  const lines = event.data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${name}id: ${event.id}\n${lines.join("")}\n`;
}
