import { ContractError } from "../error.ts";
import type { Observation } from "../observation.ts";
import { createConsistency } from "./consistency.ts";
import { MAX_LINE_BYTES, parseJsonLine } from "./json-line.ts";
import { LineError } from "./members.ts";
import { readLine } from "./read-line.ts";

/**
 * Reads a recording piece by piece, in linear time and with no more memory than its longest line and one number for
 * each run of offsets. Strict: see `ContractError` of code `recording`.
 */
export interface RecordingParser {
  /**
   * Takes the next bytes of the file, cut anywhere; the buffer may be reused afterwards.
   * @returns the observations of the lines that are complete by now.
   * @throws ContractError `recording` at the first line that can't be read; the parser is then of no more use.
   */
  push(bytes: Uint8Array): Observation[];
  /** The file is at its end. @returns the observation of a last line without a line feed. @throws as `push`. */
  end(): Observation[];
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Creates a parser.
 * @param options.file the name that errors begin with, `FILE:LINE: why`.
 */
export function createRecordingParser(options: { readonly file: string }): RecordingParser {
  const consistency = createConsistency();
  /** Pieces of a line whose end has not come. */
  let pieces: Uint8Array[] = [];
  let pending = 0;
  let line = 1;

  const fail = (why: string): never => {
    throw new ContractError("recording", `${options.file}:${line}: ${why}`);
  };
  const read = (bytes: Uint8Array): Observation => {
    const json = parseJsonLine(bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes);
    if (typeof json === "string") return fail(json);
    try {
      const observation = readLine(json);
      consistency.check(observation);
      line++;
      return observation;
    } catch (error) {
      if (error instanceof LineError) return fail(error.message);
      throw error;
    }
  };
  const join = (last: Uint8Array): Uint8Array => {
    if (pieces.length === 0) return last;
    const whole = new Uint8Array(pending + last.length);
    let at = 0;
    for (const piece of [...pieces, last]) {
      whole.set(piece, at);
      at += piece.length;
    }
    pieces = [];
    pending = 0;
    return whole;
  };
  const requireShort = (length: number): void => {
    if (length > MAX_LINE_BYTES) fail(`a line of more than ${MAX_LINE_BYTES} bytes`);
  };
  return {
    push(bytes) {
      const observations: Observation[] = [];
      let from = 0;
      for (let to = bytes.indexOf(LINE_FEED); to >= 0; to = bytes.indexOf(LINE_FEED, from)) {
        requireShort(pending + to - from);
        observations.push(read(join(bytes.subarray(from, to))));
        from = to + 1;
      }
      if (from < bytes.length) {
        requireShort(pending + bytes.length - from);
        pieces.push(bytes.slice(from));
        pending += bytes.length - from;
      }
      return observations;
    },
    end() {
      if (pending > 0) return [read(join(new Uint8Array()))];
      if (line === 1) fail("the file is empty: want the header");
      return [];
    },
  };
}

/**
 * Reads a whole recording.
 * @param file the name that errors begin with.
 * @throws ContractError `recording`.
 */
export function parseRecording(recording: Uint8Array | string, file: string): Observation[] {
  const parser = createRecordingParser({ file });
  const bytes = typeof recording === "string" ? new TextEncoder().encode(recording) : recording;
  return [...parser.push(bytes), ...parser.end()];
}
