/** Why a fault can't be applied: expected of a file that people write, so a value and no exception. */
export interface Misfit {
  /** The fault's member that is wrong. */
  readonly member: string;
  readonly misfit: string;
}

/** Whether something could not be made. */
export function isMisfit(value: object): value is Misfit {
  return "misfit" in value;
}
