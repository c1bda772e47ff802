import { join } from "node:path";
import type { Edges } from "./edges.ts";
import { CompatError } from "./error.ts";
import { type Image, mergeImages, readImage } from "./image.ts";
import { shown } from "./module-files.ts";

/** A released image in a baseline directory. */
export interface ReleasedImage {
  /** The protobuf package, `chat.v1`. */
  readonly package: string;
  /** 1 for the first release of the package, 2, …; the newest is undefined. */
  readonly release: number | undefined;
  readonly path: string;
}

/**
 * The images of a baseline directory: `<package>.binpb` is the newest release of a package, `<package>/<n>.binpb` with
 * n = 1, 2, … are those before it, the oldest first.
 */
export function listBaseline(edges: Edges, directory: string): ReleasedImage[] {
  return edges.list(directory).flatMap((name): ReleasedImage[] => {
    const path = join(directory, name);
    if (edges.kindOf(path) === "file") {
      return name.endsWith(".binpb") ? [{ package: name.slice(0, -".binpb".length), release: undefined, path }] : [];
    }
    return edges.list(path).flatMap((inner): ReleasedImage[] => {
      const release = /^([1-9]\d*)\.binpb$/.exec(inner)?.[1];
      return release === undefined ? [] : [{ package: name, release: Number(release), path: join(path, inner) }];
    });
  });
}

/**
 * The releases of a baseline directory, the newest first: each has of every package the newest, second newest, … image.
 *
 * @throws CompatError `baseline` when there is none
 */
export function readReleases(edges: Edges, directory: string, cwd: string): Image[] {
  const all = listBaseline(edges, directory);
  const packages = new Map<string, ReleasedImage[]>();
  for (const image of all) packages.set(image.package, [...(packages.get(image.package) ?? []), image]);
  for (const [name, images] of packages) {
    if (!images.some(({ release }) => release === undefined)) {
      throw new CompatError(
        "baseline",
        `${shown(cwd, directory)}/${name}.binpb, the newest release of ${name}, is missing`,
      );
    }
  }
  if (packages.size === 0) {
    const place = shown(cwd, directory);
    throw new CompatError(
      "baseline",
      `no baseline: expected images ${place}/<package>.binpb; compare with --against DIR, an image or a git ref, or write them at a release`,
    );
  }
  const byAge = [...packages.values()].map((images) =>
    images.toSorted((a, b) => (b.release ?? Number.POSITIVE_INFINITY) - (a.release ?? Number.POSITIVE_INFINITY)),
  );
  const ages = Math.max(...byAge.map((images) => images.length));
  return Array.from({ length: ages }, (_, age) =>
    mergeImages(
      byAge.flatMap((images) => {
        const image = images[age];
        const bytes = image && edges.read(image.path);
        return image === undefined || bytes === undefined ? [] : [readImage(bytes, shown(cwd, image.path))];
      }),
    ),
  );
}
