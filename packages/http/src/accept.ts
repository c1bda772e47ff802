import { parseAccept } from "hono/utils/accept";

/**
 * Whether a request's Accept field takes a media type (RFC 9110, section 12.5.1): the most specific range that covers it
 * decides, quality 0 is a no. Parameters but the quality don't count. An absent or empty field takes everything.
 */
export function accepts(field: string | undefined, mediaType: string): boolean {
  if (field === undefined || field.trim() === "") return true;
  const ranges = parseAccept(field);
  const specific = [mediaType, `${mediaType.slice(0, mediaType.indexOf("/"))}/*`, "*/*"];
  for (const wanted of specific) {
    const range = ranges.find(({ type }) => type.toLowerCase() === wanted);
    if (range !== undefined) return range.q > 0;
  }
  return false;
}
