import type { ChatSchema } from "./chat-schema.ts";

/**
 * Where the parts of an envelope lie in a record's value: what a reader needs that looks at many records and decodes few.
 * Positions are byte offsets in the value, `…End` exclusive; start and end are equal for a string that is not there.
 */
export interface Skim {
  /** Finds the parts. False: the bytes are not as simple as an encoder writes them; decode them (`decodeEnvelope`). */
  read(value: Uint8Array): boolean;
  eventIdStart: number;
  eventIdEnd: number;
  conversationIdStart: number;
  conversationIdEnd: number;
  messageIdStart: number;
  messageIdEnd: number;
  taskIdStart: number;
  taskIdEnd: number;
  timestampStart: number;
  timestampEnd: number;
  /** 0 where the version has none. */
  sequence: number;
  /** Field number of the oneof's arm. */
  arm: number;
  /** The arm's message. */
  armStart: number;
  armEnd: number;
}

/** Fields 1 to 6 of both versions' envelopes; arms have numbers from 10 on. A test holds them against the descriptors. */
const EVENT_ID = 1;
const CONVERSATION_ID = 2;
const MESSAGE_ID = 3;
const TASK_ID = 4;
const TIMESTAMP = 5;
const SEQUENCE = 6;

/**
 * Creates a skimmer for a version: one object that is filled anew by each `read`, so that skimming allocates nothing.
 *
 * It is a filter, not a judge: what it accepts has each field at most once with the right wire type, lengths that fit,
 * exactly one known arm and nothing unknown at the top level. It does not look into strings and sub-messages. Everything
 * else it leaves to the strict decoder.
 */
export function createSkimmer(schema: ChatSchema): Skim {
  return new Skimmer(new Set(schema.event.fields.map((field) => field.number)), schema.sequenced);
}

class Skimmer implements Skim {
  eventIdStart = 0;
  eventIdEnd = 0;
  conversationIdStart = 0;
  conversationIdEnd = 0;
  messageIdStart = 0;
  messageIdEnd = 0;
  taskIdStart = 0;
  taskIdEnd = 0;
  timestampStart = 0;
  timestampEnd = 0;
  sequence = 0;
  arm = 0;
  armStart = 0;
  armEnd = 0;
  private readonly lowestArm: number;
  private readonly highestArm: number;
  private readonly sequenced: boolean;

  constructor(arms: ReadonlySet<number>, sequenced: boolean) {
    this.lowestArm = Math.min(...arms);
    this.highestArm = Math.max(...arms);
    // The arms are tested as a range, and one-byte tags hold numbers up to 15: else everything is left to the decoder.
    if (this.highestArm > 15 || this.highestArm - this.lowestArm + 1 !== arms.size) this.highestArm = -1;
    this.sequenced = sequenced;
  }

  read(value: Uint8Array): boolean {
    const end = value.length;
    let at = 0;
    let seen = 0;
    this.taskIdStart = this.taskIdEnd = 0;
    this.sequence = 0;
    while (at < end) {
      const tag = value[at++] as number;
      const field = tag >>> 3;
      // Each field once; a tag of several bytes is of no field that is known here.
      if (tag > 0x7f || (seen & (1 << field)) !== 0) return false;
      seen |= 1 << field;
      let length = 0;
      let byte = 0x80;
      for (let shift = 0; byte >= 0x80; shift += 7) {
        if (at === end || shift > 28) return false;
        byte = value[at++] as number;
        length += (byte & 0x7f) * 2 ** shift;
      }
      if ((tag & 7) === 0) {
        if (field !== SEQUENCE || !this.sequenced || length > 0xffff_ffff) return false;
        this.sequence = length;
        continue;
      }
      const stop = at + length;
      if ((tag & 7) !== 2 || stop > end) return false;
      switch (field) {
        case EVENT_ID:
          this.eventIdStart = at;
          this.eventIdEnd = stop;
          break;
        case CONVERSATION_ID:
          this.conversationIdStart = at;
          this.conversationIdEnd = stop;
          break;
        case MESSAGE_ID:
          this.messageIdStart = at;
          this.messageIdEnd = stop;
          break;
        case TASK_ID:
          this.taskIdStart = at;
          this.taskIdEnd = stop;
          break;
        case TIMESTAMP:
          this.timestampStart = at;
          this.timestampEnd = stop;
          break;
        default:
          if (
            field < this.lowestArm ||
            field > this.highestArm ||
            seen >>> this.lowestArm !== 1 << (field - this.lowestArm)
          ) {
            return false;
          }
          this.arm = field;
          this.armStart = at;
          this.armEnd = stop;
      }
      at = stop;
    }
    return (seen & REQUIRED) === REQUIRED && seen >>> this.lowestArm !== 0;
  }
}

/** Ids and timestamp: a sound envelope has them all. */
const REQUIRED = (1 << EVENT_ID) | (1 << CONVERSATION_ID) | (1 << MESSAGE_ID) | (1 << TIMESTAMP);
