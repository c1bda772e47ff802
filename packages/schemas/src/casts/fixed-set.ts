import type { DescEnum } from "@bufbuild/protobuf";
import { ChartEvent_ChartTypeSchema, RoleSchema, TaskStateSchema } from "../chat/v2.ts";
import { CastError, type CastSubject } from "./cast-error.ts";

/**
 * A set of values that chat.v1 writes as strings and chat.v2 as numbers of an enum: the string is the enum value's name
 * in lower case. The empty string is UNSPECIFIED: what one version leaves unset is unset in the other.
 */
export interface FixedSet {
  /** The number of a string; undefined when the set has none for it. */
  numberOf(name: string): number | undefined;
  /**
   * The string of a number.
   * @throws CastError of code `value` when there is none.
   */
  nameOf(number: number, subject: CastSubject, field: string): string;
  /** @throws CastError of code `value`, as the answer to a string that the set does not have. */
  refuse(name: string, subject: CastSubject, field: string): never;
}

/** The chart types with a name of their own. CUSTOM is none of them: any other string stands for itself. */
export const chartTypes: FixedSet = fixedSet(ChartEvent_ChartTypeSchema, "CUSTOM");
/** Who says a message. */
export const roles: FixedSet = fixedSet(RoleSchema);
/** How far a task came. */
export const taskStates: FixedSet = fixedSet(TaskStateSchema);

function fixedSet(desc: DescEnum, without?: string): FixedSet {
  const pairs = desc.values
    .filter(({ localName }) => localName !== without)
    .map(({ localName, number }) => [number === 0 ? "" : localName.toLowerCase(), number] as const);
  const numbers = new Map(pairs);
  const names = new Map(pairs.map(([name, number]) => [number, name]));
  return {
    numberOf: (name) => numbers.get(name),
    nameOf(number, subject, field) {
      const name = names.get(number);
      if (name === undefined) {
        const detail = `${desc.name} has no value ${number}, so ${subject.to} has no string for it`;
        throw new CastError("value", subject, field, detail);
      }
      return name;
    },
    refuse(name, subject, field) {
      const known = pairs.flatMap(([held]) => (held === "" ? [] : [JSON.stringify(held)])).join(", ");
      throw new CastError("value", subject, field, `${JSON.stringify(name)} is not of ${subject.to}, want ${known}`);
    },
  };
}
