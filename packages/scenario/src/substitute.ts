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
/** Beyond this a text is no event but an accident: parameters of parameters can grow a small file without bound. */
const MAX_TEXT = 4_194_304;

/** Of copies: the members that were a lone `${name}` of another type than string, and what they are as text. */
const lonely = new WeakMap<object, Map<string | number, string>>();

/**
 * A value with `${name}` replaced in every string: alone it keeps the parameter's type, inside text it is written out,
 * and `$${` is a literal `${`. What holds no parameter comes back as it is, the rest as a copy that keeps its provenance.
 * Unknown names are added to `problems`.
 */
export function substitute(
  value: unknown,
  params: ParamValues,
  location: SourceLocation,
  problems: Problem[],
): unknown {
  if (typeof value === "string") return substituteText(value, params, location, problems);
  if (typeof value !== "object" || value === null) return value;
  const isList = Array.isArray(value);
  let copy: Record<string | number, unknown> | undefined;
  for (const [key, member] of Object.entries(value) as Iterable<[string, unknown]>) {
    const at = isList ? Number(key) : key;
    const replaced = substitute(member, params, memberLocation(value, at) ?? location, problems);
    if (replaced === member) continue;
    copy ??= copyOf(value);
    Object.defineProperty(copy, at, { value: replaced, enumerable: true, configurable: true, writable: true });
    if (typeof member === "string" && typeof replaced !== "string") rememberText(copy, at, String(replaced));
  }
  return copy ?? value;
}

function copyOf(value: object): Record<string | number, unknown> {
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string | number, unknown>;
  return inheritProvenance(copy, value);
}

function rememberText(copy: object, member: string | number, text: string): void {
  const texts = lonely.get(copy) ?? new Map<string | number, string>();
  texts.set(member, text);
  lonely.set(copy, texts);
}

/**
 * The text of a member that a lone `${name}` gave a number or a bool: where only a string can stand, `body: ${n}` means
 * what `body: "${n}."` means. Undefined for any other member.
 */
export function loneText(container: unknown, member: string | number): string | undefined {
  return typeof container === "object" && container !== null ? lonely.get(container)?.get(member) : undefined;
}

/** Whether a value has a `${name}` anywhere. */
export function hasParams(value: unknown): boolean {
  if (typeof value === "string") return value.replaceAll("$${", "").includes("${");
  return typeof value === "object" && value !== null && Object.values(value).some(hasParams);
}

function substituteText(text: string, params: ParamValues, location: SourceLocation, problems: Problem[]): ParamValue {
  if (!text.includes("${")) return text;
  const lone = LONE.exec(text)?.[1];
  if (lone !== undefined) return valueOf(lone, params, location, problems) ?? text;
  let length = text.length;
  const replaced = text.replace(ANY, (whole: string, name: string | undefined) => {
    const part = name === undefined ? "${" : String(valueOf(name, params, location, problems) ?? whole);
    length += part.length - whole.length;
    return length > MAX_TEXT ? "" : part;
  });
  if (length <= MAX_TEXT) return replaced;
  problems.push({ location, text: `with its parameters a text of more than ${MAX_TEXT} characters` });
  return text;
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
