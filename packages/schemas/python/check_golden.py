"""Checks the golden vectors of proto/golden with protobuf's Python implementation, whichever is installed.

canonical: the JSON becomes the bytes, deterministically, and the bytes become the JSON. decode-only: the bytes become the
JSON, and are written again as the vector says. reject: the bytes are refused. Where the vector says that this
implementation does otherwise ("elsewhere"), the bytes are read and written again as it says.

The types come from a FileDescriptorSet (protoc --include_imports --descriptor_set_out=FILE), not from generated code, so
that every version of protobuf can read them. Exit status: 0 all is as it should be - 1 a vector is not, or none was
found - 2 wrong usage.
"""

import argparse
import collections
import json
import sys
from pathlib import Path
from typing import Any

import google.protobuf
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.internal import api_implementation
from google.protobuf.message import DecodeError

# The well-known type that our messages use, for json_format.
from google.protobuf import timestamp_pb2  # noqa: F401


def main() -> None:
    options = parse_arguments()
    types = load_types(options.descriptors)
    implementation = api_implementation.Type()
    counts: collections.Counter[str] = collections.Counter()
    failures = 0
    for file in sorted(options.golden.glob("*/*/*.expect.json")):
        expectation = json.loads(file.read_text(encoding="utf-8"))
        counts[expectation["expect"]] += 1
        for problem in check(types, file, expectation):
            failures += 1
            print(f"{file.relative_to(options.golden)}: {problem}", file=sys.stderr)
    total = ", ".join(f"{counts[kind]} {kind}" for kind in ("canonical", "decode-only", "reject"))
    print(f"protobuf {google.protobuf.__version__} ({implementation}): {total}; {failures} not as expected")
    if failures > 0 or not counts:
        raise SystemExit(1)


def parse_arguments() -> argparse.Namespace:
    summary, _, details = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--descriptors", required=True, type=Path, metavar="FILE", help="a FileDescriptorSet")
    parser.add_argument("--golden", required=True, type=Path, metavar="DIR", help="the directory proto/golden")
    return parser.parse_args()


def load_types(descriptors: Path) -> Any:
    """A function from the full name of a message to its class."""
    files = descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.AddSerializedFile(file.SerializeToString())
    # Before protobuf 4.22 there is no GetMessageClass.
    get_class = getattr(message_factory, "GetMessageClass", None)
    if get_class is None:
        get_class = message_factory.MessageFactory(pool).GetPrototype
    return lambda name: get_class(pool.FindMessageTypeByName(name))


def check(types: Any, file: Path, expectation: dict[str, Any]) -> list[str]:
    """What is not as the vector says."""
    stem = str(file).removesuffix(".expect.json")
    encoded = bytes.fromhex(Path(f"{stem}.binpb.hex").read_text(encoding="ascii"))
    message_class = types(expectation["message"])
    message = message_class()
    other = next((entry for entry in expectation.get("elsewhere", []) if api_implementation.Type() in entry["by"]), None)
    refused = expectation["expect"] == "reject" and other is None
    try:
        message.ParseFromString(encoded)
    except (DecodeError, UnicodeDecodeError) as error:
        # The implementation in pure Python lets the second through.
        return [] if refused else [f"is refused: {error}"]
    written = message.SerializeToString(deterministic=True).hex()
    if refused:
        return [f"is accepted, and read as {written}"]
    if other is not None:
        return difference("written again", written, other["rewritten"])

    problems: list[str] = []
    if expectation["expect"] == "canonical":
        problems += difference("written again", written, encoded.hex())
    else:
        problems += difference("written again", written, expectation["rewritten"])
    if "noJson" in expectation:
        return problems + ([] if to_json(message) is None else ["has JSON"])
    text = Path(f"{stem}.json").read_text(encoding="utf-8")
    problems += difference("as JSON", to_json(message), json.loads(text))
    if expectation["expect"] == "canonical":
        parsed = json_format.Parse(text, message_class())
        problems += difference("from JSON", parsed.SerializeToString(deterministic=True).hex(), encoded.hex())
    return problems


def to_json(message: Any) -> Any:
    """ProtoJSON as Python values; None where the message has none."""
    try:
        return json_format.MessageToDict(message)
    except (json_format.Error, ValueError, OverflowError):
        return None


def difference(what: str, got: Any, want: Any) -> list[str]:
    return [] if got == want else [f"{what}: {got!r}, want {want!r}"]


if __name__ == "__main__":
    main()
