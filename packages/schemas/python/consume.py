"""Reads the five chat.v1 topics of ONDASH and prints the events of a conversation in the order of their timestamps.

Each partition is read from its first record to its end offset, asked for after the start; with --events N until N events
have been read, and then to the end offsets of that moment, so that one too many shows as well.

Exit status: 0 the events were read (with --events: exactly as many) - 1 events are missing at the deadline, there are
more than expected, or a record is no sound event - 2 wrong usage - 3 no answer of the brokers, or a topic is missing.
"""

import argparse
import importlib
import json
import sys
import time
from collections.abc import Iterator
from typing import Any, NoReturn

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from google.protobuf.message import DecodeError

# The topic of each arm of the envelope's oneof `event`.
TOPICS = {
    "status": "ondash.llm.status",
    "text": "ondash.llm.text",
    "chart": "ondash.llm.chart",
    "error": "ondash.llm.error",
    "completion": "ondash.llm.complete",
}

# A partition: its topic and its number.
Partition = tuple[str, int]


def main() -> None:
    options = parse_arguments()
    events_pb2 = load_generated(options.generated)
    settings = {
        "bootstrap.servers": options.brokers,
        # Required by the library; nothing is committed, and `assign` joins no group.
        "group.id": "ondash-consume",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "auto.offset.reset": "error",
        # Whatever matters ends the program with one line of its own.
        "log_level": 0,
    }
    deadline = time.monotonic() + options.deadline
    reader = Consumer(settings)
    # Questions for offsets go over connections of their own: behind a fetch that waits for records each takes 0.5 s.
    inquirer = Consumer(settings)
    try:
        envelopes, missing = read(reader, inquirer, events_pb2, options, deadline)
    except KafkaException as error:
        fail(3, f"brokers {options.brokers}: {error.args[0].str()}")
    finally:
        reader.close()
        inquirer.close()
    envelopes.sort(key=lambda envelope: (envelope.timestamp.seconds, envelope.timestamp.nanos))
    for number, envelope in enumerate(envelopes, start=1):
        print(f"{number} {describe(events_pb2, envelope)}")
    if missing is not None:
        fail(1, f"after {options.deadline:g} s: {missing}")
    if options.events is not None and len(envelopes) > options.events:
        fail(1, f"{len(envelopes)} events, expected {options.events}")


def parse_arguments() -> argparse.Namespace:
    summary, _, details = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--brokers", required=True, metavar="HOST:PORT[,...]", help="where to find the brokers")
    parser.add_argument("--conversation", metavar="ID", help="only events of this conversation_id (default: all)")
    parser.add_argument("--events", type=int, metavar="N", help="how many events to wait for (default: what is there)")
    parser.add_argument("--deadline", type=float, default=30, metavar="SECONDS", help="for all of it (default: 30)")
    parser.add_argument(
        "--generated", default=".", metavar="DIR", help="protoc's --python_out (default: the current directory)"
    )
    return parser.parse_args()


def load_generated(directory: str) -> Any:
    """The module generated of events.proto."""
    sys.path.insert(0, directory)
    try:
        return importlib.import_module("schemas.chat.v1.events_pb2")
    except ModuleNotFoundError as error:
        fail(2, f"--generated {directory}: {error}; run protoc as the README says")


def read(
    reader: Consumer, inquirer: Consumer, events_pb2: Any, options: argparse.Namespace, deadline: float
) -> tuple[list[Any], str | None]:
    """The events of the conversation as they came, and at the deadline what is missing, else None."""
    partitions = find_partitions(inquirer, deadline)
    # Low watermarks: a partition begins where retention has left it.
    starts = {partition: watermarks(inquirer, partition, deadline)[0] for partition in partitions}
    reader.assign([TopicPartition(topic, number, starts[topic, number]) for topic, number in partitions])
    positions = dict(starts)
    print(f"ready: {len(partitions)} partitions", file=sys.stderr, flush=True)

    envelopes: list[Any] = []
    ends = end_offsets(inquirer, partitions, deadline)
    complete = False
    while True:
        behind = [partition for partition in partitions if positions[partition] < ends[partition]]
        enough = options.events is None or len(envelopes) >= options.events
        if not behind and enough:
            if complete or options.events is None:
                return envelopes, None
            # Once more to the end as it is now: one event too many would lie there.
            ends = end_offsets(inquirer, partitions, deadline)
            complete = True
            continue
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return envelopes, describe_missing(options, envelopes, behind, positions, ends)
        # Returns as soon as there is a record, or a partition's end is reached.
        message = reader.poll(remaining)
        if message is None:
            continue
        partition, position = (message.topic(), message.partition()), message.offset()
        error = message.error()
        if error is None:
            positions[partition] = position + 1
            envelope = decode(events_pb2, message, options.conversation)
            if envelope is not None:
                envelopes.append(envelope)
        elif error.code() == KafkaError._PARTITION_EOF:
            # Also passes over what is not handed to consumers: control records, aborted transactions.
            positions[partition] = max(positions[partition], position)
        else:
            raise KafkaException(error)


def find_partitions(inquirer: Consumer, deadline: float) -> list[Partition]:
    topics = inquirer.list_topics(timeout=max(0.1, deadline - time.monotonic())).topics
    absent = [topic for topic in TOPICS.values() if topic not in topics or topics[topic].error is not None]
    if absent:
        fail(3, f"no topic {', '.join(absent)}: create the five topics first")
    return [(topic, number) for topic in TOPICS.values() for number in sorted(topics[topic].partitions)]


def watermarks(inquirer: Consumer, partition: Partition, deadline: float) -> tuple[int, int]:
    offsets = inquirer.get_watermark_offsets(
        TopicPartition(*partition), timeout=max(0.1, deadline - time.monotonic()), cached=False
    )
    if offsets is None:
        fail(3, f"no answer to the question for the offsets of {partition[0]}/{partition[1]}")
    return offsets


def end_offsets(inquirer: Consumer, partitions: list[Partition], deadline: float) -> dict[Partition, int]:
    return {partition: watermarks(inquirer, partition, deadline)[1] for partition in partitions}


def decode(events_pb2: Any, message: Message, conversation: str | None) -> Any:
    """The envelope of a record, None when it is of another conversation; a record that is no event ends the program."""
    place = f"{message.topic()}/{message.partition()}@{message.offset()}"
    key, value = message.key(), message.value()
    # A record is of the conversation of its key too: one that can't be read has no other.
    ours = conversation is None or key == conversation.encode()
    envelope = events_pb2.EventEnvelope()
    try:
        if value is None:
            raise DecodeError("no value (a tombstone)")
        envelope.ParseFromString(value)
    except DecodeError as error:
        if ours:
            fail(1, f"{place}: no EventEnvelope: {error}")
        return None
    if not ours and envelope.conversation_id != conversation:
        return None
    arm = envelope.WhichOneof("event")
    if arm is None or TOPICS[arm] != message.topic():
        fail(1, f"{place}: {arm or 'no known event'} on this topic")
    if key != envelope.conversation_id.encode():
        fail(1, f"{place}: key {key!r}, want the conversation_id {envelope.conversation_id!r}")
    return envelope


def describe(events_pb2: Any, envelope: Any) -> str:
    """One event as one line, without its number."""
    kind = envelope.WhichOneof("event")
    event = getattr(envelope, kind)
    return " ".join([kind, *words(events_pb2, kind, event)])


def words(events_pb2: Any, kind: str, event: Any) -> Iterator[str]:
    match kind:
        case "status":
            yield quoted(event.message)
        case "text":
            yield quoted(event.text)
            yield name_of(events_pb2.TextPosition, event.position)
        case "chart":
            yield event.chart_type
        case "error":
            yield name_of(events_pb2.ErrorSeverity, event.severity)
            yield event.code
            yield quoted(event.message)
        case "completion":
            yield name_of(events_pb2.CompletionType, event.type)
            yield quoted(event.message)


def quoted(text: str) -> str:
    """As JSON: on one line, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def name_of(enum: Any, number: int) -> str:
    """BEFORE for TEXT_POSITION_BEFORE; the bare number for a value that this schema does not know."""
    if number not in enum.values():
        return str(number)
    prefix = enum.Name(0).removesuffix("UNSPECIFIED")
    return enum.Name(number).removeprefix(prefix)


def describe_missing(
    options: argparse.Namespace,
    envelopes: list[Any],
    behind: list[Partition],
    positions: dict[Partition, int],
    ends: dict[Partition, int],
) -> str:
    """What has not come, for the error message."""
    facts = []
    if options.events is not None and len(envelopes) < options.events:
        of = "" if options.conversation is None else f" of conversation {options.conversation}"
        facts.append(f"{len(envelopes)} of {options.events} events{of}")
    facts += [f"{topic}/{number} read to {positions[topic, number]} of {ends[topic, number]}" for topic, number in behind]
    return "; ".join(facts)


def fail(status: int, message: str) -> NoReturn:
    sys.stdout.flush()
    print(f"consume.py: {message}", file=sys.stderr)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
