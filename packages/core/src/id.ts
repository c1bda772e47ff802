import { v7 } from "uuid";
import type { Random } from "./random.ts";

/**
 * A UUIDv7 (RFC 9562) of the given moment, whose random bits come from `random`: the same inputs give the same id.
 * @param milliseconds since the Unix epoch.
 */
export function uuidV7(milliseconds: number, random: Random): string {
  return v7({ msecs: milliseconds, seq: random.int(0, 0x7fff_ffff), random: random.bytes(16) });
}
