import type { RecordHeader } from "./record.ts";
import { findInvalidUtf8 } from "./utf8.ts";

// A leading U+FEFF is text: without `ignoreBOM` it would be dropped, and a key would equal one that it is not.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a record's key or of a header's value; undefined when it is null or not UTF-8. */
export function utf8Text(bytes: Uint8Array | null): string | undefined {
  if (bytes === null || findInvalidUtf8(bytes, 0, bytes.length) >= 0) return undefined;
  return decoder.decode(bytes);
}

/** The values of all headers of that name, in their order. Names are compared as they are: Kafka's are case-sensitive. */
export function headerValues(headers: readonly RecordHeader[], name: string): readonly (Uint8Array | null)[] {
  return headers.flatMap(([candidate, value]) => (candidate === name ? [value] : []));
}
