"""Decodes messages with protobuf's Python implementation: the other side of python.it.test.ts.

Standard input has a line a message: the full name of its type, a space, its bytes in hex. Standard output has a line for
each: `ok`, a space and the bytes of what was read in hex (deterministic, unknown fields kept), or `error` and why.
"""

import importlib
import sys

from google.protobuf import descriptor_pool, message, message_factory

sys.path.insert(0, sys.argv[1])
for version in ("v1", "v2"):
    for file in ("events", "chat"):
        importlib.import_module(f"schemas.chat.{version}.{file}_pb2")
pool = descriptor_pool.Default()

for line in sys.stdin:
    name, _, encoded = line.rstrip("\n").partition(" ")
    decoded = message_factory.GetMessageClass(pool.FindMessageTypeByName(name))()
    try:
        decoded.ParseFromString(bytes.fromhex(encoded))
    except message.DecodeError as error:
        print("error", error)
    else:
        print("ok", decoded.SerializeToString(deterministic=True).hex())
