"""Decodes messages with protobuf's Python implementation: the other side of replay.python.test.ts.

The arguments are descriptor sets. Standard input has a line a message: the index of the set, the full name of the type,
its bytes in hex. Standard output has a line for each: `ok` and what was read, encoded again, in hex, or `error` and why.
"""

import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory

pools = []
for path in sys.argv[1:]:
    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        files.ParseFromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for proto in files.file:
        pool.Add(proto)
    pools.append(pool)

for line in sys.stdin:
    index, name, encoded = line.rstrip("\n").split(" ")
    decoded = message_factory.GetMessageClass(pools[int(index)].FindMessageTypeByName(name))()
    try:
        decoded.ParseFromString(bytes.fromhex(encoded))
        if not decoded.IsInitialized():
            raise message.DecodeError("a required field is missing")
    except message.DecodeError as error:
        print("error", error)
    else:
        print("ok", decoded.SerializeToString(deterministic=True).hex())
