import type { CompletionTypeName, ErrorSeverityName, TextPositionName } from "../events.ts";
import type { ChartDraft } from "./chart.ts";

/** What a turn may say next; the builder takes of it what is legal. */
export interface Wish {
  /** 0: the turn itself, with an empty task_id; else the number of a task. */
  readonly task: number;
  readonly say: "status" | "text" | "chart" | "error" | "completion";
  /** Not blank. */
  readonly text: string;
  /** Not blank. */
  readonly code: string;
  readonly position: TextPositionName;
  readonly severity: ErrorSeverityName;
  readonly chart: ChartDraft;
  /** For chat.v2's status: how many steps the task has, if this opens it; 0: not told. */
  readonly steps: number;
  /** Nanoseconds after the event before; may be 0 or negative, which only chat.v2 takes. */
  readonly gap: bigint;
}

/** An event of a turn in the terms of neither version. */
export interface EventDraft {
  readonly taskId: string;
  readonly gap: bigint;
  readonly body:
    | { readonly kind: "status"; readonly message: string; readonly step: number; readonly totalSteps: number }
    | { readonly kind: "text"; readonly text: string; readonly position: TextPositionName }
    | { readonly kind: "chart"; readonly chart: ChartDraft }
    | { readonly kind: "error"; readonly severity: ErrorSeverityName; readonly code: string; readonly message: string }
    | { readonly kind: "completion"; readonly type: CompletionTypeName; readonly message: string };
}

/** How a turn is to end. */
export interface Ending {
  /** Whether a CONVERSATION completion ends it; a turn that opened no task ends so in any case. */
  readonly conversation: boolean;
  /** Whether a CONVERSATION completion finds tasks still open; else they are completed first. */
  readonly leaveOpen: boolean;
  /** Whether events of the turn itself may follow the last TASK completion (chat.v1 only; without CONVERSATION). */
  readonly trailing: boolean;
  /** A chart for each promise that no wish kept. */
  readonly chart: ChartDraft;
}

/** The events of one task, or of the turn itself. */
interface Group {
  readonly taskId: string;
  state: "new" | "open" | "closed";
  /** A BEFORE text waits for its chart. */
  promised: boolean;
  charts: number;
  /** A text or chart was said. */
  content: boolean;
  /** An ERROR or FATAL error was said. */
  failed: boolean;
  step: number;
  totalSteps: number;
}

/** Nanoseconds before an event that the builder adds on its own. */
const ownGap = 1_000_000n;

/**
 * Makes a legal turn of a list of wishes: each is granted, bent to what is legal now, or left out. Every prefix of the
 * wishes gives a legal turn too, so that counterexamples shrink.
 */
export function buildTurn(wishes: readonly Wish[], ending: Ending): EventDraft[] {
  const builder = new Builder();
  for (const wish of wishes) builder.grant(wish);
  builder.end(ending);
  return builder.events;
}

class Builder {
  readonly events: EventDraft[] = [];
  private readonly groups = new Map<number, Group>();
  private fatal = false;

  grant(wish: Wish): void {
    const group = this.group(wish.task);
    if (group.state === "closed" || (this.fatal && wish.say !== "completion")) return;
    switch (wish.say) {
      case "status":
        this.status(group, wish);
        break;
      case "text":
        this.text(group, wish);
        break;
      case "chart":
        this.chart(group, wish.chart, wish.gap);
        break;
      case "error":
        this.error(group, wish);
        break;
      case "completion":
        // The turn itself is completed at the end only; a task that said nothing has nothing to complete.
        if (wish.task !== 0 && group.state === "open") this.complete(group, wish.chart, wish.text, wish.gap);
        break;
    }
  }

  end(ending: Ending): void {
    const { conversation, leaveOpen, trailing, chart } = ending;
    const tasks = [...this.groups.values()].filter((group) => group.taskId !== "");
    const noTask = tasks.every((group) => group.state === "new");
    const byConversation = conversation || noTask;
    const turn = this.group(0);
    if (turn.promised && !turn.failed) this.chart(turn, chart, ownGap);
    for (const group of tasks.filter(({ state }) => state === "open")) {
      if (!(byConversation && leaveOpen)) this.complete(group, chart, "done", ownGap);
      else if (group.promised && !group.failed) this.chart(group, chart, ownGap);
    }
    if (byConversation) {
      this.opening();
      this.say(turn, { kind: "completion", type: "CONVERSATION", message: "" }, ownGap);
    } else if (!trailing) {
      this.endAtRest(chart);
    }
  }

  /** Takes back what came after the last TASK completion; a chart that a text before it waits for comes before it. */
  private endAtRest(chart: ChartDraft): void {
    const last = this.events.findLastIndex(({ body }) => body.kind === "completion");
    this.events.length = last + 1;
    const own = this.events.filter(({ taskId }) => taskId === "").map(({ body }) => body);
    const failed = own.some((body) => body.kind === "error" && body.severity !== "WARNING");
    const promise = own.findLastIndex((body) => body.kind === "text" && body.position === "BEFORE");
    if (promise < 0 || failed || own.slice(promise).some(({ kind }) => kind === "chart")) return;
    this.events.splice(last, 0, { taskId: "", gap: ownGap, body: { kind: "chart", chart } });
  }

  private group(number: number): Group {
    let group = this.groups.get(number);
    if (group === undefined) {
      const taskId = number === 0 ? "" : `task_${number}`;
      group = {
        taskId,
        state: "new",
        promised: false,
        charts: 0,
        content: false,
        failed: false,
        step: 0,
        totalSteps: 0,
      };
      this.groups.set(number, group);
    }
    return group;
  }

  private say(group: Group, body: EventDraft["body"], gap: bigint): void {
    group.state = "open";
    this.events.push({ taskId: group.taskId, gap, body });
  }

  /** A turn begins with a status. */
  private opening(): void {
    if (this.events.length > 0) return;
    this.say(this.group(0), { kind: "status", message: "Working...", step: 0, totalSteps: 0 }, ownGap);
  }

  private status(group: Group, wish: Wish): void {
    // Steps count upwards, and stop being told once they have all begun.
    if (group.state === "new") group.totalSteps = wish.steps;
    const told = group.totalSteps === 0 || group.step < group.totalSteps;
    if (told && wish.steps > 0) group.step++;
    const step = told && wish.steps > 0 ? group.step : 0;
    this.say(group, { kind: "status", message: wish.text, step, totalSteps: group.totalSteps }, wish.gap);
  }

  private text(group: Group, wish: Wish): void {
    this.opening();
    let { position } = wish;
    if (position === "AFTER" && group.charts === 0 && !group.failed) position = "STANDALONE";
    if (position === "STANDALONE" && group.promised) position = "BEFORE";
    if (position === "BEFORE") group.promised = true;
    group.content = true;
    this.say(group, { kind: "text", text: wish.text, position }, wish.gap);
  }

  private chart(group: Group, chart: ChartDraft, gap: bigint): void {
    this.opening();
    group.promised = false;
    group.charts++;
    group.content = true;
    this.say(group, { kind: "chart", chart }, gap);
  }

  private error(group: Group, wish: Wish): void {
    let { severity } = wish;
    // After a FATAL error nothing can be made up for: no chart kept, no empty task filled.
    const othersRest = [...this.groups.values()].every(
      (other) =>
        other === group ||
        other.state !== "open" ||
        other.failed ||
        (!other.promised && (other.content || other.taskId === "")),
    );
    if (severity === "FATAL" && !othersRest) severity = "ERROR";
    if (severity !== "FATAL") this.opening();
    if (severity !== "WARNING") group.failed = true;
    if (severity === "FATAL") this.fatal = true;
    this.say(group, { kind: "error", severity, code: wish.code, message: wish.text }, wish.gap);
  }

  private complete(group: Group, chart: ChartDraft, message: string, gap: bigint): void {
    if (!group.failed) {
      if (group.promised) this.chart(group, chart, ownGap);
      if (!group.content) {
        group.content = true;
        this.say(group, { kind: "text", text: "Nothing to show.", position: "STANDALONE" }, ownGap);
      }
    }
    this.say(group, { kind: "completion", type: "TASK", message }, gap);
    group.state = "closed";
  }
}
