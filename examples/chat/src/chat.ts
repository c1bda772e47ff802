import { ask, type Backend, cancel } from "./ask.ts";
import { newTurn, turnReducer } from "./turn.ts";
import { createTurnView } from "./turn-view.ts";

/** Brings the page to life: its form asks, its list shows the turns. */
export function startChat(page: ParentNode, backend: Backend): void {
  const form = find(page, "form", HTMLFormElement);
  const input = find(form, "input", HTMLInputElement);
  const turns = find(page, ".turns", HTMLElement);
  // Until now nobody could have sent anything.
  find(form, "fieldset", HTMLFieldSetElement).disabled = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === "") return;
    input.value = "";
    turns.append(startTurn(backend, text));
  });
}

function startTurn(backend: Backend, text: string): HTMLElement {
  let turn = newTurn(text);
  const leave = new AbortController();
  const view = createTurnView(() => {
    if (turn.messageId !== undefined) void cancel(backend, turn.messageId);
    leave.abort();
  });
  view.update(turn);
  void ask(backend, text, leave.signal, (action) => {
    turn = turnReducer(turn, action);
    view.update(turn);
  });
  return view.element;
}

function find<Type extends Element>(within: ParentNode, selector: string, type: abstract new () => Type): Type {
  const element = within.querySelector(selector);
  if (!(element instanceof type)) throw new TypeError(`the page has no ${selector}`);
  return element;
}
