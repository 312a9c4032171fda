"""One connection of pika that consumes, acknowledges and is refused. Ends by itself."""

import os

import pika

QUEUE = "tap-recording-pika"
broker = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
channel = broker.channel()
channel.queue_declare(QUEUE, exclusive=True)
channel.basic_qos(prefetch_count=2)
channel.tx_select()
channel.basic_publish("", QUEUE, b"one")
channel.basic_publish("", QUEUE, b"two")
channel.tx_commit()
work = broker.channel()
for method, _, _ in work.consume(QUEUE, inactivity_timeout=10):
    work.basic_ack(method.delivery_tag)
    if method.delivery_tag == 2:
        break
work.cancel()
try:
    work.queue_declare("tap-recording-missing", passive=True)
except pika.exceptions.ChannelClosedByBroker:
    pass
broker.close()
