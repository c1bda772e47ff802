import { type Dialogue, findCoordinator } from "./dialogue.ts";
import { stableGroup } from "./membership-requests.ts";

export const groupAdminDialogues: readonly Dialogue[] = [
  {
    title: "find coordinator",
    api: "FindCoordinator",
    async hold(talk, version) {
      const [group, transaction] = [talk.name("group"), talk.name("transaction")];
      await findCoordinator(talk, group);
      await findCoordinator(talk, transaction, 1);
      const ask = (note: string, keyType: number, ...keys: string[]): Promise<unknown> =>
        talk.ask(note, "FindCoordinator", version, { keyType, key: keys[0] ?? "", coordinatorKeys: keys });
      await ask("of a group", 0, group);
      await ask("of the empty group", 0, "");
      if (version >= 1) {
        await ask("of a transaction", 1, transaction);
        await ask("of the empty transaction", 1, "");
        await ask("of a share group, malformed", 2, "x");
        await ask("of a kind that is not there", 9, "x");
      }
      if (version >= 4) {
        await ask("of two", 0, group, transaction);
        await ask("of none", 0);
        await ask("of one twice", 0, group, group);
      }
    },
  },
  {
    title: "describe groups",
    api: "DescribeGroups",
    async hold(talk, version) {
      const { groupId, memberId } = await stableGroup(talk);
      const ask = (note: string, ...groups: string[]): Promise<unknown> =>
        talk.ask(note, "DescribeGroups", version, { groups });
      await ask("a stable and an unknown one", groupId, talk.name("other"));
      await ask("no name", "");
      await ask("none");
      await talk.ask("with what one may do", "DescribeGroups", version, {
        groups: [groupId],
        includeAuthorizedOperations: true,
      });
      await talk.quietly("LeaveGroup", 1, { groupId, memberId });
      await ask("an empty one", groupId);
    },
  },
  {
    title: "list groups",
    api: "ListGroups",
    versions: [4, 99],
    async hold(talk, version) {
      // Others may have groups on this broker: only answers without any are written down whole.
      await talk.ask("in a state that no group has", "ListGroups", version, { statesFilter: ["NoSuchState"] });
      if (version >= 5)
        await talk.ask("of a type that is not there", "ListGroups", version, { typesFilter: ["NoSuchType"] });
    },
  },
  {
    title: "delete groups",
    api: "DeleteGroups",
    async hold(talk, version) {
      const { groupId, memberId } = await stableGroup(talk);
      const ask = (note: string, ...groupsNames: string[]): Promise<unknown> =>
        talk.ask(note, "DeleteGroups", version, { groupsNames });
      await ask("with a member", groupId);
      await ask("unknown", talk.name("other"));
      await ask("no name", "");
      await talk.quietly("LeaveGroup", 1, { groupId, memberId });
      await ask("empty", groupId);
      await ask("again", groupId);
      await ask("none");
      await talk.ask("what is left", "DescribeGroups", 3, { groups: [groupId] });
    },
  },
];
