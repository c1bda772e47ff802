import { parseDuration } from "@ondash/core";
import { MswError } from "./error.ts";

/** Which events of a stream a fault strikes: the n-th that the connection carries (1-based), every one, or each with a chance drawn from the seed. */
export type EventChoice = number | "every" | { readonly chance: number };

/** Which requests of its kind a fault strikes, counted for each conversation: the n-th (default: the first), or every one. */
export type RequestChoice = number | "every";

/** A fault of the event stream, beyond those that the scenario itself has on the way through Kafka. */
export type StreamFault = { readonly nth?: RequestChoice } & (
  | {
      /** The connection breaks after so many events (0: before the first): `fetch` sees an error, and never an end. */
      readonly do: "cut";
      readonly after: number | { readonly chance: number };
    }
  /** The events come late by so much ("200ms"), whatever `speed` is. `at`: default every one. */
  | { readonly do: "delay"; readonly by: string; readonly at?: EventChoice }
  /** The events come twice, with the same id. `at`: default every one. */
  | { readonly do: "duplicate"; readonly at?: EventChoice }
  /**
   * An event comes after the one that follows it. No server that keeps the contract does so to events of chat.v2, nor to
   * two of the same kind in chat.v1. For orders that are legal see `arrival: "shuffled"`.
   */
  | { readonly do: "swap"; readonly at: number | { readonly chance: number } }
  /** The data of an event breaks off half-way: it is no JSON. */
  | { readonly do: "malformed"; readonly at: EventChoice }
);

/** A fault of POST. */
export type PostFault = {
  readonly nth?: RequestChoice;
} /** The answer is this status, as problem+json; nothing is played. */ & (
  | { readonly do: "refuse"; readonly status: 500 | 502 | 503 | 504 }
  /** No answer comes until the client gives up. `played`: the turn runs all the same. Default false. */
  | { readonly do: "timeout"; readonly played?: boolean }
);

/** What goes wrong between a sound server and the page. */
export type HttpFault = StreamFault | PostFault;

/** Whether a fault concerns POST; else it is one of the stream. */
export function isPostFault(fault: HttpFault): fault is PostFault {
  return fault.do === "refuse" || fault.do === "timeout";
}

/** Whether a fault strikes the n-th request of its kind. */
export function strikesRequest({ nth = 1 }: HttpFault, request: number): boolean {
  return nth === "every" || nth === request;
}

/** Refuses, with an MswError `option`, what types alone don't: numbers out of range, text that is no duration. */
export function refuseWrongFaults(faults: readonly HttpFault[]): void {
  for (const [index, fault] of faults.entries()) {
    const wrong = wrongIn(fault);
    if (wrong !== undefined) throw new MswError("option", `faults[${index}] (${fault.do}): ${wrong}`);
  }
}

function wrongIn(fault: HttpFault): string | undefined {
  if (fault.nth !== undefined && fault.nth !== "every" && !isCount(fault.nth, 1))
    return expected("nth", "1", fault.nth);
  switch (fault.do) {
    case "cut":
      return wrongChoice("after", fault.after, 0);
    case "delay":
      try {
        parseDuration(fault.by);
      } catch (cause) {
        return `by: ${(cause as Error).message}`;
      }
      return wrongChoice("at", fault.at, 1);
    case "duplicate":
    case "swap":
    case "malformed":
      return wrongChoice("at", fault.at, 1);
    case "refuse":
      return [500, 502, 503, 504].includes(fault.status) ? undefined : `status: expected 500, 502, 503 or 504`;
    case "timeout":
      return undefined;
    default:
      return "there is no such fault";
  }
}

function wrongChoice(name: string, choice: EventChoice | undefined, least: 0 | 1): string | undefined {
  if (choice === undefined || choice === "every") return undefined;
  if (typeof choice === "number") return isCount(choice, least) ? undefined : expected(name, `${least}`, choice);
  const { chance } = choice;
  return chance >= 0 && chance <= 1 ? undefined : `${name}.chance: expected a number from 0 to 1, got ${chance}`;
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function expected(name: string, least: string, got: number): string {
  return `${name}: expected an integer from ${least} on, got ${got}`;
}
