"""The processes of the desk."""

import os
from collections.abc import Mapping

from .layout import Layout
from .paths import ROOT, venv_dir, venv_python
from .ports import LOOPBACK
from .processes import Child, Keeper

PASSED = ("PATH", "LANG", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
WORKER = ["worker", "--without-gossip", "--without-mingle", "--without-heartbeat", "--pool", "threads", "-l", "WARNING"]


def base_environment(layout: Layout, urls: Mapping[str, str], *, web_port: int, mail_port: int) -> dict[str, str]:
    """Return the environment of every process: only what it needs of the caller's, nothing of PG*."""
    kept = {name: value for name, value in os.environ.items() if name in PASSED or name.startswith("DESK_")}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL"):
        if os.environ.get(name):
            kept[name] = os.environ[name]
    address = f"http://{LOOPBACK}:{web_port}"
    return {
        "DESK_ENV": "demo",
        "DESK_BASE_URL": address,
        "DESK_ALLOWED_HOSTS": f"{LOOPBACK},localhost",
        "EMAIL_URL": f"smtp://{LOOPBACK}:{mail_port}",
        **kept,
        **urls,
        "DESK_DATA_DIR": str(layout.desk),
        "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
        "HOME": str(layout.desk),
        "PYTHONPYCACHEPREFIX": str(layout.desk / "pycache"),
        "PYTHONUNBUFFERED": "1",
        "VIRTUAL_ENV": str(venv_dir()),
    }


def commands(layout: Layout, *, web_port: int, mail_port: int) -> dict[str, list[str]]:
    """Return the command of each process by name, in the order of starting."""
    python = str(venv_python())
    celery = [python, "-m", "celery", "-A", "servicedesk.celery:app"]
    shelf = str(layout.desk / "beat.db")
    web = ["granian", "--interface", "asginl", "--host", LOOPBACK, "--port", str(web_port), "--workers", "2"]
    return {
        "web": [python, "-m", *web, "--workers-kill-timeout", "3s", "--no-ws", "servicedesk.asgi:application"],
        "mail": [python, "manage.py", "mail_sink", "--port", str(mail_port)],
        "engine": [python, "manage.py", "escalation_engine"],
        "worker-esc": [*celery, *WORKER, "-n", "esc@%h", "-Q", "esc", "-c", "1"],
        "worker": [*celery, *WORKER, "-n", "desk@%h", "-Q", "celery,mail", "-c", "2"],
        "beat": [*celery, "beat", "-s", shelf, "--pidfile=", "-l", "WARNING"],
    }


def children(layout: Layout, env: Mapping[str, str], keeper: Keeper, *, web_port: int, mail_port: int) -> list[Child]:
    """Return the processes, not yet started."""
    return [
        Child(
            name,
            command,
            who=layout.who,
            keeper=keeper,
            log=layout.data / "log" / f"{name}.log",
            env={**env, "DESK_APP": name},
            cwd=ROOT,
        )
        for name, command in commands(layout, web_port=web_port, mail_port=mail_port).items()
    ]
