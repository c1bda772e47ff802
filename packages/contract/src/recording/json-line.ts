/**
 * The longest line of a recording, in bytes. The format sets no limit; this one is far above what Kafka carries (1 MiB
 * a record by default, 4/3 of that as base64) and keeps a hostile file from filling the memory.
 */
export const MAX_LINE_BYTES = 16_777_216;

/** The deepest nesting of a line. What a recording holds, stored messages included, needs less than ten levels. */
export const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether objects and arrays are nested deeper than `MAX_DEPTH`. Linear, and asks nothing else of the text. */
function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (inString) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A line as a JSON object, or why it is none. */
export function parseJsonLine(bytes: Uint8Array): Readonly<Record<string, unknown>> | string {
  if (bytes.every((byte) => byte === 0x20 || byte === 0x09)) return "a blank line";
  if (isDeep(bytes)) return `nested deeper than ${MAX_DEPTH} levels`;
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return "not UTF-8";
  }
  if (text.startsWith("\u{feff}")) return "a byte order mark";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not a JSON object";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not a JSON object";
  return value as Readonly<Record<string, unknown>>;
}
