"""A private Redis and the shipped web process, once per test that asks."""

import time

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from tests.live.servers import OwnRedis, web_process


@pytest.fixture
def own_redis(tmp_path):
    """A Redis nobody else uses."""
    server = OwnRedis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def web(transactional_db, own_redis, tmp_path):
    """The address of the shipped web process."""
    with web_process(own_redis.url, tmp_path, DESK_STREAM_RECHECK="1") as address:
        yield address


@pytest.fixture
def sign_in():
    """Make a session for a user and return the Cookie header."""

    def make(user) -> str:
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[-1]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store["desk_started"] = store["desk_seen"] = time.time()
        store.create()
        return f"{django_settings.SESSION_COOKIE_NAME}={store.session_key}"

    return make
