import { configDialogues } from "./configs.ts";
import type { Dialogue } from "./dialogue.ts";
import { groupAdminDialogues } from "./group-admin.ts";
import { groupOffsetDialogues } from "./group-offsets.ts";
import { membershipDialogues } from "./membership.ts";
import { producingDialogues } from "./producing.ts";
import { readingDialogues } from "./reading.ts";
import { scheduleDialogues } from "./schedules.ts";
import { topicDialogues } from "./topics.ts";
import { transactionAdminDialogues } from "./transaction-admin.ts";
import { transactionOffsetDialogues } from "./transaction-offsets.ts";
import { transactionDialogues } from "./transactions.ts";

/** Every dialogue, by the file that holds what a real Kafka answered. */
export const dialogues: Readonly<Record<string, readonly Dialogue[]>> = {
  configs: configDialogues,
  groups: [...groupAdminDialogues, ...membershipDialogues, ...groupOffsetDialogues],
  records: [...producingDialogues, ...readingDialogues],
  schedules: scheduleDialogues,
  topics: topicDialogues,
  transactions: [...transactionDialogues, ...transactionOffsetDialogues, ...transactionAdminDialogues],
};
