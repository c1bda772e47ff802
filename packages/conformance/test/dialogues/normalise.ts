import { isDeepStrictEqual } from "node:util";
import { batchCrc } from "@ondash/embedded-kafka/wire";
import { batchesOf } from "../read-records.ts";

/** What a transcript holds: JSON. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Gives the same placeholder for the same value, numbered as they appear. */
interface Namer {
  (kind: string, value: string): string;
}

const ZERO_UUID = "00000000-0000-0000-0000-000000000000";
const NODES = new Set([
  "nodeId",
  "brokerId",
  "leaderId",
  "controllerId",
  "coordinatorId",
  "replicaNodes",
  "isrNodes",
  "offlineReplicas",
  "replicas",
]);
/** Times of day; what the dialogues stamp themselves is older, and stays. */
const isTime = (value: number): boolean => value > 1_750_000_000_000 && value < 4_000_000_000_000;
/** The same in a message: what the broker's clock says, and what is subtracted from it. */
const TIMES_IN_TEXT = /\b1[78]\d{11}\b|-92233\d{14}\b/g;
/** Lists whose order Kafka does not promise, by the field that orders them here. */
const UNORDERED: Readonly<Record<string, string>> = {
  "CreateTopics.topics": "name",
  "CreateTopics.topics.configs": "name",
  "DeleteTopics.responses": "name",
  "Metadata.topics": "name",
  "CreatePartitions.results": "name",
  "DescribeConfigs.results.configs": "name",
  "DescribeConfigs.results": "resourceName",
  "ListGroups.groups": "groupId",
  "ListTransactions.transactionStates": "transactionalId",
  "DescribeGroups.groups.members": "memberId",
  "JoinGroup.members": "memberId",
  "ListOffsets.topics.partitions": "partitionIndex",
  "AddPartitionsToTxn.resultsByTopicV3AndBelow": "name",
  "AddPartitionsToTxn.resultsByTopicV3AndBelow.resultsByPartition": "partitionIndex",
  "Produce.responses": "name",
  "Produce.responses.partitionResponses": "index",
  "OffsetCommit.topics": "name",
  "OffsetCommit.topics.partitions": "partitionIndex",
  "TxnOffsetCommit.topics": "name",
  "OffsetFetch.topics": "name",
  "OffsetFetch.groups.topics": "name",
};

/**
 * Makes what differs from broker to broker and from run to run comparable: ids, nodes, hosts and times become
 * placeholders that are numbered as they appear, names that were made up become what they are for, and records their
 * contents.
 */
export function createNormaliser(made: ReadonlyMap<string, string>): (api: string, answer: object) => Plain {
  const seen = new Map<string, Map<string, number>>();
  const name: Namer = (kind, value) => {
    const values = seen.get(kind) ?? new Map<string, number>();
    seen.set(kind, values);
    const number = values.get(value) ?? values.size + 1;
    values.set(value, number);
    return `<${kind} ${number}>`;
  };
  return (api, answer) => normalise(answer, { path: api, key: "", name, made });
}

interface Place {
  readonly path: string;
  readonly key: string;
  readonly name: Namer;
  readonly made: ReadonlyMap<string, string>;
}

function normalise(value: unknown, place: Place): Plain {
  const { key, path, name, made } = place;
  if (value === null || value === undefined || typeof value === "boolean") return value ?? null;
  if (value instanceof Uint8Array) {
    if (key !== "records") return Buffer.from(value).toString("hex");
    return checkedBatchesOf(value).map((batch) => normalise(batch, { ...place, key: "batch" }));
  }
  if (Array.isArray(value)) {
    const by = UNORDERED[path];
    const list = value.map((each) => normalise(each, place));
    return by === undefined ? list : list.toSorted((a, b) => compare(field(a, by), field(b, by)));
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([inner, each]) => [
      inner,
      normalise(each, { ...place, path: `${path}.${inner}`, key: inner }),
    ]);
    return Object.fromEntries(entries) as Plain;
  }
  if (typeof value === "string") {
    if (key === "resourceName" && /^\d+$/.test(value)) return "<node>";
    if (key === "topicId") return value === ZERO_UUID ? "<no id>" : name("topicId", value);
    if ((key === "memberId" || key === "leader") && value !== "") return name("member", value);
    if ((key === "host" && value !== "") || key === "clusterId" || key === "clientHost") return `<${key}>`;
    return text(value, made)
      .replace(TIMES_IN_TEXT, "<time>")
      .replace(/\b(broker|expected) (?:id )?\d+/gi, "$1 <node>");
  }
  if (typeof value !== "number" && typeof value !== "bigint")
    throw new TypeError(`${path}: ${typeof value} in an answer`);
  const number = Number(value);
  if (number < 0) return number;
  if (NODES.has(key)) return "<node>";
  if (key === "port") return "<port>";
  if (isTime(number)) return "<time>";
  if (key === "producerId") return name("producer", `${value}`);
  return number;
}

/** The text with every made-up name replaced by what it is for. */
function text(value: string, made: ReadonlyMap<string, string>): string {
  let result = value;
  for (const [unique, label] of made) result = result.replaceAll(unique, label);
  return result;
}

/** Batches with a verdict in place of the checksum, which changes with the producer's id. */
function checkedBatchesOf(records: Uint8Array): object[] {
  let offset = 0;
  return batchesOf(records).map(({ header, records: list }) => {
    const crc = batchCrc(records, offset, header.sizeInBytes) === header.crc ? "right" : "wrong";
    offset += header.sizeInBytes;
    return { ...header, crc, records: list };
  });
}

function field(value: Plain, key: string): string {
  const found =
    value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, Plain>)[key] : "";
  return typeof found === "string" ? found : JSON.stringify(found ?? "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where two transcripts part, one line for each place; empty when they are the same. */
export function partings(got: Plain | undefined, want: Plain | undefined, path = ""): string[] {
  if (isDeepStrictEqual(got, want)) return [];
  const inner = (value: Plain | undefined): Record<string, Plain> | undefined =>
    value !== null && typeof value === "object" ? (value as Record<string, Plain>) : undefined;
  const [left, right] = [inner(got), inner(want)];
  if (left === undefined || right === undefined || Array.isArray(left) !== Array.isArray(right)) {
    return [`${path || "."}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`];
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) => partings(left[key], right[key], `${path}/${key}`));
}
