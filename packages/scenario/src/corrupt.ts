import type { Fault } from "./file-types.ts";

type Corruption = Extract<Fault, { do: "corrupt" }>;

/**
 * Damages a record's value.
 * @throws RangeError when there is nothing to damage at that place.
 */
export function corrupt(value: Uint8Array, { how, bytes = 1, byte = 0, bit = 0 }: Corruption): Uint8Array {
  switch (how) {
    case "truncate_bytes":
      if (bytes >= value.length) throw new RangeError(`the value has ${value.length} bytes, ${bytes} can't be cut off`);
      return value.slice(0, -bytes);
    case "flip_bit": {
      const copy = value.slice();
      const old = copy[byte];
      if (old === undefined) throw new RangeError(`the value has ${value.length} bytes, there is no byte ${byte}`);
      copy[byte] = old ^ (1 << bit);
      return copy;
    }
    case "confluent_prefix":
      // Magic 0 and the id of a schema, as the serializers of schema registries write them.
      return Uint8Array.of(0, 0, 0, 0, 42, ...value);
    case "wrong_wire_type":
      // event_id (number 1, a string) as a varint.
      return Uint8Array.of(...value, 0x08, 0x01);
    default:
      throw new TypeError(`no corruption ${String(how satisfies never)}`);
  }
}
