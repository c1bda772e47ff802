import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { ledPartition } from "./leadership.ts";

/**
 * OffsetForLeaderEpoch (key 23), versions 2 to 4: where the largest epoch not above the one asked for ends; epoch and
 * offset −1 when all that are known are larger. By it a consumer finds out whether its position was truncated away.
 */
export const offsetForLeaderEpoch: Api<"OffsetForLeaderEpoch"> = {
  name: "OffsetForLeaderEpoch",
  versions: [2, 4],
  handle(request, context) {
    return {
      topics: request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
          const found = ledPartition(context, topic, index, currentLeaderEpoch);
          if (typeof found === "number") {
            return { errorCode: found, partition: index, leaderEpoch: -1, endOffset: -1n };
          }
          const { log } = found;
          const ended = leaderEpoch < 0 ? undefined : log.epochs.endOf(leaderEpoch, log.logEnd);
          return {
            errorCode: ErrorCode.NONE,
            partition: index,
            leaderEpoch: ended?.epoch ?? -1,
            endOffset: ended?.endOffset ?? -1n,
          };
        }),
      })),
    };
  },
};
