import { drawChart } from "./draw-chart.ts";
import { type Block, blocksOf, type Phase, phaseOf, problemsOf, statusOf, type Turn } from "./turn.ts";

/** What is drawn of one turn. */
export interface TurnView {
  readonly element: HTMLElement;
  update(turn: Turn): void;
}

const ends: Readonly<Partial<Record<Phase, string>>> = {
  failed: "The answer failed.",
  truncated: "The answer was cut off: what you see is not all of it.",
  cancelled: "You cancelled this answer.",
  refused: "Your message was not accepted.",
};

/** Draws a turn, and draws again what changed of it. Text is only ever set as text, never as HTML. */
export function createTurnView(onCancel: () => void): TurnView {
  const element = make("li", "turn");
  const question = make("p", "question");
  const status = make("p", "status");
  status.setAttribute("role", "status");
  const blocks = make("div", "blocks");
  const problems = make("ul", "problems");
  const end = make("p", "end");
  end.setAttribute("role", "alert");
  const why = make("p", "why");
  const cancel = make("button", "cancel");
  cancel.textContent = "Cancel";
  cancel.addEventListener("click", onCancel);
  element.append(question, blocks, problems, status, end, why, cancel);
  // A block keeps its element when one that was emitted earlier arrives later: a chart is drawn once.
  const drawn = new Map<string, HTMLElement>();

  return {
    element,
    update(turn) {
      const phase = phaseOf(turn);
      element.dataset["phase"] = phase;
      question.textContent = turn.question;
      status.textContent = statusOf(turn);
      blocks.replaceChildren(
        ...blocksOf(turn).map((block) => {
          const child = drawn.get(block.key) ?? createBlock(block);
          drawn.set(block.key, child);
          return child;
        }),
      );
      problems.replaceChildren(
        ...problemsOf(turn).map(({ kind, message }) => {
          const item = make("li", kind);
          item.textContent = message;
          return item;
        }),
      );
      end.textContent = ends[phase] ?? "";
      why.textContent = phase === turn.left?.as ? turn.left.why : "";
      cancel.hidden = phase !== "asking" && phase !== "streaming";
    },
  };
}

function createBlock({ kind, body }: Block): HTMLElement {
  if (kind === "text") {
    const text = make("p", "text");
    text.textContent = body;
    return text;
  }
  const chart = make("div", "chart");
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", "Chart");
  // In the page first, so that it has a size when it is drawn.
  queueMicrotask(() => void drawChart(chart, body));
  return chart;
}

function make<Name extends keyof HTMLElementTagNameMap>(name: Name, className: string): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.className = className;
  return element;
}
