import type { RequestInput } from "@ondash/embedded-kafka/wire";
import { type Dialogue, LEADER_NOT_AVAILABLE, makeTopic } from "./dialogue.ts";
import type { Talk } from "./talk.ts";

const TOPIC = 2;
const BROKER = 4;

/** What the two settings are expected to be. */
type Seen = readonly [retention: string, policy: string];

/** Writes two settings down, once they are as expected: a broker learns of a change a moment after it was confirmed. */
async function seeConfigs(talk: Talk, name: string, [retention, policy]: Seen): Promise<void> {
  const body = {
    resources: [{ resourceType: TOPIC, resourceName: name, configurationKeys: ["retention.ms", "cleanup.policy"] }],
  };
  await talk.quietly("DescribeConfigs", 1, body, ({ results }) => {
    const found = new Map(results[0]?.configs.map((config) => [config.name, config.value]));
    return found.get("retention.ms") === retention && found.get("cleanup.policy") === policy ? 0 : LEADER_NOT_AVAILABLE;
  });
  await talk.ask("see", "DescribeConfigs", 1, body);
}

export const configDialogues: readonly Dialogue[] = [
  {
    title: "describe configs",
    api: "DescribeConfigs",
    async hold(talk, version) {
      const { name, node } = await makeTopic(talk, "topic", {
        configs: { "retention.ms": "5000", "cleanup.policy": "compact" },
      });
      const ask = (
        note: string,
        resourceType: number,
        resourceName: string,
        configurationKeys: readonly string[] | null,
        includeSynonyms = false,
      ): Promise<unknown> =>
        talk.ask(note, "DescribeConfigs", version, {
          resources: [{ resourceType, resourceName, configurationKeys }],
          includeSynonyms,
        });
      await ask("all of a topic", TOPIC, name, null);
      await ask(
        "some, with synonyms",
        TOPIC,
        name,
        ["retention.ms", "cleanup.policy", "max.message.bytes", "min.insync.replicas"],
        true,
      );
      await ask("an unknown one", TOPIC, name, ["no.such.setting"]);
      await ask("none", TOPIC, name, []);
      await ask("of an unknown topic", TOPIC, "no-such-topic", null);
      await ask("of a topic name that is none", TOPIC, "a b", null);
      await ask("of no topic", TOPIC, "", null);
      await ask("of a broker", BROKER, String(node), [
        "message.max.bytes",
        "num.partitions",
        "auto.create.topics.enable",
      ]);
      await ask("of a broker that is not there", BROKER, "77", ["num.partitions"]);
      await ask("of a broker that is no number", BROKER, "x", ["num.partitions"]);
      await ask("of all brokers", BROKER, "", ["message.max.bytes"]);
      await ask("of a kind that is not there", 99, name, null);
    },
  },
  {
    title: "alter configs",
    api: "AlterConfigs",
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { configs: { "retention.ms": "5000" } });
      const ask = (
        note: string,
        configs: readonly (readonly [string, string | null])[],
        resourceName = name,
        validateOnly = false,
      ): Promise<unknown> =>
        talk.ask(note, "AlterConfigs", version, {
          resources: [
            { resourceType: TOPIC, resourceName, configs: configs.map(([key, value]) => ({ name: key, value })) },
          ],
          validateOnly,
        });
      const see = (expected: Seen): Promise<void> => seeConfigs(talk, name, expected);
      await ask("only validated", [["cleanup.policy", "compact"]], name, true);
      await see(["5000", "delete"]);
      await ask("one; the other goes back to its default", [["cleanup.policy", "compact"]]);
      await see(["604800000", "compact"]);
      await ask("a malformed value", [["retention.ms", "soon"]]);
      await ask("an unknown setting", [["no.such.setting", "1"]]);
      await ask("null", [["retention.ms", null]]);
      await ask("nothing", []);
      await see(["604800000", "delete"]);
      await ask("an unknown topic", [["retention.ms", "1"]], "no-such-topic");
    },
  },
  {
    title: "alter configs incrementally",
    api: "IncrementalAlterConfigs",
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { configs: { "retention.ms": "5000" } });
      type Change = readonly [name: string, operation: number, value: string | null];
      const bodyOf = (
        changes: readonly Change[],
        resourceName: string,
        validateOnly: boolean,
      ): RequestInput<"IncrementalAlterConfigs"> => ({
        resources: [
          {
            resourceType: TOPIC,
            resourceName,
            configs: changes.map(([key, configOperation, value]) => ({ name: key, configOperation, value })),
          },
        ],
        validateOnly,
      });
      const ask = (
        note: string,
        changes: readonly Change[],
        resourceName = name,
        validateOnly = false,
      ): Promise<unknown> =>
        talk.ask(note, "IncrementalAlterConfigs", version, bodyOf(changes, resourceName, validateOnly));
      const see = (expected: Seen): Promise<void> => seeConfigs(talk, name, expected);
      const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3] as const;
      await ask("only validated", [["cleanup.policy", SET, "compact"]], name, true);
      await see(["5000", "delete"]);
      await ask("set", [["cleanup.policy", SET, "compact"]]);
      await ask("append", [["cleanup.policy", APPEND, "delete"]]);
      await see(["5000", "compact,delete"]);
      await ask("append again", [["cleanup.policy", APPEND, "delete"]]);
      await ask("subtract", [["cleanup.policy", SUBTRACT, "compact"]]);
      await see(["5000", "delete"]);
      await ask("append to what is no list", [["retention.ms", APPEND, "1"]]);
      await ask("delete", [["retention.ms", DELETE, null]]);
      await ask("delete what is not set", [["retention.ms", DELETE, null]]);
      await ask("set to null", [["retention.ms", SET, null]]);
      await ask("a malformed value", [["retention.ms", SET, "soon"]]);
      await ask("an unknown setting", [["no.such.setting", SET, "1"]]);
      await ask("an unknown operation", [["retention.ms", 9, "1"]]);
      await ask("one setting twice", [
        ["retention.ms", SET, "1"],
        ["retention.ms", SET, "2"],
      ]);
      await ask("nothing", []);
      await ask("an unknown topic", [["retention.ms", SET, "1"]], "no-such-topic");
      await see(["604800000", "delete"]);
    },
  },
];
