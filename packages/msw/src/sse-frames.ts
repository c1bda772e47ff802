/** The frames of an event stream as they were written, each with the blank line that ends it. What no blank line ends is no frame. */
export async function* sseFrames(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      yield rest.slice(0, end + 2);
      rest = rest.slice(end + 2);
    }
  }
}

/** Whether a frame is an event; comments and `retry` alone are none. */
export function isEvent(frame: string): boolean {
  return /^data:/m.test(frame);
}

/** The event with its data broken off half-way. */
export function malformed(frame: string): string {
  return frame.replace(/^data:(.*)$/m, (_line, data: string) => `data:${data.slice(0, Math.ceil(data.length / 2))}`);
}
