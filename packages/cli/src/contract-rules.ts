import type { ContractRule } from "@ondash/compat";
import { rules } from "@ondash/contract";

/**
 * The rules of the contract as the gate compares them with those of the last release: one entry for each schema version
 * that a rule applies to, since a rule may weigh differently in each. Rules that are not built hold nobody to anything.
 */
export const contractRules: readonly ContractRule[] = rules
  .filter(({ scope }) => scope !== "chart")
  .flatMap(({ id, severity }) =>
    Object.entries(severity).map(([schema, weight]) => ({ id: `${id} in ${schema}`, severity: weight })),
  );
