import { describe, expect, it } from "vitest";
import { type ApiName, apiName, validVersions } from "../wire/index.ts";
import { NOT_SERVED } from "./not-served.ts";
import { servedApi } from "./registry.ts";

const ALL = Array.from({ length: 128 }, (_, key) => apiName(key)).filter((name): name is ApiName => name !== undefined);

describe("the table of APIs", () => {
  it("has every API of the protocol, or the reason why it is not served", () => {
    const served = ALL.filter((name) => servedApi(name) !== undefined);
    expect([...served, ...Object.keys(NOT_SERVED)].toSorted()).toEqual(ALL.toSorted());
  });

  it("serves only versions that can be decoded", () => {
    const wrong = ALL.filter((name) => {
      const [min, max] = servedApi(name)?.versions ?? validVersions(name);
      const [first, last] = validVersions(name);
      return min < first || max > last || min > max;
    });
    expect(wrong).toEqual([]);
  });
});
