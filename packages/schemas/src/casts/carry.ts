import {
  clone,
  create,
  type DescMessage,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { type Timestamp, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { CastError, type CastSubject } from "./cast-error.ts";

/** What is cast, and where in it: for error messages. */
export interface CastPlace {
  readonly subject: CastSubject;
  /** Path of the message at hand; "" for the outermost. */
  readonly path: string;
}

/** The place of a field of the message at hand. */
export function at(place: CastPlace, field: string): CastPlace {
  return { subject: place.subject, path: pathOf(place, field) };
}

/** The path of a field of the message at hand. */
export function pathOf(place: CastPlace, field: string): string {
  return place.path === "" ? field : `${place.path}.${field}`;
}

/**
 * Makes the counterpart of a message. Unknown fields, a newer schema's, go with it as long as their numbers mean nothing
 * on the other side either.
 * @throws CastError of code `unknown-field` for one whose number the target uses: it would be misread there.
 */
export function counterpart<Desc extends DescMessage>(
  desc: Desc,
  init: MessageInitShape<Desc>,
  source: Message,
  place: CastPlace,
): MessageShape<Desc> {
  const made = create(desc, init);
  const unknown = source.$unknown ?? [];
  for (const { no } of unknown) {
    const known = desc.fields.find(({ number }) => number === no);
    if (known === undefined) continue;
    const { from, to } = place.subject;
    const detail = `a field that ${from} does not know, and ${to} would read as ${known.name}`;
    throw new CastError("unknown-field", place.subject, pathOf(place, `[${no}]`), detail);
  }
  if (unknown.length > 0) made.$unknown = unknown.map((field) => ({ ...field, data: field.data.slice() }));
  return made;
}

/** A copy, for an initialiser. */
export function timestampOf(message: { readonly timestamp?: Timestamp | undefined }): { timestamp?: Timestamp } {
  return message.timestamp === undefined ? {} : { timestamp: clone(TimestampSchema, message.timestamp) };
}
