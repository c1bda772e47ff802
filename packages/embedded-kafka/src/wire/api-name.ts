import { WireError } from "./error.ts";
import { type MessageFacts, messageFacts, type RequestBodies, type ResponseBodies } from "./messages.generated.ts";

/** The name of a Kafka API, without `Request`. */
export type ApiName = keyof RequestBodies;
/** A decoded request: fields outside its version carry the protocol's default. */
export type RequestOf<Api extends ApiName> = RequestBodies[Api];
/** A decoded response. */
export type ResponseOf<Api extends ApiName> = ResponseBodies[Api];

type Input<T> = T extends Uint8Array | bigint | string | number | boolean | null
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Input<Element>[]
    : { readonly [Key in keyof T]?: Input<T[Key]> | undefined };
/** A request to encode: omitted fields mean the default, and what the version lacks is left out. */
export type RequestInput<Api extends ApiName> = Input<RequestBodies[Api]>;
/** A response to encode, likewise. */
export type ResponseInput<Api extends ApiName> = Input<ResponseBodies[Api]>;

const byName = new Map(messageFacts.map((facts) => [facts[0], facts]));
const byKey = new Map(
  messageFacts.flatMap((facts) =>
    facts[0].endsWith("Request") && facts[1] >= 0 ? [[facts[1], facts[0].slice(0, -"Request".length) as ApiName]] : [],
  ),
);

/** The row of the protocol table. Throws a `WireError` of code `unknown-api`. */
export function factsOf(message: string): MessageFacts {
  const facts = byName.get(message);
  if (facts === undefined) throw new WireError("unknown-api", `no message ${message} in the protocol table`);
  return facts;
}

/** The API key of a name. */
export function apiKey(name: ApiName): number {
  return factsOf(`${name}Request`)[1];
}

/** The API of a key; undefined for one that the table does not have. */
export function apiName(key: number): ApiName | undefined {
  return byKey.get(key);
}

/** First and last version of an API that the table can encode and decode. */
export function validVersions(name: ApiName): readonly [first: number, last: number] {
  const facts = factsOf(`${name}Request`);
  return [facts[2], facts[3]];
}

/** Whether the version uses compact types and tagged fields (KIP-482). */
export function isFlexible(name: ApiName, version: number): boolean {
  return version >= factsOf(`${name}Request`)[4];
}
