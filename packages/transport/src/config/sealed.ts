import { inspect } from "node:util";
import type { KafkaSecurity } from "../types.ts";

/** The same security, which neither `console.log` nor `JSON.stringify` makes tell its secrets. */
export function sealed({ tls, sasl }: KafkaSecurity): KafkaSecurity {
  const security: KafkaSecurity = {
    tls: tls === undefined ? undefined : mute({ ...tls }, "[TLS settings]"),
    sasl: sasl === undefined ? undefined : mute({ ...sasl }, `[SASL ${sasl.mechanism} credentials]`),
  };
  return security;
}

function mute<T extends object>(value: T, text: string): T {
  for (const name of ["toJSON", "toString", inspect.custom]) Object.defineProperty(value, name, { value: () => text });
  return Object.freeze(value);
}
