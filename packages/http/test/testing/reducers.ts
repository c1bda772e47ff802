import { foldMessage } from "@ondash/contract";
import type { TurnReducer, TurnView, ViewBlock } from "@ondash/http/testing";
import { type AnyEnvelope, chatV1, chatV2 } from "@ondash/schemas";
import { CompletionType, ErrorSeverity } from "@ondash/schemas/chat/v1";

/** The product's own fold: what every page could do. */
export const ownFold: TurnReducer<readonly AnyEnvelope[]> = {
  init: () => [],
  event: (events, envelope) => [...events, envelope],
  view(events) {
    const [first] = events;
    return first === undefined ? undefined : foldMessage("sequence" in first ? chatV2 : chatV1, events);
  },
};

/** What a page of this test keeps: events as they came. */
export interface Page {
  readonly events: AnyEnvelope[];
  over: "closed" | "cut" | undefined;
}

/** Mistakes that pages make. */
export interface Mistakes {
  /** Takes arrival for emission order. */
  readonly trustsArrival?: boolean;
  /** Takes a redelivery for something new. */
  readonly appendsAgain?: boolean;
  /** Takes such an end of the stream for the answer's end. */
  readonly endIsSuccess?: "cut" | "closed" | "any";
  /** Shows texts first, then charts. */
  readonly groupsByType?: boolean;
  /** Takes the completion for the end, whatever is missing. */
  readonly trustsCompletion?: boolean;
  /** Never stops its spinner. */
  readonly neverDone?: boolean;
  /** Does not look at errors. */
  readonly ignoresErrors?: boolean;
}

/** A page's code as one writes it by hand, without this repository's fold, and with the mistakes that are asked for. */
export function pageWith(mistakes: Mistakes): TurnReducer<Page> {
  return {
    init: () => ({ events: [], over: undefined }),
    event(page, envelope) {
      const known = page.events.some(({ eventId }) => eventId === envelope.eventId);
      // Mutates its state, as many do.
      if (!known || mistakes.appendsAgain === true) page.events.push(envelope);
      return page;
    },
    end(page, how) {
      page.over = how;
      return page;
    },
    view: (page) => viewOf(page, mistakes),
  };
}

function viewOf({ events, over }: Page, mistakes: Mistakes): TurnView {
  const ordered = mistakes.trustsArrival === true ? events : events.toSorted(byEmission);
  const blocks = ordered.flatMap(({ event }): ViewBlock[] => {
    if (event.case === "text") return [{ text: event.value.text }];
    return event.case === "chart" ? [{ chart: event.value.configJson }] : [];
  });
  if (mistakes.groupsByType === true) blocks.sort((a, b) => Number("chart" in a) - Number("chart" in b));
  const taken = over !== undefined && (mistakes.endIsSuccess === "any" || mistakes.endIsSuccess === over);
  const done = mistakes.neverDone !== true && (isDone(events, mistakes) || taken);
  if (!done) return { blocks, status: over === undefined ? "streaming" : "truncated" };
  return { blocks, status: mistakes.ignoresErrors !== true && hasFailed(events) ? "failed" : "complete" };
}

function byEmission(a: AnyEnvelope, b: AnyEnvelope): number {
  if ("sequence" in a && "sequence" in b) return a.sequence - b.sequence;
  const seconds = Number((a.timestamp?.seconds ?? 0n) - (b.timestamp?.seconds ?? 0n));
  return seconds || (a.timestamp?.nanos ?? 0) - (b.timestamp?.nanos ?? 0);
}

function isDone(events: readonly AnyEnvelope[], { trustsCompletion }: Mistakes): boolean {
  const completions = events.flatMap(({ event, taskId }) =>
    event.case === "completion"
      ? [{ taskId, last: "lastSequence" in event.value ? event.value.lastSequence : 0, ...event.value }]
      : [],
  );
  if (trustsCompletion === true) return completions.length > 0;
  if (events.some((event) => "sequence" in event)) {
    const last = Math.max(0, ...completions.map((completion) => completion.last));
    return last > 0 && new Set(events.map(({ eventId }) => eventId)).size >= last;
  }
  if (completions.some(({ type }) => type === CompletionType.CONVERSATION)) return true;
  const closed = new Set(completions.map(({ taskId }) => taskId));
  return closed.size > 0 && events.every(({ taskId }) => taskId === "" || closed.has(taskId));
}

function hasFailed(events: readonly AnyEnvelope[]): boolean {
  const failed = new Set<string>();
  let fatal = false;
  for (const { event, taskId } of events) {
    if (event.case !== "error" || event.value.severity === ErrorSeverity.WARNING) continue;
    fatal ||= event.value.severity === ErrorSeverity.FATAL;
    failed.add(taskId);
  }
  const tasks = new Set(events.map(({ taskId }) => taskId).filter((taskId) => taskId !== ""));
  return fatal || (tasks.size > 0 && [...tasks].every((task) => failed.has(task)));
}
