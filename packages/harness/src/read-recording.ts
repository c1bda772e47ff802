import { createReadStream } from "node:fs";
import { createRecordingParser, isContractError, type Observation } from "@ondash/contract";
import { HarnessError } from "./error.ts";

/**
 * What a recording holds, read piece by piece.
 * @param file how errors name it.
 * @param cutOff whether a last line that is not whole is left out; else it is an error.
 * @throws ContractError `recording` (`FILE:LINE: why`) for a file that is no recording, HarnessError `file` when it can't
 *   be read.
 */
export async function* readRecording(path: string, file: string, cutOff = false): AsyncGenerator<Observation> {
  const parser = createRecordingParser({ file });
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
      yield* parser.push(chunk as Uint8Array);
    }
    if (!cutOff) yield* parser.end();
  } catch (cause) {
    if (isContractError(cause) || !(cause instanceof Error) || !("syscall" in cause)) throw cause;
    throw new HarnessError("file", `can't read the recording ${file}: ${cause.message}`, { cause });
  }
}
