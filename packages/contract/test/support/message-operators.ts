import { toJson } from "@bufbuild/protobuf";
import { foldMessage, type Observation } from "@ondash/contract";
import type { ChatSchema } from "@ondash/schemas";
import { wholeRun } from "./log.ts";
import type { Legal, Operator } from "./operators.ts";
import { encode, world } from "./world.ts";

/** A stored message as ProtoJSON that may be changed at will. */
export interface MessageJson {
  content?: { text?: { text: string }; chart?: { chartType?: string; configJson: string } }[];
  metadata?: { tasks?: { taskId: string; state: string }[]; errors?: { code: string; message: string }[] };
  status?: string;
  id?: string;
}

/** The stored message that a turn adds up to. */
export function storedMessage(schema: ChatSchema, events: Parameters<typeof foldMessage>[1]): MessageJson {
  return toJson(schema.message, foldMessage(schema, events) as never) as MessageJson;
}

/** The legal run and its message, changed. */
function onMessage(change: (message: MessageJson, legal: Legal) => boolean): Operator["mutate"] {
  return (legal): Observation[] | undefined => {
    const { schema, events } = legal;
    const message = storedMessage(schema, events);
    if (!change(message, legal)) return undefined;
    const { log, records } = world(schema, encode(schema, events));
    return wholeRun(log, [...records, { kind: "message", schema: schema.name, message }]);
  };
}

/** One operator or more for each MSG rule. */
export const messageOperators: readonly Operator[] = [
  { rule: "MSG-01", does: "a block is missing", mutate: onMessage(({ content = [] }) => content.pop() !== undefined) },
  {
    rule: "MSG-01",
    does: "a block is there too many",
    mutate: onMessage((message) => {
      message.content = [...(message.content ?? []), { text: { text: "and another thing" } }];
      return true;
    }),
  },
  {
    rule: "MSG-01",
    does: "two blocks are swapped",
    mutate: onMessage(({ content = [] }, { random }) => {
      if (content.length < 2) return false;
      const at = random.int(0, content.length - 2);
      const [first, second] = content.slice(at, at + 2);
      if (first === undefined || second === undefined || JSON.stringify(first) === JSON.stringify(second)) return false;
      content.splice(at, 2, second, first);
      return true;
    }),
  },
  {
    rule: "MSG-01",
    does: "the turn of a message was not observed",
    mutate: onMessage((message) => {
      message.id = `${message.id} of nobody`;
      return (message.content ?? []).length > 0;
    }),
  },
  {
    rule: "MSG-02",
    does: "a text is another one",
    mutate: onMessage(({ content = [] }) => {
      const block = content.find(({ text }) => text !== undefined);
      if (block?.text !== undefined) block.text.text += " ";
      return block !== undefined;
    }),
  },
  {
    rule: "MSG-02",
    does: "a config was written out anew",
    mutate: onMessage(({ content = [] }) => {
      const block = content.find(({ chart }) => chart !== undefined);
      if (block?.chart !== undefined) block.chart.configJson += "\n";
      return block !== undefined;
    }),
  },
  {
    rule: "MSG-02",
    does: "a chart has another type",
    mutate: onMessage(({ content = [] }, { schema }) => {
      const chart = content.find((block) => block.chart !== undefined)?.chart;
      const [bar, line] = schema.version === 1 ? ["bar", "line"] : ["CHART_TYPE_BAR", "CHART_TYPE_LINE"];
      if (chart === undefined) return false;
      chart.chartType = chart.chartType === bar ? line : bar;
      return true;
    }),
  },
  {
    rule: "MSG-03",
    does: "a task is missing",
    mutate: onMessage(({ metadata }) => metadata?.tasks?.pop() !== undefined),
  },
  {
    rule: "MSG-03",
    does: "tasks are in another order",
    mutate: onMessage(({ metadata }) => {
      metadata?.tasks?.reverse();
      return (metadata?.tasks ?? []).length > 1;
    }),
  },
  {
    rule: "MSG-03",
    does: "a task has another state",
    mutate: onMessage(({ metadata }, { schema }) => {
      const [task] = metadata?.tasks ?? [];
      if (task !== undefined) task.state = schema.version === 1 ? "pending" : "TASK_STATE_PENDING";
      return task !== undefined;
    }),
  },
  {
    rule: "MSG-03",
    does: "an error is missing",
    mutate: onMessage(({ metadata }) => metadata?.errors?.pop() !== undefined),
  },
  {
    rule: "MSG-04",
    does: "the turn is said to have failed, or not to",
    versions: [2],
    mutate: onMessage((message) => {
      const failed = "MESSAGE_STATUS_FAILED";
      message.status = message.status === failed ? "MESSAGE_STATUS_COMPLETE" : failed;
      return true;
    }),
  },
  {
    rule: "MSG-04",
    does: "the status is another one",
    versions: [2],
    mutate: onMessage((message) => {
      message.status = "MESSAGE_STATUS_INCOMPLETE";
      return true;
    }),
  },
];
