import { type ApiName, apiKey, ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";

/** A row of the ApiVersions answer. */
export interface ServedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/**
 * ApiVersions (key 18), versions 0 to 4. The answer is the table of API files itself, so it cannot drift from what is
 * served.
 *
 * - Its response header has no tags, in any version: a client must be able to read it before it knows the broker.
 * - A version that is not served is answered (by the dispatcher) in version 0 with UNSUPPORTED_VERSION and the row of
 *   ApiVersions, from which the client knows what to ask with.
 * - From version 3 on the client names itself; a name or version that is not `[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?`
 *   gives INVALID_REQUEST.
 */
export function createApiVersions(served: () => readonly ServedApi[]): Api<"ApiVersions"> {
  return {
    name: "ApiVersions",
    versions: [0, 4],
    handle(request, { apiVersion }) {
      const named = [request.clientSoftwareName, request.clientSoftwareVersion].every((text) =>
        CLIENT_SOFTWARE.test(text),
      );
      if (apiVersion >= 3 && !named) return { errorCode: ErrorCode.INVALID_REQUEST, apiKeys: [] };
      return { errorCode: ErrorCode.NONE, apiKeys: [...served()] };
    },
  };
}

const CLIENT_SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/** The rows of a table of APIs, ApiVersions' own included. */
export function servedApis(apis: Iterable<Pick<Api<ApiName>, "name" | "versions" | "advertisedMin">>): ServedApi[] {
  return Array.from(apis, ({ name, versions: [min, max], advertisedMin }) => ({
    apiKey: apiKey(name),
    minVersion: advertisedMin ?? min,
    maxVersion: max,
  })).sort((a, b) => a.apiKey - b.apiKey);
}
