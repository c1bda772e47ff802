import { type ApiName, apiKey, apiName, isFlexible } from "./api-name.ts";
import { ByteReader } from "./byte-reader.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import type { RequestHeader } from "./messages.generated.ts";

/** The request header at the start of a frame. Versions: 1, or 2 with tagged fields for a flexible request. */
export interface DecodedRequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly headerVersion: 1 | 2;
  /** Where the body starts. */
  readonly bodyOffset: number;
}

/**
 * Decodes a request header. Of an API or version that the table lacks, the header is read as Kafka does: a version
 * beyond the last is flexible, an unknown API as header version 1.
 */
export function decodeRequestHeader(bytes: Uint8Array): DecodedRequestHeader {
  const peek = new ByteReader(bytes);
  const key = peek.int16();
  const version = peek.int16();
  const name = apiName(key);
  const headerVersion = name !== undefined && isFlexible(name, version) ? 2 : 1;
  const reader = new ByteReader(bytes);
  const header = decodeMessage("RequestHeader", headerVersion, reader) as unknown as RequestHeader;
  return {
    apiKey: key,
    apiVersion: version,
    correlationId: header.correlationId,
    clientId: header.clientId,
    headerVersion,
    bodyOffset: reader.offset,
  };
}

/** Encodes the header of a request. */
export function encodeRequestHeader(
  name: ApiName,
  version: number,
  correlationId: number,
  clientId: string | null,
): Uint8Array {
  return encodeMessage("RequestHeader", isFlexible(name, version) ? 2 : 1, {
    requestApiKey: apiKey(name),
    requestApiVersion: version,
    correlationId,
    clientId,
  });
}

/** The version of the response header: 1 for flexible responses, but always 0 for ApiVersions (KIP-511). */
export function responseHeaderVersion(name: ApiName, version: number): 0 | 1 {
  return name !== "ApiVersions" && isFlexible(name, version) ? 1 : 0;
}

/** Encodes the header of a response. */
export function encodeResponseHeader(name: ApiName, version: number, correlationId: number): Uint8Array {
  return encodeMessage("ResponseHeader", responseHeaderVersion(name, version), { correlationId });
}

/** Decodes the header of a response; `bodyOffset` is where the body starts. */
export function decodeResponseHeader(
  name: ApiName,
  version: number,
  bytes: Uint8Array,
): { readonly correlationId: number; readonly bodyOffset: number } {
  const reader = new ByteReader(bytes);
  const header = decodeMessage("ResponseHeader", responseHeaderVersion(name, version), reader);
  return { correlationId: header["correlationId"] as number, bodyOffset: reader.offset };
}
