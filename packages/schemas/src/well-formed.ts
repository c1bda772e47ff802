import type { DescMessage, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";

/**
 * Looks through all strings of a message for one with a lone surrogate, which UTF-8 can't hold: protobuf-es would write
 * U+FFFD in its place and say nothing.
 * @returns the path of the first, `content[0].text.text`, or undefined.
 */
export function findIllFormedString(desc: DescMessage, message: Message): string | undefined {
  const view = reflect(desc, message, false);
  for (const field of desc.fields) {
    if (!view.isSet(field)) continue;
    let found: string | undefined;
    switch (field.fieldKind) {
      case "scalar":
        found = inValue(view.get(field));
        break;
      case "message":
        found = findIllFormedString(field.message, view.get(field).message);
        break;
      case "list": {
        let index = 0;
        for (const item of view.get(field)) {
          found = field.listKind === "message" ? findIllFormedString(field.message, messageOf(item)) : inValue(item);
          if (found !== undefined) {
            found = join(`[${index}]`, found);
            break;
          }
          index++;
        }
        break;
      }
      case "map":
        for (const [key, value] of view.get(field)) {
          found = inValue(key);
          found ??= field.mapKind === "message" ? findIllFormedString(field.message, messageOf(value)) : inValue(value);
          if (found !== undefined) {
            found = join(`[${JSON.stringify(key)}]`, found);
            break;
          }
        }
        break;
      default:
        break;
    }
    if (found !== undefined) return join(field.name, found);
  }
  return undefined;
}

/** "" for an ill-formed string: the value itself, no path inside it. */
function inValue(value: unknown): string | undefined {
  return typeof value === "string" && !value.isWellFormed() ? "" : undefined;
}

function messageOf(value: unknown): Message {
  return (value as { message: Message }).message;
}

function join(name: string, inner: string): string {
  return inner === "" || inner.startsWith("[") ? name + inner : `${name}.${inner}`;
}
