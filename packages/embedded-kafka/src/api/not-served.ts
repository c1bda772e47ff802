import type { ApiName } from "../wire/index.ts";

/**
 * What Kafka serves and this broker does not, each with the reason: the APIs as a whole, as ApiVersions tells clients. A
 * test holds that every API of the protocol table is either served or stands here.
 */
export const NOT_SERVED: Readonly<Partial<Record<ApiName, string>>> = {
  AlterClientQuotas: "no quotas: nobody is throttled",
  AlterPartitionReassignments: "replicas stay where they were placed",
  AlterUserScramCredentials: "no authentication: it listens on loopback for its own process",
  ConsumerGroupDescribe: "the consumer protocol of KIP-848 is not spoken; clients fall back to the classic one",
  ConsumerGroupHeartbeat: "the consumer protocol of KIP-848 is not spoken; clients fall back to the classic one",
  CreateAcls: "no authorization: everybody may do everything",
  DeleteAcls: "no authorization: everybody may do everything",
  DescribeAcls: "no authorization: everybody may do everything",
  DescribeClientQuotas: "no quotas: nobody is throttled",
  DescribeTopicPartitions: "clients fall back to Metadata",
  DescribeUserScramCredentials: "no authentication: it listens on loopback for its own process",
  ElectLeaders: "leaders stay where they were placed",
  ListPartitionReassignments: "replicas stay where they were placed",
  SaslAuthenticate: "no authentication: it listens on loopback for its own process",
  SaslHandshake: "no authentication: it listens on loopback for its own process",
  WriteTxnMarkers: "the coordinator writes the markers itself; between brokers only",
};
