import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import type { SourceCodeInfo_Location } from "@bufbuild/protobuf/wkt";

/** Whatever is declared in a .proto file. */
export type Declared = DescFile | DescMessage | DescField | DescOneof | DescEnum | DescEnumValue | DescService;

/** The file that a declaration stands in. */
export function fileOf(declared: Declared): DescFile {
  switch (declared.kind) {
    case "file":
      return declared;
    case "message":
    case "enum":
    case "service":
      return declared.file;
    default:
      return declared.parent.file;
  }
}

/** First and last line of a declaration, counted from 1; undefined when the image has no source positions. */
export function linesOf(declared: Declared): { readonly first: number; readonly last: number } | undefined {
  const span = locationOf(declared)?.span;
  if (span?.[0] === undefined) return undefined;
  // [first line, first column, last line, last column], or three numbers when both lines are the same.
  return { first: span[0] + 1, last: (span.length === 4 ? (span[2] as number) : span[0]) + 1 };
}

/** The comment above a declaration and the one behind it, as running text. */
export function commentOf(declared: Declared): string {
  const location = locationOf(declared);
  return `${location?.leadingComments ?? ""} ${location?.trailingComments ?? ""}`.replace(/\s+/g, " ").trim();
}

function locationOf(declared: Declared): SourceCodeInfo_Location | undefined {
  const file = fileOf(declared);
  let index = locations.get(file);
  if (index === undefined) {
    index = new Map((file.proto.sourceCodeInfo?.location ?? []).map((location) => [location.path.join(), location]));
    locations.set(file, index);
  }
  return index.get(pathOf(declared).join());
}

const locations = new WeakMap<DescFile, ReadonlyMap<string, SourceCodeInfo_Location>>();

/** The path of a declaration by the field numbers of descriptor.proto. */
function pathOf(declared: Declared): number[] {
  switch (declared.kind) {
    case "file":
      return [12];
    case "message":
      return declared.parent === undefined
        ? [4, declared.file.proto.messageType.indexOf(declared.proto)]
        : [...pathOf(declared.parent), 3, declared.parent.proto.nestedType.indexOf(declared.proto)];
    case "enum":
      return declared.parent === undefined
        ? [5, declared.file.proto.enumType.indexOf(declared.proto)]
        : [...pathOf(declared.parent), 4, declared.parent.proto.enumType.indexOf(declared.proto)];
    case "service":
      return [6, declared.file.proto.service.indexOf(declared.proto)];
    case "field":
      return [...pathOf(declared.parent), 2, declared.parent.proto.field.indexOf(declared.proto)];
    case "oneof":
      return [...pathOf(declared.parent), 8, declared.parent.proto.oneofDecl.indexOf(declared.proto)];
    default:
      return [...pathOf(declared.parent), 2, declared.parent.proto.value.indexOf(declared.proto)];
  }
}

/** All message types of files, nested ones included. */
export function messagesOf(files: Iterable<DescFile>): DescMessage[] {
  const nested = (message: DescMessage): DescMessage[] => [message, ...message.nestedMessages.flatMap(nested)];
  return [...files].flatMap((file) => file.messages.flatMap(nested));
}

/** All enums of files, nested ones included. */
export function enumsOf(files: Iterable<DescFile>): DescEnum[] {
  const all = [...files];
  return [...all.flatMap((file) => file.enums), ...messagesOf(all).flatMap((message) => message.nestedEnums)];
}
