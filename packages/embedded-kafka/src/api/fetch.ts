import { park } from "../broker/park.ts";
import type { Isolation } from "../log/stored-batch.ts";
import type { Partition } from "../topics/topic.ts";
import { ErrorCode, type RequestOf, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { type LeaderHint, leaderEndpoints, leaderHint } from "./current-leader.ts";
import { ledPartition } from "./leadership.ts";

type Request = RequestOf<"Fetch">;
type Wanted = Request["topics"][number]["partitions"][number];
type Answer = NonNullable<NonNullable<ResponseInput<"Fetch">["responses"]>[number]["partitions"]>[number];

/** One partition of a request. */
interface Target {
  /** Its topic by name, up to version 12. */
  readonly topic: string;
  /** Its topic by id, from version 13 on. */
  readonly topicId: string;
  readonly wanted: Wanted;
}

/** `fetch.max.bytes`: no answer is larger, whatever the client asks for (but for one batch that is). */
const MAX_BYTES = 57_671_680;

/** The session epochs of full requests (KIP-227). */
const NEW_SESSION = 0;
const NO_SESSION = -1;

/**
 * Fetch (key 1), versions 4 to 18.
 *
 * - Answered at once if the client will not wait, asks for nothing, enough bytes are there, or any partition has an
 *   error; else parked until bytes, an error or `maxWaitMs`.
 * - The byte limits are soft for the first partition that has records: it gives at least one batch. Beyond that the
 *   bytes are cut where the limit falls, also inside a batch: clients must cope, Kafka does the same.
 * - An offset inside a batch gives the whole batch. Below the log start or above the end: OFFSET_OUT_OF_RANGE.
 * - read_committed: only below the last stable offset, with the transactions that were aborted.
 * - Every answer is a full one (session id 0), which Kafka also does when its session cache is full. A request that
 *   continues a session gets FETCH_SESSION_ID_NOT_FOUND.
 * - From version 11 on any replica answers (KIP-392), before only the leader: NOT_LEADER_OR_FOLLOWER.
 * - From version 13 on topics come by id; one that is not known gives UNKNOWN_TOPIC_ID. From 16 on the wrong node tells
 *   who leads, and where (KIP-951). What 15, 17 and 18 add is for followers.
 */
export const fetch: Api<"Fetch"> = {
  name: "Fetch",
  versions: [4, 18],
  async handle(request, context) {
    if (request.sessionEpoch !== NEW_SESSION && request.sessionEpoch !== NO_SESSION) {
      return { errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0, responses: [] };
    }
    const first = read(request, context);
    if (first.final || request.maxWaitMs <= 0 || first.bytes >= request.minBytes) return first.response;
    const logs = targetsOf(request).flatMap(({ topic, topicId, wanted }) => {
      const name = nameOf(topic, topicId, context);
      return name === undefined ? [] : (context.cluster.topics.partition(name, wanted.partition)?.log ?? []);
    });
    await park({
      clock: context.cluster.clock,
      ms: request.maxWaitMs,
      logs,
      signal: context.signal,
      ready: () => isEnough(request, context),
    });
    return read(request, context).response;
  },
};

/** What would be answered now. It is final when waiting cannot help: nothing is asked for, or there is an error. */
function read(
  request: Request,
  context: RequestContext,
): { response: ResponseInput<"Fetch">; bytes: number; final: boolean } {
  let room = Math.min(request.maxBytes, MAX_BYTES);
  let bytes = 0;
  const targets = targetsOf(request);
  let final = targets.length === 0;
  const responses: { topic: string; topicId: string; partitions: Answer[] }[] = [];
  for (const target of knownFirst(targets, context)) {
    const answer = readTarget(target, request, context, room, bytes === 0);
    const length = answer.records?.length ?? 0;
    bytes += length;
    room = Math.max(Math.min(room, 0), room - length);
    final ||= answer.errorCode !== ErrorCode.NONE || answer.divergingEpoch !== undefined;
    const { topic, topicId } = target;
    const last = responses.at(-1);
    if (last?.topic === topic && last.topicId === topicId) last.partitions.push(answer);
    else responses.push({ topic, topicId, partitions: [answer] });
  }
  const hints = responses.flatMap(({ partitions }) => partitions.map(({ currentLeader }) => currentLeader));
  const nodeEndpoints =
    context.apiVersion >= 16 ? leaderEndpoints(hints as readonly (LeaderHint | undefined)[], context) : [];
  return { response: { errorCode: ErrorCode.NONE, sessionId: 0, responses, nodeEndpoints }, bytes, final };
}

/** The partitions asked for, each once (what is asked last counts), in the order of the request. */
function targetsOf(request: Request): Target[] {
  const all = request.topics.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((wanted) => ({ topic, topicId, wanted })),
  );
  const keyOf = ({ topic, topicId, wanted }: Target): string => `${topic} ${topicId} ${wanted.partition}`;
  return [...new Map(all.map((target) => [keyOf(target), target])).values()];
}

/** Partitions that do not exist are answered after all others. */
function knownFirst(targets: readonly Target[], context: RequestContext): Target[] {
  const exists = ({ topic, topicId, wanted }: Target): boolean => {
    const name = nameOf(topic, topicId, context);
    return name !== undefined && context.cluster.topics.partition(name, wanted.partition) !== undefined;
  };
  return [...targets.filter(exists), ...targets.filter((target) => !exists(target))];
}

/** From version 13 on topics come by id. */
function nameOf(topic: string, topicId: string, { cluster, apiVersion }: RequestContext): string | undefined {
  return apiVersion >= 13 ? cluster.topics.withId(topicId)?.name : topic;
}

function readTarget(
  target: Target,
  request: Request,
  context: RequestContext,
  room: number,
  atLeastOne: boolean,
): Answer {
  const { wanted } = target;
  const found = locate(target, context);
  if (typeof found === "number") {
    const answer = refused(wanted.partition, found);
    const name = nameOf(target.topic, target.topicId, context) ?? "";
    const currentLeader = leaderHint(found, name, wanted.partition, context);
    return context.apiVersion >= 16 && currentLeader !== undefined ? { ...answer, currentLeader } : answer;
  }
  if (!("log" in found)) return found;
  const limit = Math.min(room, wanted.partitionMaxBytes);
  // Kafka stumbles over it.
  if (limit < 0) return refused(wanted.partition, ErrorCode.UNKNOWN_SERVER_ERROR);
  return readPartition(found, wanted, isolationOf(request), limit, atLeastOne);
}

/** Whether a parked request is to be answered, without reading anything. */
function isEnough(request: Request, context: RequestContext): boolean {
  let bytes = 0;
  for (const target of targetsOf(request)) {
    const { fetchOffset, partitionMaxBytes } = target.wanted;
    const found = locate(target, context);
    if (typeof found === "number" || !("log" in found)) return true;
    const end = found.log.endFor(isolationOf(request));
    bytes += Math.min(found.log.bytesBetween(fetchOffset, end), partitionMaxBytes);
  }
  return bytes >= request.minBytes;
}

/** The partition to read from; or the error; or the answer that tells where the reader must go back to. */
function locate({ topic, topicId, wanted }: Target, context: RequestContext): Partition | number | Answer {
  const name = nameOf(topic, topicId, context);
  if (name === undefined) return ErrorCode.UNKNOWN_TOPIC_ID;
  const anyReplica = context.apiVersion >= 11;
  const partition = ledPartition(context, name, wanted.partition, wanted.currentLeaderEpoch, anyReplica);
  if (typeof partition === "number") return partition;
  const { log } = partition;
  if (wanted.lastFetchedEpoch >= 0) {
    const ended = log.epochs.endOf(wanted.lastFetchedEpoch, log.logEnd);
    if (ended === undefined) return ErrorCode.OFFSET_OUT_OF_RANGE;
    if (ended.epoch < wanted.lastFetchedEpoch || ended.endOffset < wanted.fetchOffset) {
      return {
        ...described(partition),
        divergingEpoch: { epoch: ended.epoch, endOffset: ended.endOffset },
        records: new Uint8Array(),
      };
    }
  }
  const inRange = wanted.fetchOffset >= log.logStart && wanted.fetchOffset <= log.logEnd;
  return inRange ? partition : ErrorCode.OFFSET_OUT_OF_RANGE;
}

function readPartition(
  partition: Partition,
  { fetchOffset }: Wanted,
  isolation: Isolation,
  limit: number,
  atLeastOne: boolean,
): Answer {
  const { log } = partition;
  const end = log.endFor(isolation);
  const records = log.read(fetchOffset, end, limit, atLeastOne);
  return { ...described(partition), abortedTransactions: abortedFor(), records };

  function abortedFor(): Answer["abortedTransactions"] {
    // Kafka forgets the list when it finds that the first batch does not fit.
    if (isolation === "read_uncommitted" || (fetchOffset < end && records.length === 0 && limit > 0)) return null;
    if (fetchOffset >= end) return [];
    return log.abortedFrom(fetchOffset).map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
  }
}

function described(partition: Partition): Answer {
  const { logStart, highWatermark, lastStable } = partition.log.bounds;
  return {
    partitionIndex: partition.index,
    errorCode: ErrorCode.NONE,
    highWatermark,
    lastStableOffset: lastStable,
    logStartOffset: logStart,
    abortedTransactions: null,
    preferredReadReplica: -1,
  };
}

function refused(partitionIndex: number, errorCode: number): Answer {
  return {
    partitionIndex,
    errorCode,
    highWatermark: -1n,
    lastStableOffset: -1n,
    logStartOffset: -1n,
    // Which of the two depends on how far into Kafka the request came.
    abortedTransactions:
      errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || errorCode === ErrorCode.UNKNOWN_TOPIC_ID ? [] : null,
    preferredReadReplica: -1,
    records: new Uint8Array(),
  };
}

function isolationOf({ isolationLevel }: Request): Isolation {
  return isolationLevel === 1 ? "read_committed" : "read_uncommitted";
}
