/**
 * Cases in which a backend differs from the other, by title, with the reason. A difference is not skipped: the case runs
 * and must fail there, so that one that has gone is noticed. Each is counted in the output.
 */
export const differences: Readonly<Record<"embedded" | "container", Readonly<Record<string, string>>>> = {
  embedded: {},
  container: {},
};
