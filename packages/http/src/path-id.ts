/** Characters of an id at most. */
export const MAX_ID_LENGTH = 256;

/**
 * An id in the path of a URL, decoded: the router's own decoding lets malformed sequences through as they stand.
 * @param fromEnd 1 for the last segment, 2 for the one before it …
 * @returns the id, or what is wrong with it.
 */
export function idInPath(url: string, fromEnd: number): { readonly id: string } | { readonly why: string } {
  const segment = new URL(url).pathname.split("/").at(-fromEnd) ?? "";
  let id: string;
  try {
    id = decodeURIComponent(segment);
  } catch {
    return { why: "is not percent-encoded UTF-8" };
  }
  if (id.length > MAX_ID_LENGTH) return { why: `has ${id.length} characters; at most ${MAX_ID_LENGTH} are taken` };
  return { id };
}
