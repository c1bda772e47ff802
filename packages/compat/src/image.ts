import { create, createFileRegistry, type DescFile, type FileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { CompatError } from "./error.ts";

/** A compiled set of .proto files with their imports, as `buf build` writes it. */
export interface Image {
  readonly bytes: Uint8Array;
  readonly types: FileRegistry;
  /** The files themselves, without those that are only imported from outside the module. */
  readonly files: readonly DescFile[];
}

/** @throws CompatError `usage` when the bytes are no image; `what` names them in the message */
export function readImage(bytes: Uint8Array, what: string): Image {
  try {
    const { file } = fromBinary(FileDescriptorSetSchema, bytes);
    return imageOf(file, bytes);
  } catch (cause) {
    throw new CompatError(
      "usage",
      `${what}: expected an image as \`buf build -o\` writes it: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** One image with the files of all; of a file that several have the first counts. */
export function mergeImages(images: readonly Image[]): Image {
  const [only] = images;
  if (only !== undefined && images.length === 1) return only;
  const protos = new Map<string, FileDescriptorProto>();
  for (const image of images) {
    // What one image declares, another may only import.
    const own = new Set(image.files.map((file) => file.proto));
    for (const { proto } of image.types.files) {
      if (!protos.has(proto.name) || own.has(proto)) protos.set(proto.name, protos.get(proto.name) ?? proto);
    }
  }
  const files = sorted([...protos.values()]);
  return imageOf(files, toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: files })));
}

/** Files after what they import, as images have them. */
function sorted(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const done = new Set<FileDescriptorProto>();
  const visit = (file: FileDescriptorProto): void => {
    if (done.has(file)) return;
    for (const name of file.dependency) {
      const dependency = byName.get(name);
      if (dependency !== undefined) visit(dependency);
    }
    done.add(file);
  };
  for (const file of files) visit(file);
  return [...done];
}

function imageOf(protos: readonly FileDescriptorProto[], bytes: Uint8Array): Image {
  const types = createFileRegistry(create(FileDescriptorSetSchema, { file: [...protos] }));
  const files = [...types.files].filter((file) => !isImport(file.proto));
  return { bytes, types, files };
}

/** Number of buf's extension `buf_extension` of FileDescriptorProto; field 1 of it is `is_import`. */
const bufExtension = 8042;

function isImport(file: FileDescriptorProto): boolean {
  const extension = file.$unknown?.find(({ no }) => no === bufExtension);
  // Its bytes: a length, then `08 01` when is_import is true, which is its first field.
  return extension !== undefined && extension.data[1] === 0x08 && extension.data[2] === 0x01;
}
