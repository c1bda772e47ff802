import { CompatError } from "./error.ts";

/** A rule on top of the schemas, as far as the gate needs it. */
export interface ContractRule {
  /** Public and permanent: `GRM-02`. */
  readonly id: string;
  readonly severity: "error" | "warning" | "inconclusive";
}

/** A rule that holds producers to more than the last release did. */
export interface StricterRule {
  readonly id: string;
  /** `new, error` or `warning → error`. */
  readonly change: string;
}

const rank: Readonly<Record<string, number>> = { error: 2, inconclusive: 1, warning: 0 };

/**
 * The rules that are new or weigh more than in a release: what a released producer sends may break them, although every
 * byte of it can still be read.
 */
export function stricterRules(released: readonly ContractRule[], now: readonly ContractRule[]): StricterRule[] {
  const before = new Map(released.map(({ id, severity }) => [id, severity]));
  return now.flatMap(({ id, severity }): StricterRule[] => {
    const was = before.get(id);
    if (was === undefined) return [{ id, change: `new, ${severity}` }];
    return (rank[severity] ?? 0) > (rank[was] ?? 0) ? [{ id, change: `${was} → ${severity}` }] : [];
  });
}

/** @throws CompatError `file` when the text is not what `formatContractRules` writes */
export function parseContractRules(text: string, file: string): ContractRule[] {
  try {
    const value = JSON.parse(text) as unknown;
    if (!Array.isArray(value)) throw new Error("expected an array");
    return value.map((rule: Partial<ContractRule> | null) => {
      if (typeof rule?.id !== "string" || typeof rule.severity !== "string")
        throw new Error("expected objects with id and severity");
      return { id: rule.id, severity: rule.severity };
    });
  } catch (cause) {
    throw new CompatError("file", `${file}:1: ${(cause as Error).message}`, { cause });
  }
}

/** The rules as the file beside the baseline images, one a line. */
export function formatContractRules(rules: readonly ContractRule[]): string {
  return `[\n${rules.map(({ id, severity }) => `  ${JSON.stringify({ id, severity })}`).join(",\n")}\n]\n`;
}
