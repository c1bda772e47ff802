import type { RequestInput } from "@ondash/embedded-kafka/wire";
import { type Dialogue, makeTopic } from "./dialogue.ts";

type NewTopic = NonNullable<RequestInput<"CreateTopics">["topics"]>[number];

export const topicDialogues: readonly Dialogue[] = [
  {
    title: "create topics",
    api: "CreateTopics",
    async hold(talk, version) {
      const { name, node } = await makeTopic(talk, "existing");
      const ask = (note: string, ...topics: NewTopic[]): Promise<unknown> =>
        talk.ask(note, "CreateTopics", version, { topics, timeoutMs: 10_000 });
      const one = { numPartitions: 1, replicationFactor: 1 };
      await ask("one", { name: talk.name("one"), ...one });
      await ask("three partitions with settings", {
        name: talk.name("three"),
        numPartitions: 3,
        replicationFactor: 1,
        configs: [
          { name: "retention.ms", value: "1000" },
          { name: "cleanup.policy", value: "compact,delete" },
        ],
      });
      await ask("existing", { name, ...one });
      await ask(
        "names that are none",
        ...["", ".", "..", "a b", "ä", "x".repeat(250)].map((bad) => ({ name: bad, ...one })),
      );
      const twice = talk.name("twice");
      await ask("one name twice", { name: twice, ...one }, { name: twice, ...one });
      const dotted = talk.name("a.b");
      await ask("a name with a dot", { name: dotted, ...one });
      await ask("a name that collides with it", { name: talk.alias(dotted.replace(".", "_"), "a_b"), ...one });
      await ask("no partitions", { name: talk.name("zero"), numPartitions: 0, replicationFactor: 1 });
      await ask("-5 partitions", { name: talk.name("negative"), numPartitions: -5, replicationFactor: 1 });
      await ask("the broker's defaults", { name: talk.name("defaults"), numPartitions: -1, replicationFactor: -1 });
      await ask("five replicas", { name: talk.name("replicas"), numPartitions: 1, replicationFactor: 5 });
      await ask("no replicas", { name: talk.name("no-replicas"), numPartitions: 1, replicationFactor: 0 });
      const assigned = (...assignments: (readonly [number, ...number[]])[]): NewTopic => ({
        name: talk.name("assigned"),
        numPartitions: -1,
        replicationFactor: -1,
        assignments: assignments.map(([partitionIndex, ...brokerIds]) => ({ partitionIndex, brokerIds })),
      });
      await ask("assigned", assigned([0, node], [1, node]));
      await ask("assigned to nobody", assigned([0]));
      await ask("assigned to a broker that is not there", assigned([0, 77]));
      await ask("assigned with a hole", assigned([0, node], [2, node]));
      await ask("assigned twice to one", assigned([0, node, node]));
      await ask("assigned and counted", { ...assigned([0, node]), numPartitions: 1, replicationFactor: 1 });
      const configured = (key: string, value: string | null): NewTopic => ({
        name: talk.name("configured"),
        ...one,
        configs: [{ name: key, value }],
      });
      await ask("an unknown setting", configured("no.such.setting", "1"));
      await ask("a malformed number", configured("retention.ms", "soon"));
      await ask("a number out of range", configured("max.message.bytes", "-1"));
      await ask("a malformed choice", configured("cleanup.policy", "forget"));
      await ask("a malformed boolean", configured("preallocate", "perhaps"));
      await ask("a setting of null", configured("retention.ms", null));
      await ask("nothing");
      const checked = talk.name("checked");
      await talk.ask("only validated", "CreateTopics", version, {
        topics: [{ name: checked, ...one }],
        timeoutMs: 10_000,
        validateOnly: true,
      });
      await talk.ask("which made nothing", "Metadata", 8, {
        topics: [{ name: checked }],
        allowAutoTopicCreation: false,
      });
    },
  },
  {
    title: "delete topics",
    api: "DeleteTopics",
    async hold(talk, version) {
      const [a, b, c] = [await makeTopic(talk, "a"), await makeTopic(talk, "b"), await makeTopic(talk, "c")];
      const ask = (note: string, ...names: string[]): Promise<unknown> =>
        talk.ask(note, "DeleteTopics", version, {
          topics: names.map((name) => ({ name })),
          topicNames: names,
          timeoutMs: 10_000,
        });
      await ask("one", a.name);
      await ask("it again", a.name);
      await ask("one and an unknown one", b.name, "no-such-topic");
      await ask("one twice", c.name, c.name);
      await ask("no name", "");
      await ask("nothing");
      if (version >= 6) {
        const byId = (note: string, topicId: string): Promise<unknown> =>
          talk.ask(note, "DeleteTopics", version, { topics: [{ name: null, topicId }], timeoutMs: 10_000 });
        const d = await makeTopic(talk, "d");
        await byId("by id", d.topicId);
        await byId("by id again", d.topicId);
        await byId("by a zero id", "00000000-0000-0000-0000-000000000000");
      }
    },
  },
  {
    title: "metadata",
    api: "Metadata",
    async hold(talk, version) {
      const { name, topicId } = await makeTopic(talk, "topic", { partitions: 2 });
      const ask = (note: string, body: RequestInput<"Metadata">): Promise<unknown> =>
        talk.ask(note, "Metadata", version, body);
      await ask("one topic", { topics: [{ name }] });
      await ask("one topic twice", { topics: [{ name }, { name }] });
      await ask("a name that is none", { topics: [{ name: "a b" }] });
      await ask("with what one may do", {
        topics: [{ name }],
        includeClusterAuthorizedOperations: true,
        includeTopicAuthorizedOperations: true,
      });
      if (version >= 1) await ask("no topics", { topics: [] });
      if (version >= 4)
        await ask("an unknown topic", { topics: [{ name: "no-such-topic" }], allowAutoTopicCreation: false });
      if (version >= 10) {
        await ask("by id", { topics: [{ name: null, topicId }] });
        await ask("by an unknown id", { topics: [{ name: null, topicId: "00112233-4455-6677-8899-aabbccddeeff" }] });
        await ask("by name and id", { topics: [{ name, topicId }] });
      }
    },
  },
  {
    title: "auto-creation",
    api: "Metadata",
    async hold(talk, version) {
      const name = talk.name("made");
      const body = { topics: [{ name }], allowAutoTopicCreation: true };
      await talk.ask("a topic that is not there", "Metadata", version, body);
      await talk.quietly("Metadata", version, body, ({ topics }) =>
        topics[0]?.errorCode === 3 ? 5 : topics[0]?.errorCode,
      );
      await talk.ask("later", "Metadata", version, body);
    },
  },
  {
    title: "create partitions",
    api: "CreatePartitions",
    async hold(talk, version) {
      const { name, node } = await makeTopic(talk, "topic", { partitions: 2 });
      const ask = (
        note: string,
        count: number,
        brokers: readonly (readonly number[])[] | null = null,
        topic = name,
        validateOnly = false,
      ): Promise<unknown> =>
        talk.ask(note, "CreatePartitions", version, {
          topics: [{ name: topic, count, assignments: brokers?.map((brokerIds) => ({ brokerIds })) ?? null }],
          timeoutMs: 10_000,
          validateOnly,
        });
      await ask("as many as there are", 2);
      await ask("fewer", 1);
      await ask("none", 0);
      await ask("-1", -1);
      await ask("only validated", 5, null, name, true);
      await ask("one more", 3);
      await ask("an unknown topic", 3, null, "no-such-topic");
      await ask("assigned", 4, [[node]]);
      await ask("assigned, too few", 6, [[node]]);
      await ask("assigned to a broker that is not there", 5, [[77]]);
      await ask("assigned to nobody", 5, [[]]);
      await talk.ask("one topic twice", "CreatePartitions", version, {
        topics: [
          { name, count: 8, assignments: null },
          { name, count: 9, assignments: null },
        ],
        timeoutMs: 10_000,
      });
      await talk.ask("what came of it", "Metadata", 8, { topics: [{ name }] });
    },
  },
  {
    title: "describe cluster",
    api: "DescribeCluster",
    async hold(talk, version) {
      await talk.ask("plain", "DescribeCluster", version, { endpointType: 1 });
      await talk.ask("with what one may do", "DescribeCluster", version, {
        includeClusterAuthorizedOperations: true,
        endpointType: 1,
      });
      if (version >= 1) await talk.ask("controllers", "DescribeCluster", version, { endpointType: 2 });
    },
  },
];
