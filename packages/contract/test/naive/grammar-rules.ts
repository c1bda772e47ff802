import type { Sound } from "./log.ts";
import type { Outcomes } from "./order-rules.ts";
import { completesTask, sequenceOf, type Turn } from "./turns.ts";

const BEFORE = 1;
const AFTER = 2;
const STANDALONE = 3;

/** The GRM rules of one version of a turn. */
export function judgeGrammar(turn: Turn): Outcomes {
  const outcomes: Outcomes = new Map();
  const { said: events, schema } = turn;
  const judge = (rule: string, holds: boolean): void => {
    if (outcomes.get(rule) !== "violated") outcomes.set(rule, holds ? "held" : "violated");
  };

  const [first] = events;
  if (first !== undefined && schema.sequenced && sequenceOf(first) !== 1) outcomes.set("GRM-01", "unprovable");
  else if (first !== undefined) {
    judge("GRM-01", first.event.event.case === "status" || isFatal(first));
  }
  for (const task of new Set(events.map(({ event }) => event.taskId))) {
    const own = events.filter(({ event }) => event.taskId === task);
    const failed = own.some(isFailure);
    const completed = own.findIndex(completesTask);
    for (const [index, event] of own.entries()) {
      const later = own.slice(index + 1);
      const chart = later.findIndex(isChart);
      const served = chart >= 0 && (completed < 0 || index + 1 + chart < completed);
      if (isText(event, BEFORE) && turn.end !== undefined) judge("GRM-02", failed || served);
      if (isText(event, AFTER) && turn.end !== undefined) judge("GRM-03", failed || own.slice(0, index).some(isChart));
      if (isText(event, STANDALONE)) judge("GRM-04", true);
      if (isText(event, BEFORE) && served && later.slice(0, chart).some((between) => isText(between, STANDALONE))) {
        judge("GRM-04", false);
      }
      const body = event.event.event;
      if (body.case === "status" && "step" in body.value && body.value.step > 0) {
        const { step, totalSteps } = body.value;
        const back = task !== "" && own.slice(0, index).some((earlier) => stepOf(earlier) > step);
        judge("GRM-07", (totalSteps === 0 || step <= totalSteps) && !back);
      }
    }
    if (task !== "" && own.some(completesTask) && turn.end !== undefined) {
      judge("GRM-05", failed || own.some((event) => isChart(event) || event.event.event.case === "text"));
    }
  }
  const fatal = events.findIndex(isFatal);
  if (fatal >= 0)
    judge(
      "GRM-06",
      events.slice(fatal + 1).every(({ event }) => event.event.case === "completion"),
    );
  return outcomes;
}

/** Whether an event is an error of severity ERROR or FATAL. */
export function isFailure({ event }: Sound): boolean {
  return event.event.case === "error" && event.event.value.severity >= 2;
}

/** Whether an event is a FATAL error. */
export function isFatal({ event }: Sound): boolean {
  return event.event.case === "error" && event.event.value.severity === 3;
}

function isChart({ event }: Sound): boolean {
  return event.event.case === "chart";
}

function isText({ event }: Sound, position: number): boolean {
  return event.event.case === "text" && event.event.value.position === position;
}

function stepOf({ event }: Sound): number {
  const body = event.event;
  return body.case === "status" && "step" in body.value ? body.value.step : 0;
}
