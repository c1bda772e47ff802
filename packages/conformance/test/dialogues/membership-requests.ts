import { errorName, type RequestInput, type ResponseOf } from "@ondash/embedded-kafka/wire";
import { findCoordinator } from "./dialogue.ts";
import type { Talk } from "./talk.ts";

/** Subscription v0 to no topic, without user data; and an assignment, which the broker does not look into. */
export const SUBSCRIPTION: Uint8Array = Uint8Array.of(0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff);
export const ASSIGNMENT: Uint8Array = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 7);

export function joinOf(groupId: string, options: Partial<RequestInput<"JoinGroup">> = {}): RequestInput<"JoinGroup"> {
  return {
    groupId,
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId: "",
    groupInstanceId: null,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: SUBSCRIPTION }],
    ...options,
  };
}

/** A group of one member, synced; versions in which nothing else matters. */
export async function stableGroup(
  talk: Talk,
  label = "group",
): Promise<{ readonly groupId: string; readonly memberId: string }> {
  const groupId = talk.name(label);
  await findCoordinator(talk, groupId);
  const joined = await talk.quietly("JoinGroup", 3, joinOf(groupId), ({ errorCode }) => errorCode);
  if (joined.errorCode !== 0) throw new Error(`JoinGroup: ${errorName(joined.errorCode)}`);
  const { memberId } = joined;
  await talk.quietly("SyncGroup", 2, {
    groupId,
    generationId: 1,
    memberId,
    assignments: [{ memberId, assignment: ASSIGNMENT }],
  });
  return { groupId, memberId };
}

/** Joins in as many rounds as the version needs, writing each down. */
export async function join(
  talk: Talk,
  version: number,
  note: string,
  body: RequestInput<"JoinGroup">,
): Promise<ResponseOf<"JoinGroup">> {
  const first = await talk.ask(note, "JoinGroup", version, body);
  if (errorName(first.errorCode) !== "MEMBER_ID_REQUIRED") return first;
  return talk.ask(`${note}, with the id given`, "JoinGroup", version, { ...body, memberId: first.memberId });
}
