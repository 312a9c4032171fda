"""One connection of py-amqp, Celery's, that consumes, recovers and acknowledges. Ends by itself."""

import os
from urllib.parse import urlparse

import amqp

QUEUE = "tap-recording-py-amqp"
url = urlparse(os.environ["RABBITMQ_URL"])
with amqp.Connection(f"{url.hostname}:{url.port}", userid=url.username, password=url.password) as broker:
    channel = broker.channel()
    channel.queue_declare(QUEUE, exclusive=True, auto_delete=True)
    channel.basic_qos(0, 8, True)
    taken = []
    channel.basic_consume(QUEUE, callback=taken.append)
    channel.basic_publish(amqp.Message("one", application_headers={"task": "ops.add"}), "", QUEUE)
    while len(taken) < 1:
        broker.drain_events(timeout=10)
    channel.basic_recover(requeue=True)
    while len(taken) < 2:
        broker.drain_events(timeout=10)
    channel.basic_ack(taken[-1].delivery_tag)
