// Written by scripts/generate-messages.ts from protocol/. Do not edit.

export interface AddOffsetsToTxnRequest {
  transactionalId: string;
  producerId: bigint;
  producerEpoch: number;
  groupId: string;
}

export interface AddOffsetsToTxnResponse {
  throttleTimeMs: number;
  errorCode: number;
}

export interface AddPartitionsToTxnRequest {
  transactions: {
    transactionalId: string;
    producerId: bigint;
    producerEpoch: number;
    verifyOnly: boolean;
    topics: {
      name: string;
      partitions: number[];
    }[];
  }[];
  v3AndBelowTransactionalId: string;
  v3AndBelowProducerId: bigint;
  v3AndBelowProducerEpoch: number;
  v3AndBelowTopics: {
    name: string;
    partitions: number[];
  }[];
}

export interface AddPartitionsToTxnResponse {
  throttleTimeMs: number;
  errorCode: number;
  resultsByTransaction: {
    transactionalId: string;
    topicResults: {
      name: string;
      resultsByPartition: {
        partitionIndex: number;
        partitionErrorCode: number;
      }[];
    }[];
  }[];
  resultsByTopicV3AndBelow: {
    name: string;
    resultsByPartition: {
      partitionIndex: number;
      partitionErrorCode: number;
    }[];
  }[];
}

export interface AlterClientQuotasRequest {
  entries: {
    entity: {
      entityType: string;
      entityName: string | null;
    }[];
    ops: {
      key: string;
      value: number;
      remove: boolean;
    }[];
  }[];
  validateOnly: boolean;
}

export interface AlterClientQuotasResponse {
  throttleTimeMs: number;
  entries: {
    errorCode: number;
    errorMessage: string | null;
    entity: {
      entityType: string;
      entityName: string | null;
    }[];
  }[];
}

export interface AlterConfigsRequest {
  resources: {
    resourceType: number;
    resourceName: string;
    configs: {
      name: string;
      value: string | null;
    }[];
  }[];
  validateOnly: boolean;
}

export interface AlterConfigsResponse {
  throttleTimeMs: number;
  responses: {
    errorCode: number;
    errorMessage: string | null;
    resourceType: number;
    resourceName: string;
  }[];
}

export interface AlterPartitionReassignmentsRequest {
  timeoutMs: number;
  allowReplicationFactorChange: boolean;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      replicas: number[] | null;
    }[];
  }[];
}

export interface AlterPartitionReassignmentsResponse {
  throttleTimeMs: number;
  allowReplicationFactorChange: boolean;
  errorCode: number;
  errorMessage: string | null;
  responses: {
    name: string;
    partitions: {
      partitionIndex: number;
      errorCode: number;
      errorMessage: string | null;
    }[];
  }[];
}

export interface AlterUserScramCredentialsRequest {
  deletions: {
    name: string;
    mechanism: number;
  }[];
  upsertions: {
    name: string;
    mechanism: number;
    iterations: number;
    salt: Uint8Array;
    saltedPassword: Uint8Array;
  }[];
}

export interface AlterUserScramCredentialsResponse {
  throttleTimeMs: number;
  results: {
    user: string;
    errorCode: number;
    errorMessage: string | null;
  }[];
}

export interface ApiVersionsRequest {
  clientSoftwareName: string;
  clientSoftwareVersion: string;
}

export interface ApiVersionsResponse {
  errorCode: number;
  apiKeys: {
    apiKey: number;
    minVersion: number;
    maxVersion: number;
  }[];
  throttleTimeMs: number;
  supportedFeatures: {
    name: string;
    minVersion: number;
    maxVersion: number;
  }[];
  finalizedFeaturesEpoch: bigint;
  finalizedFeatures: {
    name: string;
    maxVersionLevel: number;
    minVersionLevel: number;
  }[];
  zkMigrationReady: boolean;
}

export interface ConsumerGroupDescribeRequest {
  groupIds: string[];
  includeAuthorizedOperations: boolean;
}

export interface ConsumerGroupDescribeResponse {
  throttleTimeMs: number;
  groups: {
    errorCode: number;
    errorMessage: string | null;
    groupId: string;
    groupState: string;
    groupEpoch: number;
    assignmentEpoch: number;
    assignorName: string;
    members: {
      memberId: string;
      instanceId: string | null;
      rackId: string | null;
      memberEpoch: number;
      clientId: string;
      clientHost: string;
      subscribedTopicNames: string[];
      subscribedTopicRegex: string | null;
      assignment: {
        topicPartitions: {
          topicId: string;
          topicName: string;
          partitions: number[];
        }[];
      };
      targetAssignment: {
        topicPartitions: {
          topicId: string;
          topicName: string;
          partitions: number[];
        }[];
      };
      memberType: number;
    }[];
    authorizedOperations: number;
  }[];
}

export interface ConsumerGroupHeartbeatRequest {
  groupId: string;
  memberId: string;
  memberEpoch: number;
  instanceId: string | null;
  rackId: string | null;
  rebalanceTimeoutMs: number;
  subscribedTopicNames: string[] | null;
  subscribedTopicRegex: string | null;
  serverAssignor: string | null;
  topicPartitions: {
    topicId: string;
    partitions: number[];
  }[] | null;
}

export interface ConsumerGroupHeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  memberId: string | null;
  memberEpoch: number;
  heartbeatIntervalMs: number;
  assignment: {
    topicPartitions: {
      topicId: string;
      partitions: number[];
    }[];
  } | null;
}

export interface ConsumerProtocolAssignment {
  assignedPartitions: {
    topic: string;
    partitions: number[];
  }[];
  userData: Uint8Array | null;
}

export interface ConsumerProtocolSubscription {
  topics: string[];
  userData: Uint8Array | null;
  ownedPartitions: {
    topic: string;
    partitions: number[];
  }[];
  generationId: number;
  rackId: string | null;
}

export interface CreateAclsRequest {
  creations: {
    resourceType: number;
    resourceName: string;
    resourcePatternType: number;
    principal: string;
    host: string;
    operation: number;
    permissionType: number;
  }[];
}

export interface CreateAclsResponse {
  throttleTimeMs: number;
  results: {
    errorCode: number;
    errorMessage: string | null;
  }[];
}

export interface CreatePartitionsRequest {
  topics: {
    name: string;
    count: number;
    assignments: {
      brokerIds: number[];
    }[] | null;
  }[];
  timeoutMs: number;
  validateOnly: boolean;
}

export interface CreatePartitionsResponse {
  throttleTimeMs: number;
  results: {
    name: string;
    errorCode: number;
    errorMessage: string | null;
  }[];
}

export interface CreateTopicsRequest {
  topics: {
    name: string;
    numPartitions: number;
    replicationFactor: number;
    assignments: {
      partitionIndex: number;
      brokerIds: number[];
    }[];
    configs: {
      name: string;
      value: string | null;
    }[];
  }[];
  timeoutMs: number;
  validateOnly: boolean;
}

export interface CreateTopicsResponse {
  throttleTimeMs: number;
  topics: {
    name: string;
    topicId: string;
    errorCode: number;
    errorMessage: string | null;
    topicConfigErrorCode: number;
    numPartitions: number;
    replicationFactor: number;
    configs: {
      name: string;
      value: string | null;
      readOnly: boolean;
      configSource: number;
      isSensitive: boolean;
    }[] | null;
  }[];
}

export interface DeleteAclsRequest {
  filters: {
    resourceTypeFilter: number;
    resourceNameFilter: string | null;
    patternTypeFilter: number;
    principalFilter: string | null;
    hostFilter: string | null;
    operation: number;
    permissionType: number;
  }[];
}

export interface DeleteAclsResponse {
  throttleTimeMs: number;
  filterResults: {
    errorCode: number;
    errorMessage: string | null;
    matchingAcls: {
      errorCode: number;
      errorMessage: string | null;
      resourceType: number;
      resourceName: string;
      patternType: number;
      principal: string;
      host: string;
      operation: number;
      permissionType: number;
    }[];
  }[];
}

export interface DeleteGroupsRequest {
  groupsNames: string[];
}

export interface DeleteGroupsResponse {
  throttleTimeMs: number;
  results: {
    groupId: string;
    errorCode: number;
  }[];
}

export interface DeleteRecordsRequest {
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      offset: bigint;
    }[];
  }[];
  timeoutMs: number;
}

export interface DeleteRecordsResponse {
  throttleTimeMs: number;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      lowWatermark: bigint;
      errorCode: number;
    }[];
  }[];
}

export interface DeleteTopicsRequest {
  topics: {
    name: string | null;
    topicId: string;
  }[];
  topicNames: string[];
  timeoutMs: number;
}

export interface DeleteTopicsResponse {
  throttleTimeMs: number;
  responses: {
    name: string | null;
    topicId: string;
    errorCode: number;
    errorMessage: string | null;
  }[];
}

export interface DescribeAclsRequest {
  resourceTypeFilter: number;
  resourceNameFilter: string | null;
  patternTypeFilter: number;
  principalFilter: string | null;
  hostFilter: string | null;
  operation: number;
  permissionType: number;
}

export interface DescribeAclsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  resources: {
    resourceType: number;
    resourceName: string;
    patternType: number;
    acls: {
      principal: string;
      host: string;
      operation: number;
      permissionType: number;
    }[];
  }[];
}

export interface DescribeClientQuotasRequest {
  components: {
    entityType: string;
    matchType: number;
    match: string | null;
  }[];
  strict: boolean;
}

export interface DescribeClientQuotasResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  entries: {
    entity: {
      entityType: string;
      entityName: string | null;
    }[];
    values: {
      key: string;
      value: number;
    }[];
  }[] | null;
}

export interface DescribeClusterRequest {
  includeClusterAuthorizedOperations: boolean;
  endpointType: number;
  includeFencedBrokers: boolean;
}

export interface DescribeClusterResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  endpointType: number;
  clusterId: string;
  controllerId: number;
  brokers: {
    brokerId: number;
    host: string;
    port: number;
    rack: string | null;
    isFenced: boolean;
  }[];
  clusterAuthorizedOperations: number;
}

export interface DescribeConfigsRequest {
  resources: {
    resourceType: number;
    resourceName: string;
    configurationKeys: string[] | null;
  }[];
  includeSynonyms: boolean;
  includeDocumentation: boolean;
}

export interface DescribeConfigsResponse {
  throttleTimeMs: number;
  results: {
    errorCode: number;
    errorMessage: string | null;
    resourceType: number;
    resourceName: string;
    configs: {
      name: string;
      value: string | null;
      readOnly: boolean;
      configSource: number;
      isSensitive: boolean;
      synonyms: {
        name: string;
        value: string | null;
        source: number;
      }[];
      configType: number;
      documentation: string | null;
    }[];
  }[];
}

export interface DescribeGroupsRequest {
  groups: string[];
  includeAuthorizedOperations: boolean;
}

export interface DescribeGroupsResponse {
  throttleTimeMs: number;
  groups: {
    errorCode: number;
    errorMessage: string | null;
    groupId: string;
    groupState: string;
    protocolType: string;
    protocolData: string;
    members: {
      memberId: string;
      groupInstanceId: string | null;
      clientId: string;
      clientHost: string;
      memberMetadata: Uint8Array;
      memberAssignment: Uint8Array;
    }[];
    authorizedOperations: number;
  }[];
}

export interface DescribeProducersRequest {
  topics: {
    name: string;
    partitionIndexes: number[];
  }[];
}

export interface DescribeProducersResponse {
  throttleTimeMs: number;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      errorCode: number;
      errorMessage: string | null;
      activeProducers: {
        producerId: bigint;
        producerEpoch: number;
        lastSequence: number;
        lastTimestamp: bigint;
        coordinatorEpoch: number;
        currentTxnStartOffset: bigint;
      }[];
    }[];
  }[];
}

export interface DescribeTopicPartitionsRequest {
  topics: {
    name: string;
  }[];
  responsePartitionLimit: number;
  cursor: {
    topicName: string;
    partitionIndex: number;
  } | null;
}

export interface DescribeTopicPartitionsResponse {
  throttleTimeMs: number;
  topics: {
    errorCode: number;
    name: string | null;
    topicId: string;
    isInternal: boolean;
    partitions: {
      errorCode: number;
      partitionIndex: number;
      leaderId: number;
      leaderEpoch: number;
      replicaNodes: number[];
      isrNodes: number[];
      eligibleLeaderReplicas: number[] | null;
      lastKnownElr: number[] | null;
      offlineReplicas: number[];
    }[];
    topicAuthorizedOperations: number;
  }[];
  nextCursor: {
    topicName: string;
    partitionIndex: number;
  } | null;
}

export interface DescribeTransactionsRequest {
  transactionalIds: string[];
}

export interface DescribeTransactionsResponse {
  throttleTimeMs: number;
  transactionStates: {
    errorCode: number;
    transactionalId: string;
    transactionState: string;
    transactionTimeoutMs: number;
    transactionStartTimeMs: bigint;
    producerId: bigint;
    producerEpoch: number;
    topics: {
      topic: string;
      partitions: number[];
    }[];
  }[];
}

export interface DescribeUserScramCredentialsRequest {
  users: {
    name: string;
  }[] | null;
}

export interface DescribeUserScramCredentialsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  results: {
    user: string;
    errorCode: number;
    errorMessage: string | null;
    credentialInfos: {
      mechanism: number;
      iterations: number;
    }[];
  }[];
}

export interface ElectLeadersRequest {
  electionType: number;
  topicPartitions: {
    topic: string;
    partitions: number[];
  }[] | null;
  timeoutMs: number;
}

export interface ElectLeadersResponse {
  throttleTimeMs: number;
  errorCode: number;
  replicaElectionResults: {
    topic: string;
    partitionResult: {
      partitionId: number;
      errorCode: number;
      errorMessage: string | null;
    }[];
  }[];
}

export interface EndTxnRequest {
  transactionalId: string;
  producerId: bigint;
  producerEpoch: number;
  committed: boolean;
}

export interface EndTxnResponse {
  throttleTimeMs: number;
  errorCode: number;
  producerId: bigint;
  producerEpoch: number;
}

export interface FetchRequest {
  clusterId: string | null;
  replicaId: number;
  replicaState: {
    replicaId: number;
    replicaEpoch: bigint;
  };
  maxWaitMs: number;
  minBytes: number;
  maxBytes: number;
  isolationLevel: number;
  sessionId: number;
  sessionEpoch: number;
  topics: {
    topic: string;
    topicId: string;
    partitions: {
      partition: number;
      currentLeaderEpoch: number;
      fetchOffset: bigint;
      lastFetchedEpoch: number;
      logStartOffset: bigint;
      partitionMaxBytes: number;
      replicaDirectoryId: string;
      highWatermark: bigint;
    }[];
  }[];
  forgottenTopicsData: {
    topic: string;
    topicId: string;
    partitions: number[];
  }[];
  rackId: string;
}

export interface FetchResponse {
  throttleTimeMs: number;
  errorCode: number;
  sessionId: number;
  responses: {
    topic: string;
    topicId: string;
    partitions: {
      partitionIndex: number;
      errorCode: number;
      highWatermark: bigint;
      lastStableOffset: bigint;
      logStartOffset: bigint;
      divergingEpoch: {
        epoch: number;
        endOffset: bigint;
      };
      currentLeader: {
        leaderId: number;
        leaderEpoch: number;
      };
      snapshotId: {
        endOffset: bigint;
        epoch: number;
      };
      abortedTransactions: {
        producerId: bigint;
        firstOffset: bigint;
      }[] | null;
      preferredReadReplica: number;
      records: Uint8Array | null;
    }[];
  }[];
  nodeEndpoints: {
    nodeId: number;
    host: string;
    port: number;
    rack: string | null;
  }[];
}

export interface FindCoordinatorRequest {
  key: string;
  keyType: number;
  coordinatorKeys: string[];
}

export interface FindCoordinatorResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  nodeId: number;
  host: string;
  port: number;
  coordinators: {
    key: string;
    nodeId: number;
    host: string;
    port: number;
    errorCode: number;
    errorMessage: string | null;
  }[];
}

export interface HeartbeatRequest {
  groupId: string;
  generationId: number;
  memberId: string;
  groupInstanceId: string | null;
}

export interface HeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
}

export interface IncrementalAlterConfigsRequest {
  resources: {
    resourceType: number;
    resourceName: string;
    configs: {
      name: string;
      configOperation: number;
      value: string | null;
    }[];
  }[];
  validateOnly: boolean;
}

export interface IncrementalAlterConfigsResponse {
  throttleTimeMs: number;
  responses: {
    errorCode: number;
    errorMessage: string | null;
    resourceType: number;
    resourceName: string;
  }[];
}

export interface InitProducerIdRequest {
  transactionalId: string | null;
  transactionTimeoutMs: number;
  producerId: bigint;
  producerEpoch: number;
  enable2Pc: boolean;
  keepPreparedTxn: boolean;
}

export interface InitProducerIdResponse {
  throttleTimeMs: number;
  errorCode: number;
  producerId: bigint;
  producerEpoch: number;
  ongoingTxnProducerId: bigint;
  ongoingTxnProducerEpoch: number;
}

export interface JoinGroupRequest {
  groupId: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  memberId: string;
  groupInstanceId: string | null;
  protocolType: string;
  protocols: {
    name: string;
    metadata: Uint8Array;
  }[];
  reason: string | null;
}

export interface JoinGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  generationId: number;
  protocolType: string | null;
  protocolName: string | null;
  leader: string;
  skipAssignment: boolean;
  memberId: string;
  members: {
    memberId: string;
    groupInstanceId: string | null;
    metadata: Uint8Array;
  }[];
}

export interface LeaveGroupRequest {
  groupId: string;
  memberId: string;
  members: {
    memberId: string;
    groupInstanceId: string | null;
    reason: string | null;
  }[];
}

export interface LeaveGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  members: {
    memberId: string;
    groupInstanceId: string | null;
    errorCode: number;
  }[];
}

export interface ListGroupsRequest {
  statesFilter: string[];
  typesFilter: string[];
}

export interface ListGroupsResponse {
  throttleTimeMs: number;
  errorCode: number;
  groups: {
    groupId: string;
    protocolType: string;
    groupState: string;
    groupType: string;
  }[];
}

export interface ListOffsetsRequest {
  replicaId: number;
  isolationLevel: number;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      currentLeaderEpoch: number;
      timestamp: bigint;
    }[];
  }[];
  timeoutMs: number;
}

export interface ListOffsetsResponse {
  throttleTimeMs: number;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      errorCode: number;
      timestamp: bigint;
      offset: bigint;
      leaderEpoch: number;
    }[];
  }[];
}

export interface ListPartitionReassignmentsRequest {
  timeoutMs: number;
  topics: {
    name: string;
    partitionIndexes: number[];
  }[] | null;
}

export interface ListPartitionReassignmentsResponse {
  throttleTimeMs: number;
  errorCode: number;
  errorMessage: string | null;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      replicas: number[];
      addingReplicas: number[];
      removingReplicas: number[];
    }[];
  }[];
}

export interface ListTransactionsRequest {
  stateFilters: string[];
  producerIdFilters: bigint[];
  durationFilter: bigint;
  transactionalIdPattern: string | null;
}

export interface ListTransactionsResponse {
  throttleTimeMs: number;
  errorCode: number;
  unknownStateFilters: string[];
  transactionStates: {
    transactionalId: string;
    producerId: bigint;
    transactionState: string;
  }[];
}

export interface MetadataRequest {
  topics: {
    topicId: string;
    name: string | null;
  }[] | null;
  allowAutoTopicCreation: boolean;
  includeClusterAuthorizedOperations: boolean;
  includeTopicAuthorizedOperations: boolean;
}

export interface MetadataResponse {
  throttleTimeMs: number;
  brokers: {
    nodeId: number;
    host: string;
    port: number;
    rack: string | null;
  }[];
  clusterId: string | null;
  controllerId: number;
  topics: {
    errorCode: number;
    name: string | null;
    topicId: string;
    isInternal: boolean;
    partitions: {
      errorCode: number;
      partitionIndex: number;
      leaderId: number;
      leaderEpoch: number;
      replicaNodes: number[];
      isrNodes: number[];
      offlineReplicas: number[];
    }[];
    topicAuthorizedOperations: number;
  }[];
  clusterAuthorizedOperations: number;
  errorCode: number;
}

export interface OffsetCommitRequest {
  groupId: string;
  generationIdOrMemberEpoch: number;
  memberId: string;
  groupInstanceId: string | null;
  retentionTimeMs: bigint;
  topics: {
    name: string;
    topicId: string;
    partitions: {
      partitionIndex: number;
      committedOffset: bigint;
      committedLeaderEpoch: number;
      committedMetadata: string | null;
    }[];
  }[];
}

export interface OffsetCommitResponse {
  throttleTimeMs: number;
  topics: {
    name: string;
    topicId: string;
    partitions: {
      partitionIndex: number;
      errorCode: number;
    }[];
  }[];
}

export interface OffsetDeleteRequest {
  groupId: string;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
    }[];
  }[];
}

export interface OffsetDeleteResponse {
  errorCode: number;
  throttleTimeMs: number;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      errorCode: number;
    }[];
  }[];
}

export interface OffsetFetchRequest {
  groupId: string;
  topics: {
    name: string;
    partitionIndexes: number[];
  }[] | null;
  groups: {
    groupId: string;
    memberId: string | null;
    memberEpoch: number;
    topics: {
      name: string;
      topicId: string;
      partitionIndexes: number[];
    }[] | null;
  }[];
  requireStable: boolean;
}

export interface OffsetFetchResponse {
  throttleTimeMs: number;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      committedOffset: bigint;
      committedLeaderEpoch: number;
      metadata: string | null;
      errorCode: number;
    }[];
  }[];
  errorCode: number;
  groups: {
    groupId: string;
    topics: {
      name: string;
      topicId: string;
      partitions: {
        partitionIndex: number;
        committedOffset: bigint;
        committedLeaderEpoch: number;
        metadata: string | null;
        errorCode: number;
      }[];
    }[];
    errorCode: number;
  }[];
}

export interface OffsetForLeaderEpochRequest {
  replicaId: number;
  topics: {
    topic: string;
    partitions: {
      partition: number;
      currentLeaderEpoch: number;
      leaderEpoch: number;
    }[];
  }[];
}

export interface OffsetForLeaderEpochResponse {
  throttleTimeMs: number;
  topics: {
    topic: string;
    partitions: {
      errorCode: number;
      partition: number;
      leaderEpoch: number;
      endOffset: bigint;
    }[];
  }[];
}

export interface ProduceRequest {
  transactionalId: string | null;
  acks: number;
  timeoutMs: number;
  topicData: {
    name: string;
    topicId: string;
    partitionData: {
      index: number;
      records: Uint8Array | null;
    }[];
  }[];
}

export interface ProduceResponse {
  responses: {
    name: string;
    topicId: string;
    partitionResponses: {
      index: number;
      errorCode: number;
      baseOffset: bigint;
      logAppendTimeMs: bigint;
      logStartOffset: bigint;
      recordErrors: {
        batchIndex: number;
        batchIndexErrorMessage: string | null;
      }[];
      errorMessage: string | null;
      currentLeader: {
        leaderId: number;
        leaderEpoch: number;
      };
    }[];
  }[];
  throttleTimeMs: number;
  nodeEndpoints: {
    nodeId: number;
    host: string;
    port: number;
    rack: string | null;
  }[];
}

export interface RequestHeader {
  requestApiKey: number;
  requestApiVersion: number;
  correlationId: number;
  clientId: string | null;
}

export interface ResponseHeader {
  correlationId: number;
}

export interface SaslAuthenticateRequest {
  authBytes: Uint8Array;
}

export interface SaslAuthenticateResponse {
  errorCode: number;
  errorMessage: string | null;
  authBytes: Uint8Array;
  sessionLifetimeMs: bigint;
}

export interface SaslHandshakeRequest {
  mechanism: string;
}

export interface SaslHandshakeResponse {
  errorCode: number;
  mechanisms: string[];
}

export interface SyncGroupRequest {
  groupId: string;
  generationId: number;
  memberId: string;
  groupInstanceId: string | null;
  protocolType: string | null;
  protocolName: string | null;
  assignments: {
    memberId: string;
    assignment: Uint8Array;
  }[];
}

export interface SyncGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  protocolType: string | null;
  protocolName: string | null;
  assignment: Uint8Array;
}

export interface TxnOffsetCommitRequest {
  transactionalId: string;
  groupId: string;
  producerId: bigint;
  producerEpoch: number;
  generationId: number;
  memberId: string;
  groupInstanceId: string | null;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      committedOffset: bigint;
      committedLeaderEpoch: number;
      committedMetadata: string | null;
    }[];
  }[];
}

export interface TxnOffsetCommitResponse {
  throttleTimeMs: number;
  topics: {
    name: string;
    partitions: {
      partitionIndex: number;
      errorCode: number;
    }[];
  }[];
}

export interface WriteTxnMarkersRequest {
  markers: {
    producerId: bigint;
    producerEpoch: number;
    transactionResult: boolean;
    topics: {
      name: string;
      partitionIndexes: number[];
    }[];
    coordinatorEpoch: number;
    transactionVersion: number;
  }[];
}

export interface WriteTxnMarkersResponse {
  markers: {
    producerId: bigint;
    topics: {
      name: string;
      partitions: {
        partitionIndex: number;
        errorCode: number;
      }[];
    }[];
  }[];
}

export interface RequestBodies {
  AddOffsetsToTxn: AddOffsetsToTxnRequest;
  AddPartitionsToTxn: AddPartitionsToTxnRequest;
  AlterClientQuotas: AlterClientQuotasRequest;
  AlterConfigs: AlterConfigsRequest;
  AlterPartitionReassignments: AlterPartitionReassignmentsRequest;
  AlterUserScramCredentials: AlterUserScramCredentialsRequest;
  ApiVersions: ApiVersionsRequest;
  ConsumerGroupDescribe: ConsumerGroupDescribeRequest;
  ConsumerGroupHeartbeat: ConsumerGroupHeartbeatRequest;
  CreateAcls: CreateAclsRequest;
  CreatePartitions: CreatePartitionsRequest;
  CreateTopics: CreateTopicsRequest;
  DeleteAcls: DeleteAclsRequest;
  DeleteGroups: DeleteGroupsRequest;
  DeleteRecords: DeleteRecordsRequest;
  DeleteTopics: DeleteTopicsRequest;
  DescribeAcls: DescribeAclsRequest;
  DescribeClientQuotas: DescribeClientQuotasRequest;
  DescribeCluster: DescribeClusterRequest;
  DescribeConfigs: DescribeConfigsRequest;
  DescribeGroups: DescribeGroupsRequest;
  DescribeProducers: DescribeProducersRequest;
  DescribeTopicPartitions: DescribeTopicPartitionsRequest;
  DescribeTransactions: DescribeTransactionsRequest;
  DescribeUserScramCredentials: DescribeUserScramCredentialsRequest;
  ElectLeaders: ElectLeadersRequest;
  EndTxn: EndTxnRequest;
  Fetch: FetchRequest;
  FindCoordinator: FindCoordinatorRequest;
  Heartbeat: HeartbeatRequest;
  IncrementalAlterConfigs: IncrementalAlterConfigsRequest;
  InitProducerId: InitProducerIdRequest;
  JoinGroup: JoinGroupRequest;
  LeaveGroup: LeaveGroupRequest;
  ListGroups: ListGroupsRequest;
  ListOffsets: ListOffsetsRequest;
  ListPartitionReassignments: ListPartitionReassignmentsRequest;
  ListTransactions: ListTransactionsRequest;
  Metadata: MetadataRequest;
  OffsetCommit: OffsetCommitRequest;
  OffsetDelete: OffsetDeleteRequest;
  OffsetFetch: OffsetFetchRequest;
  OffsetForLeaderEpoch: OffsetForLeaderEpochRequest;
  Produce: ProduceRequest;
  SaslAuthenticate: SaslAuthenticateRequest;
  SaslHandshake: SaslHandshakeRequest;
  SyncGroup: SyncGroupRequest;
  TxnOffsetCommit: TxnOffsetCommitRequest;
  WriteTxnMarkers: WriteTxnMarkersRequest;
}

export interface ResponseBodies {
  AddOffsetsToTxn: AddOffsetsToTxnResponse;
  AddPartitionsToTxn: AddPartitionsToTxnResponse;
  AlterClientQuotas: AlterClientQuotasResponse;
  AlterConfigs: AlterConfigsResponse;
  AlterPartitionReassignments: AlterPartitionReassignmentsResponse;
  AlterUserScramCredentials: AlterUserScramCredentialsResponse;
  ApiVersions: ApiVersionsResponse;
  ConsumerGroupDescribe: ConsumerGroupDescribeResponse;
  ConsumerGroupHeartbeat: ConsumerGroupHeartbeatResponse;
  CreateAcls: CreateAclsResponse;
  CreatePartitions: CreatePartitionsResponse;
  CreateTopics: CreateTopicsResponse;
  DeleteAcls: DeleteAclsResponse;
  DeleteGroups: DeleteGroupsResponse;
  DeleteRecords: DeleteRecordsResponse;
  DeleteTopics: DeleteTopicsResponse;
  DescribeAcls: DescribeAclsResponse;
  DescribeClientQuotas: DescribeClientQuotasResponse;
  DescribeCluster: DescribeClusterResponse;
  DescribeConfigs: DescribeConfigsResponse;
  DescribeGroups: DescribeGroupsResponse;
  DescribeProducers: DescribeProducersResponse;
  DescribeTopicPartitions: DescribeTopicPartitionsResponse;
  DescribeTransactions: DescribeTransactionsResponse;
  DescribeUserScramCredentials: DescribeUserScramCredentialsResponse;
  ElectLeaders: ElectLeadersResponse;
  EndTxn: EndTxnResponse;
  Fetch: FetchResponse;
  FindCoordinator: FindCoordinatorResponse;
  Heartbeat: HeartbeatResponse;
  IncrementalAlterConfigs: IncrementalAlterConfigsResponse;
  InitProducerId: InitProducerIdResponse;
  JoinGroup: JoinGroupResponse;
  LeaveGroup: LeaveGroupResponse;
  ListGroups: ListGroupsResponse;
  ListOffsets: ListOffsetsResponse;
  ListPartitionReassignments: ListPartitionReassignmentsResponse;
  ListTransactions: ListTransactionsResponse;
  Metadata: MetadataResponse;
  OffsetCommit: OffsetCommitResponse;
  OffsetDelete: OffsetDeleteResponse;
  OffsetFetch: OffsetFetchResponse;
  OffsetForLeaderEpoch: OffsetForLeaderEpochResponse;
  Produce: ProduceResponse;
  SaslAuthenticate: SaslAuthenticateResponse;
  SaslHandshake: SaslHandshakeResponse;
  SyncGroup: SyncGroupResponse;
  TxnOffsetCommit: TxnOffsetCommitResponse;
  WriteTxnMarkers: WriteTxnMarkersResponse;
}

/** Name, API key (-1: not a request), first and last valid version, first flexible version, fields. */
export type MessageFacts = readonly [string, number, number, number, number, readonly FieldFacts[]];
/** Name, type, versions from, to, nullable from, to, tag (-1: none), tagged from, default, fields, never compact. */
export type FieldFacts = readonly [string, string, number, number, number, number, number, number, string, readonly FieldFacts[] | null, number];

export const messageFacts: readonly MessageFacts[] = [
  ["AddOffsetsToTxnRequest",25,0,4,3,[["transactionalId","string",0,32767,0,-1,-1,0,"",null,0],["producerId","int64",0,32767,0,-1,-1,0,"",null,0],["producerEpoch","int16",0,32767,0,-1,-1,0,"",null,0],["groupId","string",0,32767,0,-1,-1,0,"",null,0]]],
  ["AddOffsetsToTxnResponse",25,0,4,3,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0]]],
  ["AddPartitionsToTxnRequest",24,0,5,3,[["transactions","[]struct",4,32767,0,-1,-1,0,"",[["transactionalId","string",4,32767,0,-1,-1,0,"",null,0],["producerId","int64",4,32767,0,-1,-1,0,"",null,0],["producerEpoch","int16",4,32767,0,-1,-1,0,"",null,0],["verifyOnly","bool",4,32767,0,-1,-1,0,"false",null,0],["topics","[]struct",4,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]],0],["v3AndBelowTransactionalId","string",0,3,0,-1,-1,0,"",null,0],["v3AndBelowProducerId","int64",0,3,0,-1,-1,0,"",null,0],["v3AndBelowProducerEpoch","int16",0,3,0,-1,-1,0,"",null,0],["v3AndBelowTopics","[]struct",0,3,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["AddPartitionsToTxnResponse",24,0,5,3,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",4,32767,0,-1,-1,0,"",null,0],["resultsByTransaction","[]struct",4,32767,0,-1,-1,0,"",[["transactionalId","string",4,32767,0,-1,-1,0,"",null,0],["topicResults","[]struct",4,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["resultsByPartition","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["partitionErrorCode","int16",0,32767,0,-1,-1,0,"",null,0]],0]],0]],0],["resultsByTopicV3AndBelow","[]struct",0,3,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["resultsByPartition","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["partitionErrorCode","int16",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["AlterClientQuotasRequest",49,0,1,1,[["entries","[]struct",0,32767,0,-1,-1,0,"",[["entity","[]struct",0,32767,0,-1,-1,0,"",[["entityType","string",0,32767,0,-1,-1,0,"",null,0],["entityName","string",0,32767,0,32767,-1,0,"",null,0]],0],["ops","[]struct",0,32767,0,-1,-1,0,"",[["key","string",0,32767,0,-1,-1,0,"",null,0],["value","float64",0,32767,0,-1,-1,0,"",null,0],["remove","bool",0,32767,0,-1,-1,0,"",null,0]],0]],0],["validateOnly","bool",0,32767,0,-1,-1,0,"",null,0]]],
  ["AlterClientQuotasResponse",49,0,1,1,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["entries","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["entity","[]struct",0,32767,0,-1,-1,0,"",[["entityType","string",0,32767,0,-1,-1,0,"",null,0],["entityName","string",0,32767,0,32767,-1,0,"",null,0]],0]],0]]],
  ["AlterConfigsRequest",33,0,2,2,[["resources","[]struct",0,32767,0,-1,-1,0,"",[["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0],["configs","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["value","string",0,32767,0,32767,-1,0,"",null,0]],0]],0],["validateOnly","bool",0,32767,0,-1,-1,0,"",null,0]]],
  ["AlterConfigsResponse",33,0,2,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["responses","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["AlterPartitionReassignmentsRequest",45,0,1,0,[["timeoutMs","int32",0,32767,0,-1,-1,0,"60000",null,0],["allowReplicationFactorChange","bool",1,32767,0,-1,-1,0,"true",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["replicas","[]int32",0,32767,0,32767,-1,0,"null",null,0]],0]],0]]],
  ["AlterPartitionReassignmentsResponse",45,0,1,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["allowReplicationFactorChange","bool",1,32767,0,-1,-1,0,"true",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["responses","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0]],0]],0]]],
  ["AlterUserScramCredentialsRequest",51,0,0,0,[["deletions","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["mechanism","int8",0,32767,0,-1,-1,0,"",null,0]],0],["upsertions","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["mechanism","int8",0,32767,0,-1,-1,0,"",null,0],["iterations","int32",0,32767,0,-1,-1,0,"",null,0],["salt","bytes",0,32767,0,-1,-1,0,"",null,0],["saltedPassword","bytes",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["AlterUserScramCredentialsResponse",51,0,0,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["results","[]struct",0,32767,0,-1,-1,0,"",[["user","string",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0]],0]]],
  ["ApiVersionsRequest",18,0,4,3,[["clientSoftwareName","string",3,32767,0,-1,-1,0,"",null,0],["clientSoftwareVersion","string",3,32767,0,-1,-1,0,"",null,0]]],
  ["ApiVersionsResponse",18,0,4,3,[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["apiKeys","[]struct",0,32767,0,-1,-1,0,"",[["apiKey","int16",0,32767,0,-1,-1,0,"",null,0],["minVersion","int16",0,32767,0,-1,-1,0,"",null,0],["maxVersion","int16",0,32767,0,-1,-1,0,"",null,0]],0],["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["supportedFeatures","[]struct",3,32767,0,-1,0,3,"",[["name","string",3,32767,0,-1,-1,0,"",null,0],["minVersion","int16",3,32767,0,-1,-1,0,"",null,0],["maxVersion","int16",3,32767,0,-1,-1,0,"",null,0]],0],["finalizedFeaturesEpoch","int64",3,32767,0,-1,1,3,"-1",null,0],["finalizedFeatures","[]struct",3,32767,0,-1,2,3,"",[["name","string",3,32767,0,-1,-1,0,"",null,0],["maxVersionLevel","int16",3,32767,0,-1,-1,0,"",null,0],["minVersionLevel","int16",3,32767,0,-1,-1,0,"",null,0]],0],["zkMigrationReady","bool",3,32767,0,-1,3,3,"false",null,0]]],
  ["ConsumerGroupDescribeRequest",69,0,1,0,[["groupIds","[]string",0,32767,0,-1,-1,0,"",null,0],["includeAuthorizedOperations","bool",0,32767,0,-1,-1,0,"",null,0]]],
  ["ConsumerGroupDescribeResponse",69,0,1,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["groups","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"null",null,0],["groupId","string",0,32767,0,-1,-1,0,"",null,0],["groupState","string",0,32767,0,-1,-1,0,"",null,0],["groupEpoch","int32",0,32767,0,-1,-1,0,"",null,0],["assignmentEpoch","int32",0,32767,0,-1,-1,0,"",null,0],["assignorName","string",0,32767,0,-1,-1,0,"",null,0],["members","[]struct",0,32767,0,-1,-1,0,"",[["memberId","string",0,32767,0,-1,-1,0,"",null,0],["instanceId","string",0,32767,0,32767,-1,0,"null",null,0],["rackId","string",0,32767,0,32767,-1,0,"null",null,0],["memberEpoch","int32",0,32767,0,-1,-1,0,"",null,0],["clientId","string",0,32767,0,-1,-1,0,"",null,0],["clientHost","string",0,32767,0,-1,-1,0,"",null,0],["subscribedTopicNames","[]string",0,32767,0,-1,-1,0,"",null,0],["subscribedTopicRegex","string",0,32767,0,32767,-1,0,"null",null,0],["assignment","struct",0,32767,0,-1,-1,0,"",[["topicPartitions","[]struct",0,32767,0,-1,-1,0,"",[["topicId","uuid",0,32767,0,-1,-1,0,"",null,0],["topicName","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]],0],["targetAssignment","struct",0,32767,0,-1,-1,0,"",[["topicPartitions","[]struct",0,32767,0,-1,-1,0,"",[["topicId","uuid",0,32767,0,-1,-1,0,"",null,0],["topicName","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]],0],["memberType","int8",1,32767,0,-1,-1,0,"-1",null,0]],0],["authorizedOperations","int32",0,32767,0,-1,-1,0,"-2147483648",null,0]],0]]],
  ["ConsumerGroupHeartbeatRequest",68,0,1,0,[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["memberId","string",0,32767,0,-1,-1,0,"",null,0],["memberEpoch","int32",0,32767,0,-1,-1,0,"",null,0],["instanceId","string",0,32767,0,32767,-1,0,"null",null,0],["rackId","string",0,32767,0,32767,-1,0,"null",null,0],["rebalanceTimeoutMs","int32",0,32767,0,-1,-1,0,"-1",null,0],["subscribedTopicNames","[]string",0,32767,0,32767,-1,0,"null",null,0],["subscribedTopicRegex","string",1,32767,1,32767,-1,0,"null",null,0],["serverAssignor","string",0,32767,0,32767,-1,0,"null",null,0],["topicPartitions","[]struct",0,32767,0,32767,-1,0,"null",[["topicId","uuid",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["ConsumerGroupHeartbeatResponse",68,0,1,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"null",null,0],["memberId","string",0,32767,0,32767,-1,0,"null",null,0],["memberEpoch","int32",0,32767,0,-1,-1,0,"",null,0],["heartbeatIntervalMs","int32",0,32767,0,-1,-1,0,"",null,0],["assignment","struct",0,32767,0,32767,-1,0,"null",[["topicPartitions","[]struct",0,32767,0,-1,-1,0,"",[["topicId","uuid",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["ConsumerProtocolAssignment",-1,0,3,32767,[["assignedPartitions","[]struct",0,32767,0,-1,-1,0,"",[["topic","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0],["userData","bytes",0,32767,0,32767,-1,0,"null",null,0]]],
  ["ConsumerProtocolSubscription",-1,0,3,32767,[["topics","[]string",0,32767,0,-1,-1,0,"",null,0],["userData","bytes",0,32767,0,32767,-1,0,"null",null,0],["ownedPartitions","[]struct",1,32767,0,-1,-1,0,"",[["topic","string",1,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",1,32767,0,-1,-1,0,"",null,0]],0],["generationId","int32",2,32767,0,-1,-1,0,"-1",null,0],["rackId","string",3,32767,3,32767,-1,0,"null",null,0]]],
  ["CreateAclsRequest",30,1,3,2,[["creations","[]struct",0,32767,0,-1,-1,0,"",[["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0],["resourcePatternType","int8",1,32767,0,-1,-1,0,"3",null,0],["principal","string",0,32767,0,-1,-1,0,"",null,0],["host","string",0,32767,0,-1,-1,0,"",null,0],["operation","int8",0,32767,0,-1,-1,0,"",null,0],["permissionType","int8",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["CreateAclsResponse",30,1,3,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["results","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0]],0]]],
  ["CreatePartitionsRequest",37,0,3,2,[["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["count","int32",0,32767,0,-1,-1,0,"",null,0],["assignments","[]struct",0,32767,0,32767,-1,0,"",[["brokerIds","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]],0],["timeoutMs","int32",0,32767,0,-1,-1,0,"",null,0],["validateOnly","bool",0,32767,0,-1,-1,0,"",null,0]]],
  ["CreatePartitionsResponse",37,0,3,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["results","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"null",null,0]],0]]],
  ["CreateTopicsRequest",19,2,7,5,[["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["numPartitions","int32",0,32767,0,-1,-1,0,"",null,0],["replicationFactor","int16",0,32767,0,-1,-1,0,"",null,0],["assignments","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["brokerIds","[]int32",0,32767,0,-1,-1,0,"",null,0]],0],["configs","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["value","string",0,32767,0,32767,-1,0,"",null,0]],0]],0],["timeoutMs","int32",0,32767,0,-1,-1,0,"60000",null,0],["validateOnly","bool",1,32767,0,-1,-1,0,"false",null,0]]],
  ["CreateTopicsResponse",19,2,7,5,[["throttleTimeMs","int32",2,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["topicId","uuid",7,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",1,32767,0,32767,-1,0,"",null,0],["topicConfigErrorCode","int16",5,32767,0,-1,0,5,"",null,0],["numPartitions","int32",5,32767,0,-1,-1,0,"-1",null,0],["replicationFactor","int16",5,32767,0,-1,-1,0,"-1",null,0],["configs","[]struct",5,32767,5,32767,-1,0,"",[["name","string",5,32767,0,-1,-1,0,"",null,0],["value","string",5,32767,5,32767,-1,0,"",null,0],["readOnly","bool",5,32767,0,-1,-1,0,"",null,0],["configSource","int8",5,32767,0,-1,-1,0,"-1",null,0],["isSensitive","bool",5,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["DeleteAclsRequest",31,1,3,2,[["filters","[]struct",0,32767,0,-1,-1,0,"",[["resourceTypeFilter","int8",0,32767,0,-1,-1,0,"",null,0],["resourceNameFilter","string",0,32767,0,32767,-1,0,"",null,0],["patternTypeFilter","int8",1,32767,0,-1,-1,0,"3",null,0],["principalFilter","string",0,32767,0,32767,-1,0,"",null,0],["hostFilter","string",0,32767,0,32767,-1,0,"",null,0],["operation","int8",0,32767,0,-1,-1,0,"",null,0],["permissionType","int8",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["DeleteAclsResponse",31,1,3,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["filterResults","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["matchingAcls","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0],["patternType","int8",1,32767,0,-1,-1,0,"3",null,0],["principal","string",0,32767,0,-1,-1,0,"",null,0],["host","string",0,32767,0,-1,-1,0,"",null,0],["operation","int8",0,32767,0,-1,-1,0,"",null,0],["permissionType","int8",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["DeleteGroupsRequest",42,0,2,2,[["groupsNames","[]string",0,32767,0,-1,-1,0,"",null,0]]],
  ["DeleteGroupsResponse",42,0,2,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["results","[]struct",0,32767,0,-1,-1,0,"",[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["DeleteRecordsRequest",21,0,2,2,[["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["offset","int64",0,32767,0,-1,-1,0,"",null,0]],0]],0],["timeoutMs","int32",0,32767,0,-1,-1,0,"",null,0]]],
  ["DeleteRecordsResponse",21,0,2,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["lowWatermark","int64",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["DeleteTopicsRequest",20,1,6,4,[["topics","[]struct",6,32767,0,-1,-1,0,"",[["name","string",6,32767,6,32767,-1,0,"null",null,0],["topicId","uuid",6,32767,0,-1,-1,0,"",null,0]],0],["topicNames","[]string",0,5,0,-1,-1,0,"",null,0],["timeoutMs","int32",0,32767,0,-1,-1,0,"",null,0]]],
  ["DeleteTopicsResponse",20,1,6,4,[["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["responses","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,6,32767,-1,0,"",null,0],["topicId","uuid",6,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",5,32767,5,32767,-1,0,"null",null,0]],0]]],
  ["DescribeAclsRequest",29,1,3,2,[["resourceTypeFilter","int8",0,32767,0,-1,-1,0,"",null,0],["resourceNameFilter","string",0,32767,0,32767,-1,0,"",null,0],["patternTypeFilter","int8",1,32767,0,-1,-1,0,"3",null,0],["principalFilter","string",0,32767,0,32767,-1,0,"",null,0],["hostFilter","string",0,32767,0,32767,-1,0,"",null,0],["operation","int8",0,32767,0,-1,-1,0,"",null,0],["permissionType","int8",0,32767,0,-1,-1,0,"",null,0]]],
  ["DescribeAclsResponse",29,1,3,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["resources","[]struct",0,32767,0,-1,-1,0,"",[["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0],["patternType","int8",1,32767,0,-1,-1,0,"3",null,0],["acls","[]struct",0,32767,0,-1,-1,0,"",[["principal","string",0,32767,0,-1,-1,0,"",null,0],["host","string",0,32767,0,-1,-1,0,"",null,0],["operation","int8",0,32767,0,-1,-1,0,"",null,0],["permissionType","int8",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["DescribeClientQuotasRequest",48,0,1,1,[["components","[]struct",0,32767,0,-1,-1,0,"",[["entityType","string",0,32767,0,-1,-1,0,"",null,0],["matchType","int8",0,32767,0,-1,-1,0,"",null,0],["match","string",0,32767,0,32767,-1,0,"",null,0]],0],["strict","bool",0,32767,0,-1,-1,0,"",null,0]]],
  ["DescribeClientQuotasResponse",48,0,1,1,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["entries","[]struct",0,32767,0,32767,-1,0,"",[["entity","[]struct",0,32767,0,-1,-1,0,"",[["entityType","string",0,32767,0,-1,-1,0,"",null,0],["entityName","string",0,32767,0,32767,-1,0,"",null,0]],0],["values","[]struct",0,32767,0,-1,-1,0,"",[["key","string",0,32767,0,-1,-1,0,"",null,0],["value","float64",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["DescribeClusterRequest",60,0,2,0,[["includeClusterAuthorizedOperations","bool",0,32767,0,-1,-1,0,"",null,0],["endpointType","int8",1,32767,0,-1,-1,0,"1",null,0],["includeFencedBrokers","bool",2,32767,0,-1,-1,0,"",null,0]]],
  ["DescribeClusterResponse",60,0,2,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"null",null,0],["endpointType","int8",1,32767,0,-1,-1,0,"1",null,0],["clusterId","string",0,32767,0,-1,-1,0,"",null,0],["controllerId","int32",0,32767,0,-1,-1,0,"-1",null,0],["brokers","[]struct",0,32767,0,-1,-1,0,"",[["brokerId","int32",0,32767,0,-1,-1,0,"",null,0],["host","string",0,32767,0,-1,-1,0,"",null,0],["port","int32",0,32767,0,-1,-1,0,"",null,0],["rack","string",0,32767,0,32767,-1,0,"null",null,0],["isFenced","bool",2,32767,0,-1,-1,0,"",null,0]],0],["clusterAuthorizedOperations","int32",0,32767,0,-1,-1,0,"-2147483648",null,0]]],
  ["DescribeConfigsRequest",32,1,4,4,[["resources","[]struct",0,32767,0,-1,-1,0,"",[["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0],["configurationKeys","[]string",0,32767,0,32767,-1,0,"",null,0]],0],["includeSynonyms","bool",1,32767,0,-1,-1,0,"false",null,0],["includeDocumentation","bool",3,32767,0,-1,-1,0,"false",null,0]]],
  ["DescribeConfigsResponse",32,1,4,4,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["results","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0],["configs","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["value","string",0,32767,0,32767,-1,0,"",null,0],["readOnly","bool",0,32767,0,-1,-1,0,"",null,0],["configSource","int8",1,32767,0,-1,-1,0,"-1",null,0],["isSensitive","bool",0,32767,0,-1,-1,0,"",null,0],["synonyms","[]struct",1,32767,0,-1,-1,0,"",[["name","string",1,32767,0,-1,-1,0,"",null,0],["value","string",1,32767,0,32767,-1,0,"",null,0],["source","int8",1,32767,0,-1,-1,0,"",null,0]],0],["configType","int8",3,32767,0,-1,-1,0,"0",null,0],["documentation","string",3,32767,0,32767,-1,0,"",null,0]],0]],0]]],
  ["DescribeGroupsRequest",15,0,6,5,[["groups","[]string",0,32767,0,-1,-1,0,"",null,0],["includeAuthorizedOperations","bool",3,32767,0,-1,-1,0,"",null,0]]],
  ["DescribeGroupsResponse",15,0,6,5,[["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["groups","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",6,32767,6,32767,-1,0,"null",null,0],["groupId","string",0,32767,0,-1,-1,0,"",null,0],["groupState","string",0,32767,0,-1,-1,0,"",null,0],["protocolType","string",0,32767,0,-1,-1,0,"",null,0],["protocolData","string",0,32767,0,-1,-1,0,"",null,0],["members","[]struct",0,32767,0,-1,-1,0,"",[["memberId","string",0,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",4,32767,4,32767,-1,0,"null",null,0],["clientId","string",0,32767,0,-1,-1,0,"",null,0],["clientHost","string",0,32767,0,-1,-1,0,"",null,0],["memberMetadata","bytes",0,32767,0,-1,-1,0,"",null,0],["memberAssignment","bytes",0,32767,0,-1,-1,0,"",null,0]],0],["authorizedOperations","int32",3,32767,0,-1,-1,0,"-2147483648",null,0]],0]]],
  ["DescribeProducersRequest",61,0,0,0,[["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitionIndexes","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["DescribeProducersResponse",61,0,0,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"null",null,0],["activeProducers","[]struct",0,32767,0,-1,-1,0,"",[["producerId","int64",0,32767,0,-1,-1,0,"",null,0],["producerEpoch","int32",0,32767,0,-1,-1,0,"",null,0],["lastSequence","int32",0,32767,0,-1,-1,0,"-1",null,0],["lastTimestamp","int64",0,32767,0,-1,-1,0,"-1",null,0],["coordinatorEpoch","int32",0,32767,0,-1,-1,0,"",null,0],["currentTxnStartOffset","int64",0,32767,0,-1,-1,0,"-1",null,0]],0]],0]],0]]],
  ["DescribeTopicPartitionsRequest",75,0,0,0,[["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0]],0],["responsePartitionLimit","int32",0,32767,0,-1,-1,0,"2000",null,0],["cursor","struct",0,32767,0,32767,-1,0,"null",[["topicName","string",0,32767,0,-1,-1,0,"",null,0],["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["DescribeTopicPartitionsResponse",75,0,0,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["name","string",0,32767,0,32767,-1,0,"",null,0],["topicId","uuid",0,32767,0,-1,-1,0,"",null,0],["isInternal","bool",0,32767,0,-1,-1,0,"false",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["leaderId","int32",0,32767,0,-1,-1,0,"",null,0],["leaderEpoch","int32",0,32767,0,-1,-1,0,"-1",null,0],["replicaNodes","[]int32",0,32767,0,-1,-1,0,"",null,0],["isrNodes","[]int32",0,32767,0,-1,-1,0,"",null,0],["eligibleLeaderReplicas","[]int32",0,32767,0,32767,-1,0,"null",null,0],["lastKnownElr","[]int32",0,32767,0,32767,-1,0,"null",null,0],["offlineReplicas","[]int32",0,32767,0,-1,-1,0,"",null,0]],0],["topicAuthorizedOperations","int32",0,32767,0,-1,-1,0,"-2147483648",null,0]],0],["nextCursor","struct",0,32767,0,32767,-1,0,"null",[["topicName","string",0,32767,0,-1,-1,0,"",null,0],["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["DescribeTransactionsRequest",65,0,0,0,[["transactionalIds","[]string",0,32767,0,-1,-1,0,"",null,0]]],
  ["DescribeTransactionsResponse",65,0,0,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["transactionStates","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["transactionalId","string",0,32767,0,-1,-1,0,"",null,0],["transactionState","string",0,32767,0,-1,-1,0,"",null,0],["transactionTimeoutMs","int32",0,32767,0,-1,-1,0,"",null,0],["transactionStartTimeMs","int64",0,32767,0,-1,-1,0,"",null,0],["producerId","int64",0,32767,0,-1,-1,0,"",null,0],["producerEpoch","int16",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["topic","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["DescribeUserScramCredentialsRequest",50,0,0,0,[["users","[]struct",0,32767,0,32767,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["DescribeUserScramCredentialsResponse",50,0,0,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["results","[]struct",0,32767,0,-1,-1,0,"",[["user","string",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["credentialInfos","[]struct",0,32767,0,-1,-1,0,"",[["mechanism","int8",0,32767,0,-1,-1,0,"",null,0],["iterations","int32",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["ElectLeadersRequest",43,0,2,2,[["electionType","int8",1,32767,0,-1,-1,0,"",null,0],["topicPartitions","[]struct",0,32767,0,32767,-1,0,"",[["topic","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",0,32767,0,-1,-1,0,"",null,0]],0],["timeoutMs","int32",0,32767,0,-1,-1,0,"60000",null,0]]],
  ["ElectLeadersResponse",43,0,2,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",1,32767,0,-1,-1,0,"",null,0],["replicaElectionResults","[]struct",0,32767,0,-1,-1,0,"",[["topic","string",0,32767,0,-1,-1,0,"",null,0],["partitionResult","[]struct",0,32767,0,-1,-1,0,"",[["partitionId","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0]],0]],0]]],
  ["EndTxnRequest",26,0,5,3,[["transactionalId","string",0,32767,0,-1,-1,0,"",null,0],["producerId","int64",0,32767,0,-1,-1,0,"",null,0],["producerEpoch","int16",0,32767,0,-1,-1,0,"",null,0],["committed","bool",0,32767,0,-1,-1,0,"",null,0]]],
  ["EndTxnResponse",26,0,5,3,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["producerId","int64",5,32767,0,-1,-1,0,"-1",null,0],["producerEpoch","int16",5,32767,0,-1,-1,0,"-1",null,0]]],
  ["FetchRequest",1,4,18,12,[["clusterId","string",12,32767,12,32767,0,12,"null",null,0],["replicaId","int32",0,14,0,-1,-1,0,"-1",null,0],["replicaState","struct",15,32767,0,-1,1,15,"",[["replicaId","int32",15,32767,0,-1,-1,0,"-1",null,0],["replicaEpoch","int64",15,32767,0,-1,-1,0,"-1",null,0]],0],["maxWaitMs","int32",0,32767,0,-1,-1,0,"",null,0],["minBytes","int32",0,32767,0,-1,-1,0,"",null,0],["maxBytes","int32",3,32767,0,-1,-1,0,"0x7fffffff",null,0],["isolationLevel","int8",4,32767,0,-1,-1,0,"0",null,0],["sessionId","int32",7,32767,0,-1,-1,0,"0",null,0],["sessionEpoch","int32",7,32767,0,-1,-1,0,"-1",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["topic","string",0,12,0,-1,-1,0,"",null,0],["topicId","uuid",13,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partition","int32",0,32767,0,-1,-1,0,"",null,0],["currentLeaderEpoch","int32",9,32767,0,-1,-1,0,"-1",null,0],["fetchOffset","int64",0,32767,0,-1,-1,0,"",null,0],["lastFetchedEpoch","int32",12,32767,0,-1,-1,0,"-1",null,0],["logStartOffset","int64",5,32767,0,-1,-1,0,"-1",null,0],["partitionMaxBytes","int32",0,32767,0,-1,-1,0,"",null,0],["replicaDirectoryId","uuid",17,32767,0,-1,0,17,"",null,0],["highWatermark","int64",18,32767,0,-1,1,18,"9223372036854775807",null,0]],0]],0],["forgottenTopicsData","[]struct",7,32767,0,-1,-1,0,"",[["topic","string",7,12,0,-1,-1,0,"",null,0],["topicId","uuid",13,32767,0,-1,-1,0,"",null,0],["partitions","[]int32",7,32767,0,-1,-1,0,"",null,0]],0],["rackId","string",11,32767,0,-1,-1,0,"",null,0]]],
  ["FetchResponse",1,4,18,12,[["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["errorCode","int16",7,32767,0,-1,-1,0,"",null,0],["sessionId","int32",7,32767,0,-1,-1,0,"0",null,0],["responses","[]struct",0,32767,0,-1,-1,0,"",[["topic","string",0,12,0,-1,-1,0,"",null,0],["topicId","uuid",13,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["highWatermark","int64",0,32767,0,-1,-1,0,"",null,0],["lastStableOffset","int64",4,32767,0,-1,-1,0,"-1",null,0],["logStartOffset","int64",5,32767,0,-1,-1,0,"-1",null,0],["divergingEpoch","struct",12,32767,0,-1,0,12,"",[["epoch","int32",12,32767,0,-1,-1,0,"-1",null,0],["endOffset","int64",12,32767,0,-1,-1,0,"-1",null,0]],0],["currentLeader","struct",12,32767,0,-1,1,12,"",[["leaderId","int32",12,32767,0,-1,-1,0,"-1",null,0],["leaderEpoch","int32",12,32767,0,-1,-1,0,"-1",null,0]],0],["snapshotId","struct",12,32767,0,-1,2,12,"",[["endOffset","int64",0,32767,0,-1,-1,0,"-1",null,0],["epoch","int32",0,32767,0,-1,-1,0,"-1",null,0]],0],["abortedTransactions","[]struct",4,32767,4,32767,-1,0,"",[["producerId","int64",4,32767,0,-1,-1,0,"",null,0],["firstOffset","int64",4,32767,0,-1,-1,0,"",null,0]],0],["preferredReadReplica","int32",11,32767,0,-1,-1,0,"-1",null,0],["records","records",0,32767,0,32767,-1,0,"",null,0]],0]],0],["nodeEndpoints","[]struct",16,32767,0,-1,0,16,"",[["nodeId","int32",16,32767,0,-1,-1,0,"",null,0],["host","string",16,32767,0,-1,-1,0,"",null,0],["port","int32",16,32767,0,-1,-1,0,"",null,0],["rack","string",16,32767,16,32767,-1,0,"null",null,0]],0]]],
  ["FindCoordinatorRequest",10,0,6,3,[["key","string",0,3,0,-1,-1,0,"",null,0],["keyType","int8",1,32767,0,-1,-1,0,"0",null,0],["coordinatorKeys","[]string",4,32767,0,-1,-1,0,"",null,0]]],
  ["FindCoordinatorResponse",10,0,6,3,[["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,3,0,-1,-1,0,"",null,0],["errorMessage","string",1,3,1,3,-1,0,"",null,0],["nodeId","int32",0,3,0,-1,-1,0,"",null,0],["host","string",0,3,0,-1,-1,0,"",null,0],["port","int32",0,3,0,-1,-1,0,"",null,0],["coordinators","[]struct",4,32767,0,-1,-1,0,"",[["key","string",4,32767,0,-1,-1,0,"",null,0],["nodeId","int32",4,32767,0,-1,-1,0,"",null,0],["host","string",4,32767,0,-1,-1,0,"",null,0],["port","int32",4,32767,0,-1,-1,0,"",null,0],["errorCode","int16",4,32767,0,-1,-1,0,"",null,0],["errorMessage","string",4,32767,4,32767,-1,0,"",null,0]],0]]],
  ["HeartbeatRequest",12,0,4,4,[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["generationId","int32",0,32767,0,-1,-1,0,"",null,0],["memberId","string",0,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",3,32767,3,32767,-1,0,"null",null,0]]],
  ["HeartbeatResponse",12,0,4,4,[["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0]]],
  ["IncrementalAlterConfigsRequest",44,0,1,1,[["resources","[]struct",0,32767,0,-1,-1,0,"",[["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0],["configs","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["configOperation","int8",0,32767,0,-1,-1,0,"",null,0],["value","string",0,32767,0,32767,-1,0,"",null,0]],0]],0],["validateOnly","bool",0,32767,0,-1,-1,0,"",null,0]]],
  ["IncrementalAlterConfigsResponse",44,0,1,1,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["responses","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["resourceType","int8",0,32767,0,-1,-1,0,"",null,0],["resourceName","string",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["InitProducerIdRequest",22,0,6,2,[["transactionalId","string",0,32767,0,32767,-1,0,"",null,0],["transactionTimeoutMs","int32",0,32767,0,-1,-1,0,"",null,0],["producerId","int64",3,32767,0,-1,-1,0,"-1",null,0],["producerEpoch","int16",3,32767,0,-1,-1,0,"-1",null,0],["enable2Pc","bool",6,32767,0,-1,-1,0,"false",null,0],["keepPreparedTxn","bool",6,32767,0,-1,-1,0,"false",null,0]]],
  ["InitProducerIdResponse",22,0,6,2,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["producerId","int64",0,32767,0,-1,-1,0,"-1",null,0],["producerEpoch","int16",0,32767,0,-1,-1,0,"",null,0],["ongoingTxnProducerId","int64",6,32767,0,-1,-1,0,"-1",null,0],["ongoingTxnProducerEpoch","int16",6,32767,0,-1,-1,0,"-1",null,0]]],
  ["JoinGroupRequest",11,0,9,6,[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["sessionTimeoutMs","int32",0,32767,0,-1,-1,0,"",null,0],["rebalanceTimeoutMs","int32",1,32767,0,-1,-1,0,"-1",null,0],["memberId","string",0,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",5,32767,5,32767,-1,0,"null",null,0],["protocolType","string",0,32767,0,-1,-1,0,"",null,0],["protocols","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["metadata","bytes",0,32767,0,-1,-1,0,"",null,0]],0],["reason","string",8,32767,8,32767,-1,0,"null",null,0]]],
  ["JoinGroupResponse",11,0,9,6,[["throttleTimeMs","int32",2,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["generationId","int32",0,32767,0,-1,-1,0,"-1",null,0],["protocolType","string",7,32767,7,32767,-1,0,"null",null,0],["protocolName","string",0,32767,7,32767,-1,0,"",null,0],["leader","string",0,32767,0,-1,-1,0,"",null,0],["skipAssignment","bool",9,32767,0,-1,-1,0,"false",null,0],["memberId","string",0,32767,0,-1,-1,0,"",null,0],["members","[]struct",0,32767,0,-1,-1,0,"",[["memberId","string",0,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",5,32767,5,32767,-1,0,"null",null,0],["metadata","bytes",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["LeaveGroupRequest",13,0,5,4,[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["memberId","string",0,2,0,-1,-1,0,"",null,0],["members","[]struct",3,32767,0,-1,-1,0,"",[["memberId","string",3,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",3,32767,3,32767,-1,0,"null",null,0],["reason","string",5,32767,5,32767,-1,0,"null",null,0]],0]]],
  ["LeaveGroupResponse",13,0,5,4,[["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["members","[]struct",3,32767,0,-1,-1,0,"",[["memberId","string",3,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",3,32767,3,32767,-1,0,"",null,0],["errorCode","int16",3,32767,0,-1,-1,0,"",null,0]],0]]],
  ["ListGroupsRequest",16,0,5,3,[["statesFilter","[]string",4,32767,0,-1,-1,0,"",null,0],["typesFilter","[]string",5,32767,0,-1,-1,0,"",null,0]]],
  ["ListGroupsResponse",16,0,5,3,[["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["groups","[]struct",0,32767,0,-1,-1,0,"",[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["protocolType","string",0,32767,0,-1,-1,0,"",null,0],["groupState","string",4,32767,0,-1,-1,0,"",null,0],["groupType","string",5,32767,0,-1,-1,0,"",null,0]],0]]],
  ["ListOffsetsRequest",2,1,11,6,[["replicaId","int32",0,32767,0,-1,-1,0,"",null,0],["isolationLevel","int8",2,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["currentLeaderEpoch","int32",4,32767,0,-1,-1,0,"-1",null,0],["timestamp","int64",0,32767,0,-1,-1,0,"",null,0]],0]],0],["timeoutMs","int32",10,32767,0,-1,-1,0,"",null,0]]],
  ["ListOffsetsResponse",2,1,11,6,[["throttleTimeMs","int32",2,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["timestamp","int64",1,32767,0,-1,-1,0,"-1",null,0],["offset","int64",1,32767,0,-1,-1,0,"-1",null,0],["leaderEpoch","int32",4,32767,0,-1,-1,0,"-1",null,0]],0]],0]]],
  ["ListPartitionReassignmentsRequest",46,0,0,0,[["timeoutMs","int32",0,32767,0,-1,-1,0,"60000",null,0],["topics","[]struct",0,32767,0,32767,-1,0,"null",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitionIndexes","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["ListPartitionReassignmentsResponse",46,0,0,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["replicas","[]int32",0,32767,0,-1,-1,0,"",null,0],["addingReplicas","[]int32",0,32767,0,-1,-1,0,"",null,0],["removingReplicas","[]int32",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["ListTransactionsRequest",66,0,2,0,[["stateFilters","[]string",0,32767,0,-1,-1,0,"",null,0],["producerIdFilters","[]int64",0,32767,0,-1,-1,0,"",null,0],["durationFilter","int64",1,32767,0,-1,-1,0,"-1",null,0],["transactionalIdPattern","string",2,32767,2,32767,-1,0,"null",null,0]]],
  ["ListTransactionsResponse",66,0,2,0,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["unknownStateFilters","[]string",0,32767,0,-1,-1,0,"",null,0],["transactionStates","[]struct",0,32767,0,-1,-1,0,"",[["transactionalId","string",0,32767,0,-1,-1,0,"",null,0],["producerId","int64",0,32767,0,-1,-1,0,"",null,0],["transactionState","string",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["MetadataRequest",3,0,13,9,[["topics","[]struct",0,32767,1,32767,-1,0,"",[["topicId","uuid",10,32767,0,-1,-1,0,"",null,0],["name","string",0,32767,10,32767,-1,0,"",null,0]],0],["allowAutoTopicCreation","bool",4,32767,0,-1,-1,0,"true",null,0],["includeClusterAuthorizedOperations","bool",8,10,0,-1,-1,0,"",null,0],["includeTopicAuthorizedOperations","bool",8,32767,0,-1,-1,0,"",null,0]]],
  ["MetadataResponse",3,0,13,9,[["throttleTimeMs","int32",3,32767,0,-1,-1,0,"",null,0],["brokers","[]struct",0,32767,0,-1,-1,0,"",[["nodeId","int32",0,32767,0,-1,-1,0,"",null,0],["host","string",0,32767,0,-1,-1,0,"",null,0],["port","int32",0,32767,0,-1,-1,0,"",null,0],["rack","string",1,32767,1,32767,-1,0,"null",null,0]],0],["clusterId","string",2,32767,2,32767,-1,0,"null",null,0],["controllerId","int32",1,32767,0,-1,-1,0,"-1",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["name","string",0,32767,12,32767,-1,0,"",null,0],["topicId","uuid",10,32767,0,-1,-1,0,"",null,0],["isInternal","bool",1,32767,0,-1,-1,0,"false",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["leaderId","int32",0,32767,0,-1,-1,0,"",null,0],["leaderEpoch","int32",7,32767,0,-1,-1,0,"-1",null,0],["replicaNodes","[]int32",0,32767,0,-1,-1,0,"",null,0],["isrNodes","[]int32",0,32767,0,-1,-1,0,"",null,0],["offlineReplicas","[]int32",5,32767,0,-1,-1,0,"",null,0]],0],["topicAuthorizedOperations","int32",8,32767,0,-1,-1,0,"-2147483648",null,0]],0],["clusterAuthorizedOperations","int32",8,10,0,-1,-1,0,"-2147483648",null,0],["errorCode","int16",13,32767,0,-1,-1,0,"",null,0]]],
  ["OffsetCommitRequest",8,2,10,8,[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["generationIdOrMemberEpoch","int32",1,32767,0,-1,-1,0,"-1",null,0],["memberId","string",1,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",7,32767,7,32767,-1,0,"null",null,0],["retentionTimeMs","int64",2,4,0,-1,-1,0,"-1",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,9,0,-1,-1,0,"",null,0],["topicId","uuid",10,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["committedOffset","int64",0,32767,0,-1,-1,0,"",null,0],["committedLeaderEpoch","int32",6,32767,0,-1,-1,0,"-1",null,0],["committedMetadata","string",0,32767,0,32767,-1,0,"",null,0]],0]],0]]],
  ["OffsetCommitResponse",8,2,10,8,[["throttleTimeMs","int32",3,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,9,0,-1,-1,0,"",null,0],["topicId","uuid",10,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["OffsetDeleteRequest",47,0,0,32767,[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["OffsetDeleteResponse",47,0,0,32767,[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["OffsetFetchRequest",9,1,10,6,[["groupId","string",0,7,0,-1,-1,0,"",null,0],["topics","[]struct",0,7,2,7,-1,0,"",[["name","string",0,7,0,-1,-1,0,"",null,0],["partitionIndexes","[]int32",0,7,0,-1,-1,0,"",null,0]],0],["groups","[]struct",8,32767,0,-1,-1,0,"",[["groupId","string",8,32767,0,-1,-1,0,"",null,0],["memberId","string",9,32767,9,32767,-1,0,"null",null,0],["memberEpoch","int32",9,32767,0,-1,-1,0,"-1",null,0],["topics","[]struct",8,32767,8,32767,-1,0,"",[["name","string",8,9,0,-1,-1,0,"",null,0],["topicId","uuid",10,32767,0,-1,-1,0,"",null,0],["partitionIndexes","[]int32",8,32767,0,-1,-1,0,"",null,0]],0]],0],["requireStable","bool",7,32767,0,-1,-1,0,"false",null,0]]],
  ["OffsetFetchResponse",9,1,10,6,[["throttleTimeMs","int32",3,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,7,0,-1,-1,0,"",[["name","string",0,7,0,-1,-1,0,"",null,0],["partitions","[]struct",0,7,0,-1,-1,0,"",[["partitionIndex","int32",0,7,0,-1,-1,0,"",null,0],["committedOffset","int64",0,7,0,-1,-1,0,"",null,0],["committedLeaderEpoch","int32",5,7,0,-1,-1,0,"-1",null,0],["metadata","string",0,7,0,7,-1,0,"",null,0],["errorCode","int16",0,7,0,-1,-1,0,"",null,0]],0]],0],["errorCode","int16",2,7,0,-1,-1,0,"0",null,0],["groups","[]struct",8,32767,0,-1,-1,0,"",[["groupId","string",8,32767,0,-1,-1,0,"",null,0],["topics","[]struct",8,32767,0,-1,-1,0,"",[["name","string",8,9,0,-1,-1,0,"",null,0],["topicId","uuid",10,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",8,32767,0,-1,-1,0,"",[["partitionIndex","int32",8,32767,0,-1,-1,0,"",null,0],["committedOffset","int64",8,32767,0,-1,-1,0,"",null,0],["committedLeaderEpoch","int32",8,32767,0,-1,-1,0,"-1",null,0],["metadata","string",8,32767,8,32767,-1,0,"",null,0],["errorCode","int16",8,32767,0,-1,-1,0,"",null,0]],0]],0],["errorCode","int16",8,32767,0,-1,-1,0,"0",null,0]],0]]],
  ["OffsetForLeaderEpochRequest",23,2,4,4,[["replicaId","int32",3,32767,0,-1,-1,0,"-2",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["topic","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partition","int32",0,32767,0,-1,-1,0,"",null,0],["currentLeaderEpoch","int32",2,32767,0,-1,-1,0,"-1",null,0],["leaderEpoch","int32",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["OffsetForLeaderEpochResponse",23,2,4,4,[["throttleTimeMs","int32",2,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["topic","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["partition","int32",0,32767,0,-1,-1,0,"",null,0],["leaderEpoch","int32",1,32767,0,-1,-1,0,"-1",null,0],["endOffset","int64",0,32767,0,-1,-1,0,"-1",null,0]],0]],0]]],
  ["ProduceRequest",0,3,13,9,[["transactionalId","string",3,32767,3,32767,-1,0,"null",null,0],["acks","int16",0,32767,0,-1,-1,0,"",null,0],["timeoutMs","int32",0,32767,0,-1,-1,0,"",null,0],["topicData","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,12,0,-1,-1,0,"",null,0],["topicId","uuid",13,32767,0,-1,-1,0,"",null,0],["partitionData","[]struct",0,32767,0,-1,-1,0,"",[["index","int32",0,32767,0,-1,-1,0,"",null,0],["records","records",0,32767,0,32767,-1,0,"",null,0]],0]],0]]],
  ["ProduceResponse",0,3,13,9,[["responses","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,12,0,-1,-1,0,"",null,0],["topicId","uuid",13,32767,0,-1,-1,0,"",null,0],["partitionResponses","[]struct",0,32767,0,-1,-1,0,"",[["index","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["baseOffset","int64",0,32767,0,-1,-1,0,"",null,0],["logAppendTimeMs","int64",2,32767,0,-1,-1,0,"-1",null,0],["logStartOffset","int64",5,32767,0,-1,-1,0,"-1",null,0],["recordErrors","[]struct",8,32767,0,-1,-1,0,"",[["batchIndex","int32",8,32767,0,-1,-1,0,"",null,0],["batchIndexErrorMessage","string",8,32767,8,32767,-1,0,"null",null,0]],0],["errorMessage","string",8,32767,8,32767,-1,0,"null",null,0],["currentLeader","struct",10,32767,0,-1,0,10,"",[["leaderId","int32",10,32767,0,-1,-1,0,"-1",null,0],["leaderEpoch","int32",10,32767,0,-1,-1,0,"-1",null,0]],0]],0]],0],["throttleTimeMs","int32",1,32767,0,-1,-1,0,"0",null,0],["nodeEndpoints","[]struct",10,32767,0,-1,0,10,"",[["nodeId","int32",10,32767,0,-1,-1,0,"",null,0],["host","string",10,32767,0,-1,-1,0,"",null,0],["port","int32",10,32767,0,-1,-1,0,"",null,0],["rack","string",10,32767,10,32767,-1,0,"null",null,0]],0]]],
  ["RequestHeader",-1,1,2,2,[["requestApiKey","int16",0,32767,0,-1,-1,0,"",null,0],["requestApiVersion","int16",0,32767,0,-1,-1,0,"",null,0],["correlationId","int32",0,32767,0,-1,-1,0,"",null,0],["clientId","string",1,32767,1,32767,-1,0,"",null,1]]],
  ["ResponseHeader",-1,0,1,1,[["correlationId","int32",0,32767,0,-1,-1,0,"",null,0]]],
  ["SaslAuthenticateRequest",36,0,2,2,[["authBytes","bytes",0,32767,0,-1,-1,0,"",null,0]]],
  ["SaslAuthenticateResponse",36,0,2,2,[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["errorMessage","string",0,32767,0,32767,-1,0,"",null,0],["authBytes","bytes",0,32767,0,-1,-1,0,"",null,0],["sessionLifetimeMs","int64",1,32767,0,-1,-1,0,"0",null,0]]],
  ["SaslHandshakeRequest",17,0,1,32767,[["mechanism","string",0,32767,0,-1,-1,0,"",null,0]]],
  ["SaslHandshakeResponse",17,0,1,32767,[["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["mechanisms","[]string",0,32767,0,-1,-1,0,"",null,0]]],
  ["SyncGroupRequest",14,0,5,4,[["groupId","string",0,32767,0,-1,-1,0,"",null,0],["generationId","int32",0,32767,0,-1,-1,0,"",null,0],["memberId","string",0,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",3,32767,3,32767,-1,0,"null",null,0],["protocolType","string",5,32767,5,32767,-1,0,"null",null,0],["protocolName","string",5,32767,5,32767,-1,0,"null",null,0],["assignments","[]struct",0,32767,0,-1,-1,0,"",[["memberId","string",0,32767,0,-1,-1,0,"",null,0],["assignment","bytes",0,32767,0,-1,-1,0,"",null,0]],0]]],
  ["SyncGroupResponse",14,0,5,4,[["throttleTimeMs","int32",1,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0],["protocolType","string",5,32767,5,32767,-1,0,"null",null,0],["protocolName","string",5,32767,5,32767,-1,0,"null",null,0],["assignment","bytes",0,32767,0,-1,-1,0,"",null,0]]],
  ["TxnOffsetCommitRequest",28,0,5,3,[["transactionalId","string",0,32767,0,-1,-1,0,"",null,0],["groupId","string",0,32767,0,-1,-1,0,"",null,0],["producerId","int64",0,32767,0,-1,-1,0,"",null,0],["producerEpoch","int16",0,32767,0,-1,-1,0,"",null,0],["generationId","int32",3,32767,0,-1,-1,0,"-1",null,0],["memberId","string",3,32767,0,-1,-1,0,"",null,0],["groupInstanceId","string",3,32767,3,32767,-1,0,"null",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["committedOffset","int64",0,32767,0,-1,-1,0,"",null,0],["committedLeaderEpoch","int32",2,32767,0,-1,-1,0,"-1",null,0],["committedMetadata","string",0,32767,0,32767,-1,0,"",null,0]],0]],0]]],
  ["TxnOffsetCommitResponse",28,0,5,3,[["throttleTimeMs","int32",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0]],0]],0]]],
  ["WriteTxnMarkersRequest",27,1,2,1,[["markers","[]struct",0,32767,0,-1,-1,0,"",[["producerId","int64",0,32767,0,-1,-1,0,"",null,0],["producerEpoch","int16",0,32767,0,-1,-1,0,"",null,0],["transactionResult","bool",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitionIndexes","[]int32",0,32767,0,-1,-1,0,"",null,0]],0],["coordinatorEpoch","int32",0,32767,0,-1,-1,0,"",null,0],["transactionVersion","int8",2,32767,0,-1,-1,0,"0",null,0]],0]]],
  ["WriteTxnMarkersResponse",27,1,2,1,[["markers","[]struct",0,32767,0,-1,-1,0,"",[["producerId","int64",0,32767,0,-1,-1,0,"",null,0],["topics","[]struct",0,32767,0,-1,-1,0,"",[["name","string",0,32767,0,-1,-1,0,"",null,0],["partitions","[]struct",0,32767,0,-1,-1,0,"",[["partitionIndex","int32",0,32767,0,-1,-1,0,"",null,0],["errorCode","int16",0,32767,0,-1,-1,0,"",null,0]],0]],0]],0]]],
];
