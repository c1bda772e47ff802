import { TransportError } from "../error.ts";

/**
 * A 64-bit number in one of kafkajs' answers, where it comes as a decimal string.
 * @throws TransportError `kafkajs`, naming the member: a guess would turn into a verdict.
 */
export function integer(value: unknown, name: string): number {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  // `Number` takes more than decimals: "0x1f", " 7", "1e3".
  const decimal = typeof value !== "string" || String(number) === value;
  if (decimal && Number.isSafeInteger(number)) return number as number;
  const came = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  const what = `an answer of kafkajs 2.2.4 was expected to have an integer of at most 2⁵³−1 as "${name}"; got ${came}`;
  throw new TransportError("kafkajs", what);
}
