import { createScreen, type Judgement, judgeObservations, type Observation } from "@ondash/contract";

/** What screen and second look say of a run, and how it was had. */
export function twoLooks(observations: readonly Observation[]): { judgement: Judgement; how: string } {
  const screen = createScreen();
  for (const observation of observations) screen.observe(observation);
  const screening = screen.finish();
  if (screening.kind === "unfit") return { judgement: judgeObservations(observations), how: `unfit: ${screening.why}` };
  if (screening.kind === "legal") return { judgement: screening.judgement, how: "legal" };
  const second = screening.secondLook();
  for (const observation of observations) second.observe(observation);
  return { judgement: second.finish(), how: "suspect" };
}
