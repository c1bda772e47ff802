import { park } from "../broker/park.ts";
import type { Isolation } from "../log/stored-batch.ts";
import type { Partition } from "../topics/topic.ts";
import { ErrorCode, type RequestOf, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { ledPartition } from "./leadership.ts";

type Request = RequestOf<"Fetch">;
type Wanted = Request["topics"][number]["partitions"][number];
type Answer = NonNullable<NonNullable<ResponseInput<"Fetch">["responses"]>[number]["partitions"]>[number];

/** `fetch.max.bytes`: no answer is larger, whatever the client asks for (but for one batch that is). */
const MAX_BYTES = 57_671_680;

/** The session epochs of full requests (KIP-227). */
const NEW_SESSION = 0;
const NO_SESSION = -1;

/**
 * Fetch (key 1), versions 4 to 12.
 *
 * - Answered at once if the client will not wait, asks for nothing, enough bytes are there, or any partition has an
 *   error; else parked until bytes, an error or `maxWaitMs`.
 * - The byte limits are soft for the first partition that has records: it gives at least one batch. Beyond that the
 *   bytes are cut where the limit falls, also inside a batch: clients must cope, Kafka does the same.
 * - An offset inside a batch gives the whole batch. Below the log start or above the end: OFFSET_OUT_OF_RANGE.
 * - read_committed: only below the last stable offset, with the transactions that were aborted.
 * - Every answer is a full one (session id 0), which Kafka also does when its session cache is full. A request that
 *   continues a session gets FETCH_SESSION_ID_NOT_FOUND.
 */
export const fetch: Api<"Fetch"> = {
  name: "Fetch",
  versions: [4, 12],
  async handle(request, context) {
    if (request.sessionEpoch !== NEW_SESSION && request.sessionEpoch !== NO_SESSION) {
      return { errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0, responses: [] };
    }
    const first = read(request, context);
    if (first.final || request.maxWaitMs <= 0 || first.bytes >= request.minBytes) return first.response;
    const logs = request.topics.flatMap(({ topic, partitions }) =>
      partitions.flatMap(({ partition }) => context.cluster.topics.partition(topic, partition)?.log ?? []),
    );
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
  const responses: { topic: string; partitions: Answer[] }[] = [];
  for (const { topic, wanted } of targets) {
    const answer = readTarget(topic, wanted, request, context, room, bytes === 0);
    const length = answer.records?.length ?? 0;
    bytes += length;
    room = Math.max(Math.min(room, 0), room - length);
    final ||= answer.errorCode !== ErrorCode.NONE || answer.divergingEpoch !== undefined;
    const last = responses.at(-1);
    if (last?.topic === topic) last.partitions.push(answer);
    else responses.push({ topic, partitions: [answer] });
  }
  return { response: { errorCode: ErrorCode.NONE, sessionId: 0, responses }, bytes, final };
}

/** The partitions asked for, each once (what is asked last counts), in the order of the request. */
function targetsOf(request: Request): { topic: string; wanted: Wanted }[] {
  const all = request.topics.flatMap(({ topic, partitions }) => partitions.map((wanted) => ({ topic, wanted })));
  return [...new Map(all.map((target) => [`${target.topic}-${target.wanted.partition}`, target])).values()];
}

function readTarget(
  topic: string,
  wanted: Wanted,
  request: Request,
  context: RequestContext,
  room: number,
  atLeastOne: boolean,
): Answer {
  const found = locate(topic, wanted, context);
  if (typeof found === "number") return refused(wanted.partition, found);
  if (!("log" in found)) return found;
  const limit = Math.min(room, wanted.partitionMaxBytes);
  // Kafka stumbles over it.
  if (limit < 0) return refused(wanted.partition, ErrorCode.UNKNOWN_SERVER_ERROR);
  return readPartition(found, wanted, isolationOf(request), limit, atLeastOne);
}

/** Whether a parked request is to be answered, without reading anything. */
function isEnough(request: Request, context: RequestContext): boolean {
  let bytes = 0;
  for (const { topic, wanted } of targetsOf(request)) {
    const found = locate(topic, wanted, context);
    if (typeof found === "number" || !("log" in found)) return true;
    const end = found.log.endFor(isolationOf(request));
    bytes += Math.min(found.log.bytesBetween(wanted.fetchOffset, end), wanted.partitionMaxBytes);
  }
  return bytes >= request.minBytes;
}

/** The partition to read from; or the error; or the answer that tells where the reader must go back to. */
function locate(topic: string, wanted: Wanted, context: RequestContext): Partition | number | Answer {
  const partition = ledPartition(context, topic, wanted.partition, wanted.currentLeaderEpoch);
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
  const aborted = isolation === "read_committed" ? log.abortedFrom(fetchOffset) : null;
  return {
    ...described(partition),
    abortedTransactions: aborted?.map(({ producerId, firstOffset }) => ({ producerId, firstOffset })) ?? null,
    records: log.read(fetchOffset, log.endFor(isolation), limit, atLeastOne),
  };
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
    abortedTransactions: errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION ? [] : null,
    preferredReadReplica: -1,
    records: new Uint8Array(),
  };
}

function isolationOf({ isolationLevel }: Request): Isolation {
  return isolationLevel === 1 ? "read_committed" : "read_uncommitted";
}
