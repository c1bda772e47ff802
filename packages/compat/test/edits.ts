/** A kind of edit: the file before and after it, and what the gate must say. */
export interface Edit {
  readonly name: string;
  /** Body of a proto3 file (`syntax` and `package` are put before it, unless it begins with `syntax`). */
  readonly before: string;
  /** undefined: the file is deleted. */
  readonly after: string | undefined;
  /** Package of the file after the edit; default: the same. */
  readonly packageAfter?: string;
}

const message = (fields: string): string => `message M { ${fields} }`;
const field = (before: string, after: string): Pick<Edit, "before" | "after"> => ({
  before: message(before),
  after: message(after),
});
const enumerated = (before: string, after: string): Pick<Edit, "before" | "after"> => ({
  before: `${message("E e = 1;")} enum E { ${before} }`,
  after: `${message("E e = 1;")} enum E { ${after} }`,
});
const edition = (presence: string): string =>
  `syntax = "proto2"; package PACKAGE; message M { ${presence} int32 a = 1; optional string b = 2; }`;

/** All kinds of edit, by what they touch. */
export const edits: readonly Edit[] = [
  // Nothing that matters.
  { name: "nothing", ...field("int32 a = 1;", "int32 a = 1;") },
  { name: "a comment", ...field("int32 a = 1;", "/* what it is */ int32 a = 1;") },
  { name: "order of fields", ...field("int32 a = 1; string b = 2;", "string b = 2; int32 a = 1;") },
  { name: "deprecated", ...field("int32 a = 1;", "int32 a = 1 [deprecated = true];") },
  // Fields come and go.
  { name: "add a field", ...field("int32 a = 1;", "int32 a = 1; string b = 2;") },
  {
    name: "add a message",
    before: message("int32 a = 1;"),
    after: `${message("int32 a = 1;")} message N { int32 a = 1; }`,
  },
  { name: "delete a field", ...field("int32 a = 1; string b = 2;", "int32 a = 1;") },
  {
    name: "delete and reserve a field",
    ...field("int32 a = 1; string b = 2;", 'int32 a = 1; reserved 2; reserved "b";'),
  },
  { name: "renumber a field", ...field("string a = 1;", "string a = 2;") },
  { name: "swap two numbers", ...field("string a = 1; string b = 2;", "string b = 1; string a = 2;") },
  { name: "rename a field", ...field("string a = 1;", "string b = 1;") },
  { name: "rename, JSON name kept", ...field("string a = 1;", 'string b = 1 [json_name = "a"];') },
  { name: "change json_name", ...field("string a = 1;", 'string a = 1 [json_name = "z"];') },
  {
    name: "swap json_names",
    ...field(
      'string a = 1 [json_name = "x"]; string b = 2 [json_name = "y"];',
      'string a = 1 [json_name = "y"]; string b = 2 [json_name = "x"];',
    ),
  },
  { name: "reuse a number with another type", ...field("string a = 1;", "int32 b = 1;") },
  { name: "reuse a reserved number", ...field("reserved 2; int32 a = 1;", "int32 a = 1; string b = 2;") },
  { name: "reuse a reserved name", ...field('reserved "b"; int32 a = 1;', "int32 a = 1; string b = 2;") },
  { name: "drop a reservation", ...field("reserved 2; int32 a = 1;", "int32 a = 1;") },
  // Scalar types with another meaning on the wire.
  { name: "int32 to string", ...field("int32 a = 1;", "string a = 1;") },
  { name: "string to int32", ...field("string a = 1;", "int32 a = 1;") },
  { name: "string to bytes", ...field("string a = 1;", "bytes a = 1;") },
  { name: "bytes to string", ...field("bytes a = 1;", "string a = 1;") },
  { name: "int32 to int64", ...field("int32 a = 1;", "int64 a = 1;") },
  { name: "int64 to int32", ...field("int64 a = 1;", "int32 a = 1;") },
  { name: "int32 to uint32", ...field("int32 a = 1;", "uint32 a = 1;") },
  { name: "uint32 to uint64", ...field("uint32 a = 1;", "uint64 a = 1;") },
  { name: "int32 to sint32", ...field("int32 a = 1;", "sint32 a = 1;") },
  { name: "sint64 to int64", ...field("sint64 a = 1;", "int64 a = 1;") },
  { name: "int32 to fixed32", ...field("int32 a = 1;", "fixed32 a = 1;") },
  { name: "fixed32 to sfixed32", ...field("fixed32 a = 1;", "sfixed32 a = 1;") },
  { name: "fixed32 to float", ...field("fixed32 a = 1;", "float a = 1;") },
  { name: "fixed64 to double", ...field("fixed64 a = 1;", "double a = 1;") },
  { name: "float to double", ...field("float a = 1;", "double a = 1;") },
  { name: "double to int64", ...field("double a = 1;", "int64 a = 1;") },
  { name: "bool to int32", ...field("bool a = 1;", "int32 a = 1;") },
  { name: "int32 to bool", ...field("int32 a = 1;", "bool a = 1;") },
  {
    name: "int32 to enum",
    before: `${message("int32 a = 1;")} enum E { U = 0; A = 1; }`,
    after: `${message("E a = 1;")} enum E { U = 0; A = 1; }`,
  },
  {
    name: "enum to int32",
    before: `${message("E a = 1;")} enum E { U = 0; A = 1; }`,
    after: `${message("int32 a = 1;")} enum E { U = 0; A = 1; }`,
  },
  {
    name: "enum to string",
    before: `${message("E a = 1;")} enum E { U = 0; A = 1; }`,
    after: `${message("string a = 1;")} enum E { U = 0; A = 1; }`,
  },
  // Presence and cardinality.
  { name: "implicit to optional", ...field("int32 a = 1;", "optional int32 a = 1;") },
  { name: "optional to implicit", ...field("optional int32 a = 1;", "int32 a = 1;") },
  { name: "singular to repeated scalar", ...field("int32 a = 1;", "repeated int32 a = 1;") },
  { name: "repeated to singular scalar", ...field("repeated int32 a = 1;", "int32 a = 1;") },
  { name: "singular to repeated string", ...field("string a = 1;", "repeated string a = 1;") },
  { name: "repeated to singular string", ...field("repeated string a = 1;", "string a = 1;") },
  { name: "packed to unpacked", ...field("repeated int32 a = 1;", "repeated int32 a = 1 [packed = false];") },
  { name: "proto2 required to optional", before: edition("required"), after: edition("optional") },
  { name: "proto2 optional to required", before: edition("optional"), after: edition("required") },
  {
    name: "proto2 default value",
    before: edition("optional").replace("= 1;", "= 1 [default = 5];"),
    after: edition("optional").replace("= 1;", "= 1 [default = 6];"),
  },
  // Maps.
  { name: "map value type", ...field("map<string, int32> a = 1;", "map<string, string> a = 1;") },
  { name: "map key type", ...field("map<int32, string> a = 1;", "map<string, string> a = 1;") },
  { name: "map key sign", ...field("map<int32, string> a = 1;", "map<sint32, string> a = 1;") },
  {
    name: "map to entries",
    before: message("map<string, string> a = 1;"),
    after: `${message("repeated P a = 1;")} message P { string key = 1; string value = 2; }`,
  },
  {
    name: "entries to map",
    before: `${message("repeated P a = 1;")} message P { string key = 1; string value = 2; }`,
    after: `${message("map<string, string> a = 1;")} message P { string key = 1; string value = 2; }`,
  },
  // Oneofs.
  {
    name: "move two fields into a oneof",
    ...field("string a = 1; string b = 2;", "oneof o { string a = 1; string b = 2; }"),
  },
  { name: "move one field into a new oneof", ...field("string a = 1;", "oneof o { string a = 1; }") },
  {
    name: "move fields out of a oneof",
    ...field("oneof o { string a = 1; string b = 2; }", "string a = 1; string b = 2;"),
  },
  { name: "add an arm to a oneof", ...field("oneof o { string a = 1; }", "oneof o { string a = 1; int32 b = 2; }") },
  { name: "delete an arm of a oneof", ...field("oneof o { string a = 1; int32 b = 2; }", "oneof o { string a = 1; }") },
  { name: "rename a oneof", ...field("oneof o { string a = 1; }", "oneof p { string a = 1; }") },
  // Enums.
  { name: "add an enum value", ...enumerated("U = 0; A = 1;", "U = 0; A = 1; B = 2;") },
  { name: "remove an enum value", ...enumerated("U = 0; A = 1; B = 2;", "U = 0; A = 1;") },
  {
    name: "remove and reserve an enum value",
    ...enumerated("U = 0; A = 1; B = 2;", 'U = 0; A = 1; reserved 2; reserved "B";'),
  },
  { name: "rename an enum value", ...enumerated("U = 0; A = 1;", "U = 0; AA = 1;") },
  { name: "rename the zero of an enum", ...enumerated("U = 0; A = 1;", "UU = 0; A = 1;") },
  { name: "renumber an enum value", ...enumerated("U = 0; A = 1;", "U = 0; A = 2;") },
  { name: "swap enum values", ...enumerated("U = 0; A = 1; B = 2;", "U = 0; B = 1; A = 2;") },
  {
    name: "enum alias placed first",
    ...enumerated("U = 0; A = 1;", "option allow_alias = true; U = 0; AA = 1; A = 1;"),
  },
  {
    name: "enum alias placed last",
    ...enumerated("U = 0; A = 1;", "option allow_alias = true; U = 0; A = 1; AA = 1;"),
  },
  // Messages, packages, files.
  {
    name: "swap the message type",
    before: `${message("P a = 1;")} message P { string x = 1; } message Q { int32 x = 1; }`,
    after: `${message("Q a = 1;")} message P { string x = 1; } message Q { int32 x = 1; }`,
  },
  {
    name: "swap for a message of the same shape",
    before: `${message("P a = 1;")} message P { string x = 1; } message Q { string x = 1; }`,
    after: `${message("Q a = 1;")} message P { string x = 1; } message Q { string x = 1; }`,
  },
  {
    name: "string to message",
    before: `${message("string a = 1;")} message P { string x = 1; }`,
    after: `${message("P a = 1;")} message P { string x = 1; }`,
  },
  {
    name: "message to string",
    before: `${message("P a = 1;")} message P { string x = 1; }`,
    after: `${message("string a = 1;")} message P { string x = 1; }`,
  },
  {
    name: "change inside a nested message",
    before: `${message("P a = 1;")} message P { string x = 1; }`,
    after: `${message("P a = 1;")} message P { bytes x = 1; }`,
  },
  {
    name: "delete a message",
    before: `${message("int32 a = 1;")} message N { int32 a = 1; }`,
    after: message("int32 a = 1;"),
  },
  {
    name: "rename a message",
    before: `${message("P a = 1;")} message P { string x = 1; }`,
    after: `${message("R a = 1;")} message R { string x = 1; }`,
  },
  {
    name: "nest a message",
    before: `${message("P a = 1;")} message P { string x = 1; }`,
    after: "message M { P a = 1; message P { string x = 1; } }",
  },
  {
    name: "rename the package",
    before: message("int32 a = 1;"),
    after: message("int32 a = 1;"),
    packageAfter: "renamed.v1",
  },
  { name: "delete the file", before: message("int32 a = 1;"), after: undefined },
  {
    name: "delete a service's method",
    before: `${message("int32 a = 1;")} service S { rpc A(M) returns (M); rpc B(M) returns (M); }`,
    after: `${message("int32 a = 1;")} service S { rpc A(M) returns (M); }`,
  },
  {
    name: "proto3 to proto2",
    before: message("repeated int32 a = 1; E e = 2; string s = 3;").concat(" enum E { U = 0; A = 1; }"),
    after: `syntax = "proto2"; package PACKAGE; message M { repeated int32 a = 1; optional E e = 2; optional string s = 3; } enum E { U = 0; A = 1; }`,
  },
  {
    name: "proto2 group gains a field",
    before: 'syntax = "proto2"; package PACKAGE; message M { optional group G = 1 { optional int32 a = 1; } }',
    after:
      'syntax = "proto2"; package PACKAGE; message M { optional group G = 1 { optional int32 a = 1; optional string b = 2; } }',
  },
  // What comments promise.
  { name: "a unit in a comment", ...field("\n// In milliseconds.\nint32 a = 1;", "\n// In seconds.\nint32 a = 1;") },
  {
    name: "a topic in a comment",
    ...field("\n// Topic llm.text.\nstring a = 1;", "\n// Topic llm.status.\nstring a = 1;"),
  },
];
