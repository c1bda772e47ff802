import { afterHasChart, beforeHasChart, nothingBetween, taskHasResult } from "../grammar/chart-rules.ts";
import { beginsWithStatus, fatalIsLast, progressGoesForward } from "../grammar/turn-rules.ts";
import { nothingIsLate, nothingIsLost, turnEnds } from "../order/completeness-rules.ts";
import { nothingFollows } from "../order/end-rules.ts";
import { noRecordTwice, noSequenceTwice, orderIsKept, timestampsFollow } from "../order/identity-rules.ts";
import type { TurnRule } from "./facts.ts";

/** The ORD rules that look at one version of a turn, by id, in the order of the catalogue. */
export const orderRules: readonly (readonly [id: string, rule: TurnRule])[] = [
  ["ORD-01", noRecordTwice],
  ["ORD-02", noSequenceTwice],
  ["ORD-05", nothingIsLate],
  ["ORD-03", orderIsKept],
  ["ORD-04", nothingIsLost],
  ["ORD-06", nothingFollows],
  ["ORD-07", turnEnds],
  ["ORD-08", timestampsFollow],
];

/** The GRM rules by id, in the order of the catalogue. */
export const grammarRules: readonly (readonly [id: string, rule: TurnRule])[] = [
  ["GRM-01", beginsWithStatus],
  ["GRM-02", beforeHasChart],
  ["GRM-03", afterHasChart],
  ["GRM-04", nothingBetween],
  ["GRM-05", taskHasResult],
  ["GRM-06", fatalIsLast],
  ["GRM-07", progressGoesForward],
];
