import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorCode } from "../wire/index.ts";
import type { JoinResult, SyncResult } from "./member.ts";
import { join, sync, testCoordinator } from "./test-members.ts";

/** What a client of the simulation knows of itself. */
interface Client {
  id: string;
  generation: number;
  leads: readonly string[];
  joining: JoinResult[] | undefined;
  syncing: SyncResult[] | undefined;
}

const step = fc.oneof(
  fc.record({ kind: fc.constantFrom("join", "sync", "heartbeat", "leave"), client: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant("advance" as const), client: fc.integer({ min: 1, max: 40 }) }),
);

describe("a group under any schedule of its members", () => {
  it("gives each generation one leader, one list of members and one assignment, and settles in the end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { groups, clock } = testCoordinator();
        const clients: Client[] = Array.from({ length: 4 }, () => fresh());
        const leaders = new Map<number, string>();
        const owners = new Map<string, string>();

        const broken: string[] = [];
        const hold = (law: string, holds: boolean): void => {
          if (!holds) broken.push(law);
        };
        const collect = (): void => {
          for (const client of clients) {
            const joined = client.joining?.[0];
            if (joined !== undefined) {
              client.joining = undefined;
              if (joined.errorCode === ErrorCode.NONE) {
                hold("generations never go back", joined.generationId >= client.generation);
                const leader = leaders.get(joined.generationId) ?? joined.leader;
                hold("a generation has one leader", leader === joined.leader);
                leaders.set(joined.generationId, joined.leader);
                const isLeader = joined.leader === joined.memberId;
                hold("the leader alone learns the members", joined.members.length > 0 === isLeader);
                client.generation = joined.generationId;
                client.leads = joined.members.map(({ memberId }) => memberId);
              }
              client.id = joined.errorCode === ErrorCode.UNKNOWN_MEMBER_ID ? "" : joined.memberId;
            }
            const synced = client.syncing?.[0];
            if (synced !== undefined) {
              client.syncing = undefined;
              // The leader gives out its place in the list: two members of a generation never own the same.
              if (synced.errorCode === ErrorCode.NONE && synced.assignment.length > 0) {
                const share = `${client.generation}/${synced.assignment[0]}`;
                hold("a share has one owner", (owners.get(share) ?? client.id) === client.id);
                owners.set(share, client.id);
              }
            }
          }
        };
        const act = (kind: string, client: Client): void => {
          if (client.joining !== undefined || client.syncing !== undefined) return;
          if (kind === "join") client.joining = join(groups, { memberId: client.id });
          else if (kind === "sync") {
            const shares = Object.fromEntries(client.leads.map((id, index) => [id, index + 1]));
            client.syncing = sync(groups, client.id, client.generation, shares);
          } else if (kind === "heartbeat") {
            const code = groups.heartbeat({
              groupId: "g",
              memberId: client.id,
              instanceId: undefined,
              generation: client.generation,
            });
            if (code === ErrorCode.UNKNOWN_MEMBER_ID) client.id = "";
          } else {
            groups.leave("g", [{ memberId: client.id, instanceId: undefined }]);
            Object.assign(client, fresh());
          }
          collect();
        };

        for (const { kind, client } of steps) {
          if (kind === "advance") await clock.advance(client * 1_000);
          else act(kind, clients[client] ?? fresh());
          collect();
        }

        // Now everybody behaves: joins until it is in, syncs, and keeps its heart beating.
        const settled = (): boolean => {
          const group = groups.groups.get("g")?.group;
          return group?.state === "Stable" && group.members.size === clients.length;
        };
        for (let round = 0; round < 40 && !settled(); round++) {
          for (const client of clients) {
            const group = groups.groups.get("g")?.group;
            const current = client.id !== "" && group?.generation === client.generation && group.members.has(client.id);
            act(current && group.state !== "PreparingRebalance" ? "sync" : "join", client);
          }
          await clock.advance(500);
          collect();
        }
        expect(broken).toEqual([]);
        expect(groups.stateOf("g")).toBe("Stable");
        expect(settled()).toBe(true);
        groups.close();
        expect(clock.pending).toBe(0);
      }),
    );
  });
});

function fresh(): Client {
  return { id: "", generation: -1, leads: [], joining: undefined, syncing: undefined };
}
