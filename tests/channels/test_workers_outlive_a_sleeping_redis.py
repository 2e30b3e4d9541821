"""F4: Redis falls asleep between a task and its acknowledgement; the worker takes the next one when it wakes."""

import logging

import pytest
from kombu import Connection, Queue

from servicedesk.celery import app

pytestmark = pytest.mark.fault("F4")
BELL = Queue("bell", durable=False)
SHORT = {**app.conf.broker_transport_options, "socket_timeout": 0.2}


@pytest.mark.parametrize("answer", ["ack_log_error", "reject_log_error"])
def test_a_worker_that_may_hold_one_message_asks_for_another_though_it_could_not_answer_for_the_first(
    own_redis, answer
):
    taken = []
    with Connection(own_redis.url, transport_options=SHORT) as link, link.channel() as channel:
        bells = channel.Producer(auto_declare=False)
        consumer = channel.Consumer([BELL], callbacks=[lambda body, message: taken.append(message)])
        consumer.qos(prefetch_count=1)
        consumer.consume()
        bells.publish("first", routing_key="bell", exchange="")
        bells.publish("second", routing_key="bell", exchange="")
        link.drain_events(timeout=5)

        own_redis.hang()
        getattr(taken[0], answer)(logging.getLogger("test"), link.connection_errors)
        own_redis.go_on()

        assert not taken[0].acknowledged, "it was not answered"
        link.drain_events(timeout=5)
        assert [message.payload for message in taken] == ["first", "second"]
