import {
  type ApiName,
  factsOf,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
} from "./api-name.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { WireError } from "./error.ts";
import { type StructCodec, structCodec } from "./struct-codec.ts";

/**
 * Decodes a request body that begins at `offset`. What follows it is ignored, as Kafka does: librdkafka asks for the
 * metadata of all topics with three bytes too many. Throws `WireError`.
 */
export function decodeRequest<Api extends ApiName>(
  name: Api,
  version: number,
  bytes: Uint8Array,
  offset = 0,
): RequestOf<Api> {
  return decodeMessage(`${name}Request`, version, new ByteReader(bytes, offset)) as unknown as RequestOf<Api>;
}

/** Decodes a response body that begins at `offset` and fills the rest of `bytes`. Throws `WireError`. */
export function decodeResponse<Api extends ApiName>(
  name: Api,
  version: number,
  bytes: Uint8Array,
  offset = 0,
): ResponseOf<Api> {
  const reader = new ByteReader(bytes, offset);
  const body = decodeMessage(`${name}Response`, version, reader);
  if (reader.remaining > 0) {
    throw new WireError("malformed", `${reader.remaining} bytes left over`, {
      offset: reader.offset,
      path: `${name}Response v${version}`,
    });
  }
  return body as unknown as ResponseOf<Api>;
}

/** Encodes a request body. Throws `WireError` for a value that the type cannot hold. */
export function encodeRequest<Api extends ApiName>(name: Api, version: number, body: RequestInput<Api>): Uint8Array {
  return encodeMessage(`${name}Request`, version, body);
}

/** Encodes a response body. Throws `WireError` for a value that the type cannot hold. */
export function encodeResponse<Api extends ApiName>(name: Api, version: number, body: ResponseInput<Api>): Uint8Array {
  return encodeMessage(`${name}Response`, version, body);
}

/** Decodes the message of this name (`FetchRequest`, `ResponseHeader`) from where the reader stands. */
export function decodeMessage(message: string, version: number, reader: ByteReader): Record<string, unknown> {
  const codec = codecOf(message, version);
  try {
    return codec.decode(reader);
  } catch (error) {
    throw error instanceof WireError ? error.within(`${message} v${version}`) : error;
  }
}

/** Encodes the message of this name. */
export function encodeMessage(message: string, version: number, body: Readonly<Record<string, unknown>>): Uint8Array {
  const writer = new ByteWriter();
  const codec = codecOf(message, version);
  try {
    codec.encode(writer, body);
  } catch (error) {
    throw error instanceof WireError ? error.within(`${message} v${version}`) : error;
  }
  return writer.finish();
}

/** Compiled when first needed: a process meets a few dozen of the hundreds of (message, version) pairs. */
const codecs = new Map<string, StructCodec>();

function codecOf(message: string, version: number): StructCodec {
  const id = `${message}/${version}`;
  let codec = codecs.get(id);
  if (codec === undefined) {
    const [, , first, last, flexibleFrom, fields] = factsOf(message);
    if (!Number.isInteger(version) || version < first || version > last) {
      throw new WireError("unsupported-version", `${message} has versions ${first} to ${last}, not ${version}`);
    }
    codec = structCodec(fields, version, version >= flexibleFrom);
    codecs.set(id, codec);
  }
  return codec;
}
