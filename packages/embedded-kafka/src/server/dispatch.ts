import type { RequestContext } from "../api/api.ts";
import { type AnyApi, servedApi } from "../api/registry.ts";
import type { ApiName, DecodedRequestHeader, RequestOf, ResponseInput } from "../wire/index.ts";
import {
  apiKey,
  apiName,
  decodeRequest,
  decodeRequestHeader,
  ErrorCode,
  encodeFrame,
  encodeResponse,
  encodeResponseHeader,
} from "../wire/index.ts";

/** What a request comes to: the frame to write, nothing to write, or the end of the connection. */
export type Served = Uint8Array | "no-response" | "close";

/**
 * Serves one request frame. What cannot be understood (an unknown API or version, garbage) ends the connection, as in
 * Kafka; only an unknown version of ApiVersions is answered, so that the client can ask again.
 */
export async function dispatch(
  frame: Uint8Array,
  context: Omit<RequestContext, "apiVersion" | "clientId">,
): Promise<Served> {
  const header = attempt(() => decodeRequestHeader(frame));
  if (header === undefined) return "close";
  const name = apiName(header.apiKey);
  const api = name === undefined ? undefined : servedApi(name);
  if (api === undefined) return "close";
  const [min, max] = api.versions;
  if (header.apiVersion < min || header.apiVersion > max) {
    return api.name === "ApiVersions" ? unsupportedApiVersions(api, header) : "close";
  }
  const request = attempt(() => decodeRequest(api.name, header.apiVersion, frame, header.bodyOffset));
  if (request === undefined) return "close";
  const { apiVersion, clientId } = header;
  const outcome = await handle(api, request, { ...context, apiVersion, clientId: clientId ?? "" });
  return typeof outcome === "string" ? outcome : respond(api.name, apiVersion, header, outcome);
}

/** Name, request and response of an API belong together; the compiler cannot see it across the table. */
type Handler = (request: RequestOf<ApiName>, context: RequestContext) => ReturnType<AnyApi["handle"]>;

function handle(api: AnyApi, request: RequestOf<ApiName>, context: RequestContext): ReturnType<AnyApi["handle"]> {
  return (api.handle as Handler)(request, context);
}

function respond(
  name: ApiName,
  version: number,
  { correlationId }: DecodedRequestHeader,
  body: ResponseInput<ApiName>,
): Uint8Array {
  return encodeFrame(encodeResponseHeader(name, version, correlationId), encodeResponse(name, version, body));
}

/**
 * KIP-511: in version 0, with the row of ApiVersions alone. Above the versions known, the header must have tags, or it
 * could not be read.
 */
function unsupportedApiVersions(api: AnyApi, header: DecodedRequestHeader): Served {
  const [minVersion, maxVersion] = api.versions;
  const apiKeys = [{ apiKey: apiKey("ApiVersions"), minVersion, maxVersion }];
  return respond("ApiVersions", 0, header, { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys });
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
