import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { ledPartition } from "./leadership.ts";

/**
 * OffsetForLeaderEpoch (key 23), versions 2 to 4: where an epoch ends, and the largest one not above it that wrote
 * anything; epoch and offset −1 for one that is yet to come. By it a consumer finds out whether its position was truncated away.
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
          const ended = log.epochs.endOf(leaderEpoch, log.logEnd);
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
