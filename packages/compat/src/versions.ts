import type { DescMessage, FileRegistry } from "@bufbuild/protobuf";
import { closureOf } from "./closure.ts";
import { messagesOf } from "./locate.ts";
import { type SearchOptions, searchWitnesses, type Witness } from "./search.ts";

/** What one version of a contract makes of another's messages. */
export interface VersionComparison {
  /** Names of the types that both have, without the package. */
  readonly shared: readonly string[];
  /** Messages of the first version, read by the second. */
  readonly forward: readonly Witness[];
  /** Messages of the second version, read by the first. */
  readonly backward: readonly Witness[];
}

/**
 * Compares two packages, type by type of the same name: no renaming is needed. What is only new on the writer's side
 * shows as `lost`; a version that can be read beside the other shows nothing else.
 */
export function compareVersions(
  types: FileRegistry,
  first: string,
  second: string,
  options: SearchOptions,
): VersionComparison {
  const of = (name: string): Map<string, DescMessage> =>
    new Map(
      messagesOf([...types.files].filter((file) => file.proto.package === name)).map((type) => [local(type), type]),
    );
  const others = of(second);
  const pairs = [...of(first)]
    .flatMap(([name, type]) => {
      const other = others.get(name);
      return other === undefined ? [] : [[type, other] as const];
    })
    .toSorted(([a], [b]) => closureOf(a).size - closureOf(b).size);
  const registry = { writer: types, reader: types };
  return {
    shared: pairs.map(([type]) => local(type)),
    forward: searchWitnesses(pairs, registry, options),
    backward: searchWitnesses(
      pairs.map(([a, b]) => [b, a] as const),
      registry,
      options,
    ),
  };
}

/** The name of a type without its package. */
function local(type: DescMessage): string {
  return type.typeName.slice(type.file.proto.package.length + 1);
}
