import { configDialogues } from "./configs.ts";
import type { Dialogue } from "./dialogue.ts";
import { groupDialogues } from "./groups.ts";
import { recordDialogues } from "./records.ts";
import { topicDialogues } from "./topics.ts";
import { transactionDialogues } from "./transactions.ts";

/** Every dialogue, by the file that holds what a real Kafka answered. */
export const dialogues: Readonly<Record<string, readonly Dialogue[]>> = {
  configs: configDialogues,
  groups: groupDialogues,
  records: recordDialogues,
  topics: topicDialogues,
  transactions: transactionDialogues,
};
