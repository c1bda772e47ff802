import fc from "fast-check";
import type { Draw } from "./any-encoding.ts";
import { encodeWire, type FieldShape, type MessageType, type Place, shapesOf, type WireNode } from "./wire-tree.ts";

/** Damaged bytes, and what a strict decoder must say of them. */
export interface Malformed {
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly offset: number;
}

/** A list of elements in the tree: the tree itself, or the content of a sub-message. */
export interface Level {
  readonly nodes: WireNode[];
  readonly type: MessageType;
  readonly parent: WireNode | undefined;
}

export function levels(type: MessageType, nodes: WireNode[], parent?: WireNode): Level[] {
  const inner = nodes.flatMap((node) =>
    Array.isArray(node.content) && node.type !== undefined ? levels(node.type, node.content, node) : [],
  );
  return [{ nodes, type, parent }, ...inner];
}

export function pick<T>(items: readonly T[], draw: Draw): T | undefined {
  return items.length === 0 ? undefined : items[draw(fc.nat, { max: items.length - 1 })];
}

/** A level with a field of the wanted shape, and that shape. */
export function target(
  type: MessageType,
  tree: WireNode[],
  draw: Draw,
  fits: (shape: FieldShape) => boolean,
): { level: Level; shape: FieldShape } | undefined {
  const level = pick(
    levels(type, tree).filter((candidate) => shapesOf(candidate.type).some(fits)),
    draw,
  );
  const shape = level && pick(shapesOf(level.type).filter(fits), draw);
  return level && shape && { level, shape };
}

/** Puts a node at a random place of a level; an arm of a oneof in the place of the one that may be there. */
export function insert({ nodes, type }: Pick<Level, "nodes" | "type">, added: WireNode, draw: Draw, from = 0): void {
  if (shapesOf(type).some(({ number, oneof }) => oneof && number === added.number)) remove(nodes, added.number);
  nodes.splice(draw(fc.integer, { min: Math.min(from, nodes.length), max: nodes.length }), 0, added);
}

export function make(
  number: number,
  wireType: number,
  content: Uint8Array | WireNode[],
  more: Partial<WireNode> = {},
): WireNode {
  return { number, wireType, content, field: undefined, type: undefined, ...more };
}

/** A number that the level's type has not, below 16 so that its tag takes one byte, or far above. */
export function unknownNumber(level: Level, draw: Draw): number {
  const known = new Set(shapesOf(level.type).map((shape) => shape.number));
  const numbers = [1, 2, 3, 9, 15, 16, 500, 0x1fff_ffff].filter((number) => !known.has(number));
  return pick(numbers, draw) as number;
}

export function contentFor(wireType: number): Uint8Array {
  if (wireType === 1) return new Uint8Array(8);
  if (wireType === 5) return new Uint8Array(4);
  return wireType === 0 ? Uint8Array.of(5) : Uint8Array.of(0x61, 0x62);
}

/** The path of a node; `bare`: its own name without its index in a list. */
export function pathOf(
  type: MessageType,
  nodes: readonly WireNode[],
  wanted: WireNode,
  bare: boolean,
): string | undefined {
  const counts = new Map<number, number>();
  for (const candidate of nodes) {
    const shape = shapesOf(type).find(({ number }) => number === candidate.number);
    let name = shape?.name ?? `[${candidate.number}]`;
    if (shape?.repeated && !(bare && candidate === wanted)) {
      const index = counts.get(candidate.number) ?? 0;
      counts.set(candidate.number, index + 1);
      name = `${name}[${index}]`;
    }
    if (candidate === wanted) return name;
    if (Array.isArray(candidate.content) && candidate.type !== undefined) {
      const inner = pathOf(candidate.type, candidate.content, wanted, bare);
      if (inner !== undefined) return `${name}.${inner}`;
    }
  }
  return undefined;
}

/** Encodes the damaged tree and says what is expected of it. */
export function expectation(
  type: MessageType,
  tree: WireNode[],
  at: { node: WireNode | undefined; bare?: boolean; offset: (place: (of: WireNode) => Place) => number },
): Malformed {
  const places = new Map<WireNode, Place>();
  const bytes = encodeWire(tree, places);
  const path = at.node === undefined ? "" : pathOf(type, tree, at.node, at.bare ?? false);
  if (path === undefined) throw new Error("the damaged node is not in the tree");
  return { bytes, path, offset: at.offset((of) => places.get(of) as Place) };
}

/** Takes all elements of a number out. */
export function remove(nodes: WireNode[], number: number): void {
  nodes.splice(0, nodes.length, ...nodes.filter((candidate) => candidate.number !== number));
}
