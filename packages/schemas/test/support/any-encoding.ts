import { type DescMessage, type Message, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { type FieldShape, type MessageType, parseWire, shapesOf, varint, type WireNode, widen } from "./wire-tree.ts";

/** Draws values inside a property: fast-check's `fc.gen()`. */
export type Draw = fc.GeneratorValue;

/**
 * Some legal encoding of a message, as a tree, of all those that say the same: fields in any order, zero values spelled
 * out, scalars that are written again later, sub-messages in two pieces, lists packed, loose or in several runs,
 * varints, tags and lengths longer than they need be.
 */
export function someTree(desc: DescMessage, message: Message, draw: Draw): WireNode[] {
  return vary(desc, parseWire(desc, toBinary(desc, message)), draw);
}

function vary(type: MessageType, nodes: readonly WireNode[], draw: Draw): WireNode[] {
  const queues = new Map<number, WireNode[]>();
  for (const node of nodes) {
    const shape = shapesOf(type).find((candidate) => candidate.number === node.number);
    // Unknown fields keep their order among each other: it is part of what is read.
    const name = shape?.number ?? 0;
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    queue.push(...varyNode(shape, node, draw));
  }
  for (const shape of shapesOf(type)) {
    if (
      shape.implicit &&
      !shape.repeated &&
      shape.scalar !== undefined &&
      !queues.has(shape.number) &&
      chance(draw, 8)
    ) {
      queues.set(shape.number, [leaf(shape, zero(shape))]);
    }
  }
  return interleave([...queues.values()], draw);
}

function varyNode(shape: FieldShape | undefined, node: WireNode, draw: Draw): WireNode[] {
  if (shape === undefined) return [node];
  if (Array.isArray(node.content) && node.type !== undefined) {
    const content = vary(node.type, node.content, draw);
    if (!shape.repeated && !shape.oneof && content.length > 1 && chance(draw, 3)) {
      const cut = draw(fc.integer, { min: 0, max: content.length });
      return [
        stretched({ ...node, content: content.slice(0, cut) }, draw),
        stretched({ ...node, content: content.slice(cut) }, draw),
      ];
    }
    return [stretched({ ...node, content }, draw)];
  }
  if (shape.packable) return varyList(shape, node, draw).map((piece) => stretched(piece, draw));
  const copies = [stretched(node, draw)];
  // The unknown numbers of proto2's closed enums are kept beside the value, so that no later one replaces them.
  const closed = shape.field?.enum?.open === false;
  if (!shape.repeated && !shape.oneof && !closed && chance(draw, 4)) copies.unshift(leaf(shape, other(shape, draw)));
  return copies;
}

/** A run of a packed list, or one loose element, as some runs and loose elements. */
function varyList(shape: FieldShape, node: WireNode, draw: Draw): WireNode[] {
  const bytes = node.content as Uint8Array;
  const elements = node.wireType === 2 ? elementsOf(shape, bytes) : [bytes];
  const pieces: WireNode[] = [];
  while (elements.length > 0) {
    if (chance(draw, 2)) {
      pieces.push({ ...node, wireType: shape.wireType, content: elements.shift() as Uint8Array });
    } else {
      const run = elements.splice(0, draw(fc.integer, { min: 0, max: elements.length }));
      pieces.push({ ...node, wireType: 2, content: Uint8Array.from(run.flatMap((element) => [...element])) });
    }
  }
  return pieces;
}

function elementsOf(shape: FieldShape, bytes: Uint8Array): Uint8Array[] {
  const elements: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    let end = start + (shape.wireType === 1 ? 8 : 4);
    if (shape.wireType === 0) {
      end = start;
      while ((bytes[end] as number) >= 0x80) end++;
      end++;
    }
    elements.push(bytes.slice(start, end));
    start = end;
  }
  return elements;
}

/** Longer than need be: the tag and length up to 5 bytes, a varint up to 10. */
function stretched(node: WireNode, draw: Draw): WireNode {
  const made = { ...node };
  if (chance(draw, 6)) made.tagWidth = draw(fc.integer, { min: 1, max: 5 });
  if (chance(draw, 6)) made.lengthWidth = draw(fc.integer, { min: 1, max: 5 });
  if (node.wireType === 0 && chance(draw, 4)) {
    made.content = widen(node.content as Uint8Array, draw(fc.integer, { min: 1, max: 10 }));
  }
  return made;
}

function leaf(shape: FieldShape, content: Uint8Array): WireNode {
  return { number: shape.number, wireType: shape.wireType, field: shape.field, type: undefined, content };
}

function zero(shape: FieldShape): Uint8Array {
  return new Uint8Array(shape.wireType === 1 ? 8 : shape.wireType === 5 ? 4 : shape.wireType === 2 ? 0 : 1);
}

function other(shape: FieldShape, draw: Draw): Uint8Array {
  if (shape.wireType === 0) return varint(draw(fc.nat));
  if (shape.wireType === 2) return new TextEncoder().encode(draw(fc.string));
  const length = shape.wireType === 1 ? 8 : 4;
  return draw(fc.uint8Array, { minLength: length, maxLength: length });
}

/** One in `of` times. */
function chance(draw: Draw, of: number): boolean {
  return draw(fc.nat, { max: of - 1 }) === of - 1;
}

/** The queues merged at random; each keeps its order. */
function interleave(queues: WireNode[][], draw: Draw): WireNode[] {
  const merged: WireNode[] = [];
  const left = queues.filter((queue) => queue.length > 0);
  while (left.length > 0) {
    const index = draw(fc.nat, { max: left.length - 1 });
    merged.push((left[index] as WireNode[]).shift() as WireNode);
    if (left[index]?.length === 0) left.splice(index, 1);
  }
  return merged;
}
