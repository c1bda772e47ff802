import fc from "fast-check";
import type { WireFailureReason } from "../../src/wire-scan.ts";
import type { Draw } from "./any-encoding.ts";
import {
  contentFor,
  expectation,
  insert,
  type Level,
  levels,
  type Malformed,
  make,
  pathOf,
  pick,
  remove,
  target,
  unknownNumber,
} from "./malformation-kit.ts";
import { encodeWire, type MessageType, type Place, shapesOf, varint, type WireNode } from "./wire-tree.ts";
/** A way to damage a sound encoding. undefined: the type has nothing to damage in this way. */
export type Malformation = (type: MessageType, tree: WireNode[], draw: Draw) => Malformed | undefined;

/** One way or more for each reason but `depth` and `confluent-prefix`, whose bytes look one way only. */
export const malformations: Readonly<
  Record<string, { readonly reason: WireFailureReason; readonly damage: Malformation }>
> = {
  "a known field with another wire type": { reason: "wire-type", damage: wrongWireType },
  "field number 0": { reason: "field-number-zero", damage: fieldNumberZero },
  "a tag of more than 32 bits": { reason: "tag", damage: wideTag },
  "a wire type that does not exist": { reason: "tag", damage: undefinedWireType },
  "a group": { reason: "group", damage: group },
  "a varint of more than 10 bytes": { reason: "varint", damage: longVarint },
  "a packed varint of more than 10 bytes": { reason: "varint", damage: longPackedVarint },
  "a tag of more than 5 bytes": { reason: "varint", damage: longTag },
  "a length of more than 5 bytes": { reason: "varint", damage: longLength },
  "an input cut short": { reason: "truncated", damage: cutShort },
  "a length past the end of the input": { reason: "truncated", damage: lengthPastInput },
  "a length past the end of the sub-message": { reason: "overrun", damage: lengthPastParent },
  "a sub-message that ends inside its last element": { reason: "overrun", damage: parentTooShort },
  "a packed run that ends inside its last element": { reason: "overrun", damage: runTooShort },
  "a string that is not UTF-8": { reason: "utf8", damage: notUtf8 },
  "an arm of a oneof twice": { reason: "oneof-repeated", damage: armTwice },
};

function wrongWireType(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const found = target(type, tree, draw, () => true);
  if (found === undefined) return undefined;
  const { level, shape } = found;
  const legal = shape.packable ? [shape.wireType, 2] : [shape.wireType];
  const wireType = pick(
    [0, 1, 2, 5].filter((candidate) => !legal.includes(candidate)),
    draw,
  ) as number;
  const wrong = make(shape.number, wireType, contentFor(wireType));
  insert(level, wrong, draw);
  return expectation(type, tree, { node: wrong, offset: (place) => place(wrong).tag });
}

function fieldNumberZero(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = pick(levels(type, tree), draw) as Level;
  // Wire type 0 at the very beginning is a schema registry's prefix.
  const wireType = pick([0, 1, 2, 5], draw) as number;
  const zero = make(0, wireType, contentFor(wireType));
  insert(level, zero, draw, wireType === 0 && level.parent === undefined ? 1 : 0);
  if (tree[0] === zero && wireType === 0) return undefined;
  return expectation(type, tree, { node: level.parent, offset: (place) => place(zero).tag });
}

function wideTag(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = pick(levels(type, tree), draw) as Level;
  const value = 2 ** 32 + draw(fc.nat, { max: 2 ** 31 - 1 });
  const wide = make(1, 0, Uint8Array.of(1), { rawTag: varint(value) });
  insert(level, wide, draw);
  return expectation(type, tree, { node: level.parent, offset: (place) => place(wide).tag });
}

function undefinedWireType(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = pick(levels(type, tree), draw) as Level;
  const shape = draw(fc.boolean) ? pick(shapesOf(level.type), draw) : undefined;
  const wrong = make(shape?.number ?? unknownNumber(level, draw), pick([6, 7], draw) as number, Uint8Array.of(1));
  insert(level, wrong, draw);
  return expectation(type, tree, { node: wrong, bare: true, offset: (place) => place(wrong).tag });
}

function group(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = pick(levels(type, tree), draw) as Level;
  const shape = draw(fc.boolean) ? pick(shapesOf(level.type), draw) : undefined;
  const number = shape?.number ?? unknownNumber(level, draw);
  // The group is complete: it is refused as such, not for want of its end.
  const whole = draw(fc.boolean);
  const wrong = make(number, whole ? 3 : 4, whole ? varint(number * 8 + 4) : new Uint8Array());
  insert(level, wrong, draw);
  return expectation(type, tree, { node: wrong, bare: true, offset: (place) => place(wrong).tag });
}

/** 11 bytes and more. */
function tooLong(draw: Draw): Uint8Array {
  return varint(draw(fc.nat), draw(fc.integer, { min: 11, max: 14 }));
}

function longVarint(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = pick(levels(type, tree), draw) as Level;
  const fits = shapesOf(level.type).filter((shape) => shape.wireType === 0);
  const number = (draw(fc.boolean) ? pick(fits, draw)?.number : undefined) ?? unknownNumber(level, draw);
  const wrong = make(number, 0, tooLong(draw));
  insert(level, wrong, draw);
  return expectation(type, tree, { node: wrong, offset: (place) => place(wrong).content });
}

function longPackedVarint(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const found = target(type, tree, draw, (shape) => shape.packable && shape.wireType === 0);
  if (found === undefined) return undefined;
  const before = draw(fc.nat, { max: 3 });
  const run = Uint8Array.from([...new Uint8Array(before), ...tooLong(draw), 1]);
  const wrong = make(found.shape.number, 2, run);
  insert(found.level, wrong, draw);
  return expectation(type, tree, { node: wrong, offset: (place) => place(wrong).content + before });
}

function longTag(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = pick(levels(type, tree), draw) as Level;
  const wrong = make(unknownNumber(level, draw), 0, Uint8Array.of(1), {
    tagWidth: draw(fc.integer, { min: 6, max: 11 }),
  });
  insert(level, wrong, draw);
  return expectation(type, tree, { node: level.parent, offset: (place) => place(wrong).tag });
}

function longLength(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = pick(levels(type, tree), draw) as Level;
  const fits = shapesOf(level.type).filter((shape) => shape.wireType === 2);
  const number = (draw(fc.boolean) ? pick(fits, draw)?.number : undefined) ?? unknownNumber(level, draw);
  const wrong = make(number, 2, new Uint8Array(), { lengthWidth: draw(fc.integer, { min: 6, max: 11 }) });
  insert(level, wrong, draw);
  return expectation(type, tree, { node: wrong, offset: (place) => place(wrong).length });
}

function cutShort(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const places = new Map<WireNode, Place>();
  const bytes = encodeWire(tree, places);
  const last = pick(tree, draw);
  if (last === undefined) return undefined;
  const place = places.get(last) as Place;
  const end = draw(fc.integer, { min: place.tag + 1, max: place.end - 1 });
  const insideTag = end < place.length;
  const path = insideTag ? "" : (pathOf(type, tree, last, false) as string);
  // A varint that is cut is reported where it begins, any other content where its field does.
  const atVarint = !insideTag && (last.wireType === 0 || (last.wireType === 2 && end < place.content));
  return { bytes: bytes.slice(0, end), path, offset: atVarint ? place.length : place.tag };
}

function lengthPastInput(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level: Level = { nodes: tree, type, parent: undefined };
  const fits = shapesOf(type).filter((shape) => shape.wireType === 2);
  const number = (draw(fc.boolean) ? pick(fits, draw)?.number : undefined) ?? unknownNumber(level, draw);
  const wrong = make(number, 2, new Uint8Array(), {
    promise: pick([1, 2, 127, 128, 0x7fff_ffff, 0xffff_ffff], draw) as number,
  });
  if (shapesOf(type).some((shape) => shape.oneof && shape.number === number)) remove(tree, number);
  tree.push(wrong);
  return expectation(type, tree, { node: wrong, offset: (place) => place(wrong).tag });
}

/** A level below the outermost, made if there is none. */
function innerLevel(type: MessageType, tree: WireNode[], draw: Draw): Level | undefined {
  const there = pick(levels(type, tree).slice(1), draw);
  if (there !== undefined) return there;
  const shape = pick(
    shapesOf(type).filter(({ message }) => message !== undefined),
    draw,
  );
  if (shape?.message === undefined) return undefined;
  const nodes: WireNode[] = [];
  const parent = make(shape.number, 2, nodes, { type: shape.message });
  insert({ nodes: tree, type }, parent, draw);
  return { nodes, type: shape.message, parent };
}

function lengthPastParent(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = innerLevel(type, tree, draw);
  if (level === undefined) return undefined;
  const wrong = make(unknownNumber(level, draw), 2, Uint8Array.of(1), {
    promise: pick([1, 2, 127, 128, 0x7fff_fff0], draw) as number,
  });
  level.nodes.push(wrong);
  // Bytes behind it, so that only the parent's end is passed.
  tree.push(make(unknownNumber({ nodes: tree, type, parent: undefined }, draw), 2, new Uint8Array(20)));
  return expectation(type, tree, { node: wrong, offset: (place) => place(wrong).tag });
}

function parentTooShort(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const level = innerLevel(type, tree, draw);
  if (level?.parent === undefined) return undefined;
  const wireType = pick([0, 1, 2, 5], draw) as number;
  const content = wireType === 0 ? Uint8Array.of(0x80, 0x80, 1) : contentFor(wireType);
  const wrong = make(unknownNumber(level, draw), wireType, content);
  level.nodes.push(wrong);
  const size = encodeWire([wrong]).length;
  const missing = draw(fc.integer, { min: 1, max: size - 1 });
  level.parent.promise = -missing;
  const tagSize = varint(wrong.number * 8).length;
  const insideTag = size - missing < tagSize;
  return expectation(type, tree, {
    node: insideTag ? level.parent : wrong,
    offset: (place) => {
      const atLength = wireType === 2 && size - missing < tagSize + 1;
      return !insideTag && (wireType === 0 || atLength) ? place(wrong).length : place(wrong).tag;
    },
  });
}

function runTooShort(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const found = target(type, tree, draw, (shape) => shape.packable);
  if (found === undefined) return undefined;
  const { level, shape } = found;
  const element = shape.wireType === 0 ? Uint8Array.of(0x80, 0x80, 1) : contentFor(shape.wireType);
  const before = draw(fc.nat, { max: 3 });
  const run = Uint8Array.from(Array.from({ length: before + 1 }, () => [...element]).flat());
  const wrong = make(shape.number, 2, run, { promise: -draw(fc.integer, { min: 1, max: element.length - 1 }) });
  insert(level, wrong, draw);
  return expectation(type, tree, { node: wrong, offset: (place) => place(wrong).content + before * element.length });
}

/** Each begins no well-formed sequence; the last two do if more of the right bytes follow. */
const illFormed = [
  [0x80],
  [0xbf],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xe0, 0x9f, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xff],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
];

function notUtf8(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const found = target(type, tree, draw, (shape) => shape.string);
  if (found === undefined) return undefined;
  const { level, shape } = found;
  const before = new TextEncoder().encode(draw(fc.string, { unit: "binary" as const }));
  const content = [...before, ...(pick(illFormed, draw) as number[]), ...(draw(fc.boolean) ? [0x61] : [])];
  const wrong = make(shape.number, 2, Uint8Array.from(content));
  insert(level, wrong, draw);
  return expectation(type, tree, { node: wrong, offset: (place) => place(wrong).content + before.length });
}

function armTwice(type: MessageType, tree: WireNode[], draw: Draw): Malformed | undefined {
  const found = target(type, tree, draw, (shape) => shape.oneof);
  if (found === undefined) return undefined;
  const { level, shape } = found;
  const content = shape.message || shape.wireType === 2 ? new Uint8Array() : contentFor(shape.wireType);
  const second = make(shape.number, shape.wireType, content);
  insert(level, make(shape.number, shape.wireType, content), draw);
  const first = level.nodes.findIndex(({ number }) => number === shape.number);
  level.nodes.splice(draw(fc.integer, { min: first + 1, max: level.nodes.length }), 0, second);
  return expectation(type, tree, { node: second, bare: true, offset: (place) => place(second).tag });
}
