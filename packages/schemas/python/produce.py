"""Publishes the sales-chart turn of the schema documents to the topics of ONDASH, in chat.v1 or chat.v2.

What a backend that shares nothing with this repository but the .proto files would do: confluent-kafka, the code that
protoc generates, acks=all, and the completion only after all earlier events were acknowledged. It can misbehave on
purpose in the ways that have been seen in backends. Each record is printed when it is acknowledged.

Exit status: 0 all was sent and acknowledged - 1 it died half-way, as it was told to - 2 wrong usage - 3 no answer of the
brokers, a topic is missing, or a record was refused.

As a trigger of `ondash verify` it needs none of --brokers, --schema and --conversation: it takes them from ONDASH_BROKERS,
ONDASH_SCHEMA and ONDASH_CONVERSATION_ID of its environment.
"""

import argparse
import importlib
import json
import os
import signal
import sys
import time
import uuid
from typing import Any, NoReturn

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from consume import name_of, quoted

# The last part of the topic's name for each arm of the envelope's oneof `event`.
TOPIC_NAMES = {"status": "status", "text": "text", "chart": "chart", "error": "error", "completion": "complete"}
TOPIC_PREFIXES = {"chat.v1": "ondash.llm.", "chat.v2": "ondash.llm.v2."}

CHART = {
    "xAxis": {"type": "category", "data": ["Q1", "Q2", "Q3", "Q4"]},
    "yAxis": {"type": "value"},
    "series": [{"type": "bar", "name": "Sales", "data": [12, 19, 7, 24]}],
}

# Nanoseconds between the timestamps of two events.
STEP = 120_000_000


def main() -> None:
    options = parse_arguments()
    events_pb2 = load_generated(options.generated, options.schema)
    events = list(enumerate(sales_chart(events_pb2, options), start=1))
    if options.forget_chart:
        events = [(number, envelope) for number, envelope in events if envelope.WhichOneof("event") != "chart"]
    if options.completion_first:
        events = events[-1:] + events[:-1]
    settings = {
        "bootstrap.servers": options.brokers,
        "client.id": "ondash-produce",
        "acks": "all",
        # In every partition the records stay in the order in which they were produced, each of them once.
        "enable.idempotence": True,
        # Kafka's Java client places a key by murmur2. The default of librdkafka does not.
        "partitioner": options.partitioner,
        "message.timeout.ms": max(1, round(options.deadline * 1000)),
        # Whatever matters ends the program with one line of its own.
        "log_level": 0,
    }
    try:
        producer = Producer(settings)
    except KafkaException as error:
        fail(2, error.args[0].str())
    try:
        if options.create_topics is not None:
            create_topics(options)
        publish(producer, events_pb2, events, options)
    except KafkaException as error:
        fail(3, f"brokers {options.brokers}: {error.args[0].str()}")


def parse_arguments() -> argparse.Namespace:
    summary, _, details = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    brokers = os.environ.get("ONDASH_BROKERS")
    parser.add_argument(
        "--brokers",
        required=brokers is None,
        default=brokers,
        metavar="HOST:PORT[,...]",
        help="where to find the brokers (env ONDASH_BROKERS)",
    )
    parser.add_argument(
        "--schema",
        choices=list(TOPIC_PREFIXES),
        default=os.environ.get("ONDASH_SCHEMA", "chat.v1"),
        help="default: chat.v1 (env ONDASH_SCHEMA)",
    )
    parser.add_argument(
        "--conversation",
        default=os.environ.get("ONDASH_CONVERSATION_ID"),
        metavar="ID",
        help="conversation_id (env ONDASH_CONVERSATION_ID; default: a new one)",
    )
    parser.add_argument("--message", metavar="ID", help="message_id (default: a new one)")
    parser.add_argument("--gap", type=float, default=0, metavar="SECONDS", help="pause before each event (default: 0)")
    parser.add_argument("--deadline", type=float, default=30, metavar="SECONDS", help="for each record (default: 30)")
    parser.add_argument(
        "--generated", default=".", metavar="DIR", help="protoc's --python_out (default: the current directory)"
    )
    parser.add_argument(
        "--create-topics", type=int, metavar="N", help="create those of the five topics that are missing, N partitions each"
    )
    wrong = parser.add_argument_group("misbehaviour")
    wrong.add_argument(
        "--partitioner",
        default="murmur2_random",
        metavar="NAME",
        help="librdkafka's setting, such as its default consistent_random, which is wrong here (default: murmur2_random)",
    )
    wrong.add_argument("--forget-chart", action="store_true", help="the chart is numbered, but never sent")
    wrong.add_argument("--completion-first", action="store_true", help="the completion is sent before everything else")
    wrong.add_argument("--key-by-message", action="store_true", help="the record's key is the message_id")
    wrong.add_argument("--die-half-way", action="store_true", help="after the first half of the events, nothing more")
    wrong.add_argument(
        "--hang-after",
        type=int,
        metavar="N",
        help="after N events, all of them acknowledged, it does nothing more, and does not end",
    )
    options = parser.parse_args()
    if options.schema not in TOPIC_PREFIXES:
        parser.error(f"ONDASH_SCHEMA={options.schema}: choose from {', '.join(TOPIC_PREFIXES)}")
    return options


def load_generated(directory: str, schema: str) -> Any:
    """The module generated of events.proto."""
    sys.path.insert(0, directory)
    try:
        return importlib.import_module(f"schemas.{schema}.events_pb2")
    except ModuleNotFoundError as error:
        fail(2, f"--generated {directory}: {error}; run protoc as the README says")


def sales_chart(events_pb2: Any, options: argparse.Namespace) -> list[Any]:
    """The turn's events in emission order; in chat.v2 numbered, with the last one as final."""
    start = time.time_ns()
    conversation = options.conversation or f"conv_{uuid7(start)}"
    message = options.message or f"msg_{uuid7(start)}"
    is_v2 = options.schema == "chat.v2"
    if is_v2:
        chart = events_pb2.ChartEvent(chart_type=events_pb2.ChartEvent.CHART_TYPE_BAR, config_json=json.dumps(CHART))
        completion = {"last_sequence": 7}
    else:
        chart = events_pb2.ChartEvent(chart_type="bar", config_json=json.dumps(CHART))
        completion = {}
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("", {"status": events_pb2.StatusEvent(message="Decomposing query...")}),
        ("task_1", {"status": events_pb2.StatusEvent(message="Executing chart_generation...")}),
        ("task_1", {"status": events_pb2.StatusEvent(message="Querying database...")}),
        ("task_1", {"text": text(events_pb2, "Here is your sales chart", "BEFORE")}),
        ("task_1", {"chart": chart}),
        ("task_1", {"text": text(events_pb2, "Sales increased in Q4", "AFTER")}),
        (
            "task_1",
            {
                "completion": events_pb2.CompletionEvent(
                    type=events_pb2.COMPLETION_TYPE_TASK, message="Task completed", **completion
                )
            },
        ),
    ]
    envelopes = []
    for index, (task, body) in enumerate(bodies):
        at = start + index * STEP
        envelope = events_pb2.EventEnvelope(
            event_id=uuid7(at), conversation_id=conversation, message_id=message, task_id=task, **body
        )
        envelope.timestamp.FromNanoseconds(at)
        if is_v2:
            envelope.sequence = index + 1
        envelopes.append(envelope)
    return envelopes


def text(events_pb2: Any, content: str, position: str) -> Any:
    return events_pb2.TextEvent(text=content, position=events_pb2.TextPosition.Value(f"TEXT_POSITION_{position}"))


def uuid7(nanoseconds: int) -> str:
    """RFC 9562, section 5.7: 48 bits of milliseconds, then chance."""
    value = (nanoseconds // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(3 << 62) | 2 << 62
    return str(uuid.UUID(int=value))


def publish(
    producer: Producer, events_pb2: Any, events: list[tuple[int, Any]], options: argparse.Namespace
) -> None:
    """Sends the events, each with its number in the turn, in the order of the list."""
    topics = topics_of(options.schema)
    check_topics(producer, list(topics.values()), options.deadline)
    refused: list[str] = []
    half = len(events) // 2
    for sent, (number, envelope) in enumerate(events):
        if options.die_half_way and sent == half:
            acknowledged(producer, options.deadline, refused)
            fail(1, f"died half-way, as told: {half} of {len(events)} events were sent")
        if sent == options.hang_after:
            hang(producer, options.deadline, refused)
        arm = envelope.WhichOneof("event")
        if arm == "completion":
            # A completion says that all before it is there to be read.
            acknowledged(producer, options.deadline, refused)
        time.sleep(options.gap)
        key = envelope.message_id if options.key_by_message else envelope.conversation_id
        line = f"{number} {describe(events_pb2, envelope)}"
        producer.produce(
            topics[arm],
            key=key.encode(),
            value=envelope.SerializeToString(),
            headers=cloud_event_headers(envelope, arm) if options.schema == "chat.v2" else None,
            on_delivery=lambda error, record, line=line: delivered(error, record, line, refused),
        )
        producer.poll(0)
        if arm == "completion":
            acknowledged(producer, options.deadline, refused)
    acknowledged(producer, options.deadline, refused)
    if options.hang_after is not None:
        hang(producer, options.deadline, refused)


def hang(producer: Producer, deadline: float, refused: list[str]) -> NoReturn:
    """Nothing more, until a signal ends it."""
    acknowledged(producer, deadline, refused)
    print("produce.py: nothing more, as told", file=sys.stderr, flush=True)
    while True:
        signal.pause()


def topics_of(schema: str) -> dict[str, str]:
    """The topic of each arm."""
    return {arm: TOPIC_PREFIXES[schema] + name for arm, name in TOPIC_NAMES.items()}


def create_topics(options: argparse.Namespace) -> None:
    admin = AdminClient({"bootstrap.servers": options.brokers, "log_level": 0})
    topics = [NewTopic(topic, options.create_topics, 1) for topic in topics_of(options.schema).values()]
    for created in admin.create_topics(topics, operation_timeout=options.deadline).values():
        try:
            created.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise


def check_topics(producer: Producer, wanted: list[str], deadline: float) -> None:
    topics = producer.list_topics(timeout=deadline).topics
    absent = [topic for topic in wanted if topic not in topics or topics[topic].error is not None]
    if absent:
        fail(3, f"no topic {', '.join(absent)}: create the five topics first")


def cloud_event_headers(envelope: Any, arm: str) -> list[tuple[str, bytes]]:
    """CloudEvents 1.0, Kafka protocol binding, binary mode."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": envelope.event_id,
        "ce_source": "/ondash-llm/python",
        "ce_type": f"chat.v2.{arm}",
        "ce_subject": envelope.conversation_id,
        "ce_time": envelope.timestamp.ToJsonString(),
        "content-type": "application/protobuf",
    }
    return [(name, value.encode()) for name, value in headers.items()]


def delivered(error: Any, record: Message, line: str, refused: list[str]) -> None:
    if error is not None:
        refused.append(f"{line}: {error.str()}")
        return
    print(f"{line} -> {record.topic()}/{record.partition()}@{record.offset()}", flush=True)


def acknowledged(producer: Producer, deadline: float, refused: list[str]) -> None:
    """Waits until the brokers have answered for everything that was produced."""
    left = producer.flush(deadline)
    if refused:
        fail(3, "; ".join(refused))
    if left > 0:
        fail(3, f"{left} records not acknowledged after {deadline:g} s")


def describe(events_pb2: Any, envelope: Any) -> str:
    """One event in a few words, as consume.py says it."""
    arm = envelope.WhichOneof("event")
    event = getattr(envelope, arm)
    match arm:
        case "status":
            return f"status {quoted(event.message)}"
        case "text":
            return f"text {quoted(event.text)} {name_of(events_pb2.TextPosition, event.position)}"
        case "chart":
            is_string = isinstance(event.chart_type, str)
            return f"chart {event.chart_type if is_string else name_of(event.ChartType, event.chart_type).lower()}"
        case _:
            return f"completion {name_of(events_pb2.CompletionType, event.type)} {quoted(event.message)}"


def fail(status: int, message: str) -> NoReturn:
    sys.stdout.flush()
    print(f"produce.py: {message}", file=sys.stderr)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
