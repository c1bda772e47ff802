import type { Fault } from "./file-types.ts";
import type { Misfit } from "./misfit.ts";

type Corruption = Extract<Fault, { do: "corrupt" }>;

/** Damages a record's value, if there is something to damage at that place. */
export function corrupt(value: Uint8Array, { how, bytes = 1, byte = 0, bit = 0 }: Corruption): Uint8Array | Misfit {
  switch (how) {
    case "truncate_bytes":
      if (bytes < value.length) return value.slice(0, -bytes);
      return { member: "bytes", misfit: `the value has ${value.length} bytes, ${bytes} can't be cut off` };
    case "flip_bit": {
      const copy = value.slice();
      const old = copy[byte];
      if (old === undefined) {
        return { member: "byte", misfit: `the value has ${value.length} bytes, there is no byte ${byte}` };
      }
      copy[byte] = old ^ (1 << bit);
      return copy;
    }
    case "confluent_prefix":
      // Magic 0 and the id of a schema, as the serializers of schema registries write them.
      return joined(Uint8Array.of(0, 0, 0, 0, 42), value);
    case "wrong_wire_type":
      // event_id (number 1, a string) as a varint.
      return joined(value, Uint8Array.of(0x08, 0x01));
    default:
      throw new TypeError(`no corruption ${String(how satisfies never)}`);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
