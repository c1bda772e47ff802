import { nearest } from "@ondash/core";
import type { Problem } from "./error.ts";
import type { SourceLocation } from "./plan-types.ts";
import { inheritProvenance, memberLocation } from "./source.ts";

/** A parameter's value. */
export type ParamValue = string | number | boolean;
/** Names that `${name}` may use, and their values. */
export type ParamValues = Readonly<Record<string, ParamValue>>;

const LONE = /^\$\{([^{}]*)\}$/;
const ANY = /\$\$\{|\$\{([^{}]*)\}/g;

/**
 * A copy of a value with `${name}` replaced in every string: alone it keeps the parameter's type, inside text it is
 * written out, and `$${` is a literal `${`. Provenance is kept. Unknown names are added to `problems`.
 */
export function substitute(
  value: unknown,
  params: ParamValues,
  location: SourceLocation,
  problems: Problem[],
): unknown {
  if (typeof value === "string") return substituteText(value, params, location, problems);
  if (Array.isArray(value)) {
    const copy = value.map((item: unknown, index) =>
      substitute(item, params, memberLocation(value, index) ?? location, problems),
    );
    return inheritProvenance(copy, value);
  }
  if (typeof value === "object" && value !== null) {
    const copy: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      Object.defineProperty(copy, key, {
        value: substitute(member, params, memberLocation(value, key) ?? location, problems),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return inheritProvenance(copy, value);
  }
  return value;
}

function substituteText(text: string, params: ParamValues, location: SourceLocation, problems: Problem[]): ParamValue {
  const lone = LONE.exec(text)?.[1];
  if (lone !== undefined) return valueOf(lone, params, location, problems) ?? text;
  return text.replace(ANY, (whole: string, name: string | undefined) =>
    name === undefined ? "${" : String(valueOf(name, params, location, problems) ?? whole),
  );
}

function valueOf(
  name: string,
  params: ParamValues,
  location: SourceLocation,
  problems: Problem[],
): ParamValue | undefined {
  if (Object.hasOwn(params, name)) return params[name];
  const names = Object.keys(params);
  const meant = nearest(name, names);
  const hint =
    meant !== undefined
      ? `did you mean \${${meant}}?`
      : names.length === 0
        ? "the scenario has no params; a literal ${ is written $${"
        : `there are ${names.join(", ")}; a literal \${ is written $\${`;
  problems.push({ location, text: `unknown parameter \${${name}}: ${hint}` });
  return undefined;
}
