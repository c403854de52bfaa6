"""kafka-python at work for a test: kafka_python.py COMMAND BOOTSTRAP TOPIC [ARG...]; prints one JSON value."""
import json
import sys
import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError
from kafka.structs import OffsetAndMetadata

command, bootstrap, topic, *args = sys.argv[1:]
DEADLINE = time.monotonic() + 150


def lines_of(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().removesuffix("\n").split("\n")


def consumer(group=None, **settings):
    return KafkaConsumer(
        bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest", heartbeat_interval_ms=500, **settings)


def polled(*members):
    """The records that the next poll of each member brings; a program that waits for ever fails its deadline instead."""
    if time.monotonic() > DEADLINE:
        raise TimeoutError("nothing more came")
    return [record for member in members for batch in member.poll(timeout_ms=200).values() for record in batch]


def produce(path, compression):
    codec = None if compression == "none" else compression
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type=codec, linger_ms=5, max_in_flight_requests_per_connection=1)
    futures = [
        producer.send(topic, value=line.encode(), key=b"k", partition=0, headers=[("origin", b"kafka-python")], timestamp_ms=1700000000000 + i)
        for i, line in enumerate(lines_of(path))]
    producer.flush(60)
    last = futures[-1].get(60)
    producer.close()
    return {"offset": last.offset, "partition": last.partition}


def consume(count, group, out):
    reader = consumer(None if group == "none" else group)
    if group == "none":
        reader.assign([TopicPartition(topic, 0)])
    else:
        reader.subscribe([topic])
    read = []
    while len(read) < int(count):
        read += polled(reader)
    found = reader.offsets_for_times({TopicPartition(topic, 0): 1700000000000 + 10})[TopicPartition(topic, 0)]
    ends = reader.end_offsets([TopicPartition(topic, 0)])[TopicPartition(topic, 0)]
    begins = reader.beginning_offsets([TopicPartition(topic, 0)])[TopicPartition(topic, 0)]
    reader.close()
    with open(out, "w", encoding="utf-8") as file:
        json.dump([record.value.decode() for record in read], file)
    return {"offsetForTime": found.offset, "end": ends, "begin": begins, "origin": dict(read[0].headers)["origin"].decode()}


class Member(threading.Thread):
    """A member of a group on a thread of its own: while it waits to join, the others must go on polling."""

    def __init__(self, group):
        super().__init__(daemon=True)
        self.assigned, self.read, self.note, self.stopped = [], [], None, threading.Event()
        self.reader = consumer(group)
        self.start()

    def run(self):
        self.reader.subscribe([topic])
        while not self.stopped.is_set():
            self.read += [record.value.decode() for record in polled(self.reader)]
            self.assigned = sorted(partition.partition for partition in self.reader.assignment())
        if self.assigned == [0, 1, 2, 3]:
            self.reader.commit({TopicPartition(topic, 0): OffsetAndMetadata(1, "note")})
            self.note = self.reader.committed(TopicPartition(topic, 0), metadata=True)
        self.reader.close(autocommit=False)

    def stop(self):
        self.stopped.set()
        self.join()


def until(is_so):
    while not is_so():
        if time.monotonic() > DEADLINE:
            raise TimeoutError("what was awaited did not happen")
        time.sleep(0.02)


def share(group):
    first, second = Member(group), Member(group)
    until(lambda: len(first.assigned) == 2 and len(second.assigned) == 2)
    shared = sorted(first.assigned + second.assigned)
    second.stop()
    until(lambda: len(first.assigned) == 4)
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    for partition in range(4):
        producer.send(topic, b"to-%d" % partition, partition=partition)
    producer.flush(60)
    producer.close()
    until(lambda: len(first.read) >= 4)
    first.stop()
    return {
        "shared": shared, "alone": first.assigned, "read": sorted(first.read),
        "committed": first.note.offset, "note": first.note.metadata}


def admin():
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    facts = {}
    wanted = NewTopic(topic, num_partitions=2, replication_factor=1, topic_configs={"retention.ms": "3600000"})
    client.create_topics([wanted])
    try:
        client.create_topics([wanted])
        facts["again"] = "made"
    except TopicAlreadyExistsError:
        facts["again"] = "refused"
    client.create_partitions({topic: NewPartitions(3)})
    # The controller has answered; the broker may learn of it a moment later.
    until(lambda: len(client.describe_topics([topic])[0]["partitions"]) == 3)
    facts["partitions"] = sorted(p["partition"] for p in client.describe_topics([topic])[0]["partitions"])
    answers = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    entries = {entry[0]: entry[1] for answer in answers for resource in answer.resources for entry in resource[4]}
    facts["retention"] = entries["retention.ms"]
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"cleanup.policy": "compact"})])
    reader = consumer(topic + "-group", enable_auto_commit=False)
    reader.assign([TopicPartition(topic, 0)])
    reader.commit({TopicPartition(topic, 0): OffsetAndMetadata(0, "")})
    reader.close()
    facts["listed"] = any(group == topic + "-group" for group, _ in client.list_consumer_groups())
    facts["state"] = client.describe_consumer_groups([topic + "-group"])[0].state
    facts["offset"] = client.list_consumer_group_offsets(topic + "-group")[TopicPartition(topic, 0)].offset
    client.delete_consumer_groups([topic + "-group"])
    client.delete_topics([topic])
    facts["gone"] = topic not in client.list_topics()
    client.close()
    return facts


def refusals():
    """What each call answers to something wrong: the name of the error, as the client knows it."""
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    client.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
    absent = topic + "-absent"

    def refusal(act):
        try:
            act()
            return "done"
        except KafkaError as error:
            return type(error).__name__

    def altered(resource):
        # This call gives back the answer as it came.
        return client.alter_configs([resource]).resources[0][0]

    # The first commit makes the offsets topic: until then no group has a coordinator.
    reader = consumer(topic + "-other-group", enable_auto_commit=False)
    reader.assign([TopicPartition(topic, 0)])
    reader.commit({TopicPartition(topic, 0): OffsetAndMetadata(0, "")})
    reader.close()
    facts = {
        "wide": refusal(lambda: client.create_topics([NewTopic(absent, num_partitions=1, replication_factor=3)])),
        "named": refusal(lambda: client.create_topics([NewTopic("no/such:name", num_partitions=1, replication_factor=1)])),
        "validated": refusal(lambda: client.create_topics([NewTopic(absent, num_partitions=1, replication_factor=1)], validate_only=True)),
        "narrowed": refusal(lambda: client.create_partitions({topic: NewPartitions(1)})),
        "widened": refusal(lambda: client.create_partitions({absent: NewPartitions(3)})),
        "removed": refusal(lambda: client.delete_topics([absent])),
        "altered": altered(ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": "soon"})),
        "group": client.delete_consumer_groups([topic + "-group"])[0][1].__name__,
        "state": client.describe_consumer_groups([topic + "-group"])[0].state,
    }
    facts["made"] = absent in client.list_topics()
    client.close()
    return facts


def broker():
    """A broker is described, changed while it runs, and the cluster tells who it is."""
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    facts = {}

    def entry(name):
        [answer] = client.describe_configs([ConfigResource(ConfigResourceType.BROKER, "1", {name: None})], include_synonyms=True)
        [found] = answer.resources[0][4]
        return found

    fixed = entry("node.id")
    facts["id"], facts["read_only"] = fixed[1], fixed[2]
    client.alter_configs([ConfigResource(ConfigResourceType.BROKER, "1", {"log.cleaner.io.buffer.load.factor": "0.8"})])
    until(lambda: entry("log.cleaner.io.buffer.load.factor")[1] == "0.8")
    changed = entry("log.cleaner.io.buffer.load.factor")
    facts["changed"], facts["source"] = changed[1], changed[3]
    facts["synonyms"] = [synonym[1] for synonym in changed[5]]
    client.alter_configs([ConfigResource(ConfigResourceType.BROKER, "1", {})])
    until(lambda: entry("log.cleaner.io.buffer.load.factor")[1] != "0.8")
    facts["brokers"] = len(client.describe_cluster()["brokers"])
    client.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
    described = client.describe_topics([topic])[0]
    facts["leaders"] = [partition["leader"] for partition in described["partitions"]]
    reader = consumer(topic + "-group", enable_auto_commit=False)
    reader.assign([TopicPartition(topic, 0), TopicPartition(topic, 1)])
    reader.commit({TopicPartition(topic, 1): OffsetAndMetadata(0, "kept")})
    reader.close()
    offsets = client.list_consumer_group_offsets(topic + "-group", partitions=[TopicPartition(topic, 0), TopicPartition(topic, 1)])
    facts["offsets"] = [offsets[TopicPartition(topic, partition)].offset for partition in range(2)]
    facts["note"] = offsets[TopicPartition(topic, 1)].metadata
    client.close()
    return facts


commands = {"produce": produce, "consume": consume, "share": share, "admin": admin, "refusals": refusals, "broker": broker}
print(json.dumps(commands[command](*args)))
