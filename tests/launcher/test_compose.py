import re

import pytest
import yaml

from servicedesk.launcher import parts
from servicedesk.launcher.identity import Identity
from servicedesk.launcher.layout import Layout
from servicedesk.launcher.paths import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service.get("image") == "servicedesk:local"]


def test_every_process_of_the_launcher_has_a_container_and_so_have_the_servers():
    layout = Layout(data=ROOT, desk=ROOT, who=Identity())
    names = set(parts.commands(layout, web_port=1, mail_port=2))

    assert set(SERVICES) == names | {"migrate", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_restarts_is_watched_and_writes_logs_that_end(name):
    service = SERVICES[name]

    assert service["restart"].startswith(("unless-stopped", "on-failure"))
    assert service["logging"]["options"]["max-size"]
    assert "healthcheck" in service or name == "web", "web has the check of its image"


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_containers_hold_no_powers_and_write_only_to_their_volume(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["desk:/data"]


def test_only_the_migration_knows_the_owner_of_the_tables():
    knowing = [name for name in OURS if "DATABASE_OWNER_URL" in SERVICES[name]["environment"]]

    assert knowing == ["migrate"]


def test_ports_are_published_on_the_loopback_address_and_servers_not_at_all():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(published) == {"web", "mail"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_every_variable_is_in_the_example_and_every_image_has_a_version():
    text = (ROOT / "docker-compose.yml").read_text()
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))

    assert asked == example
    images = {service["image"] for service in SERVICES.values()}
    assert all(re.search(r":[^:]*\d", image) for image in images - {"servicedesk:local"})


def test_the_image_runs_as_nobody_special_from_a_pinned_python_with_checked_packages():
    text = (ROOT / "Dockerfile").read_text()

    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"python:3.11.11-slim-bookworm"}
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["desk"]
    assert len(re.findall(r"pip (?:install|sync) ", text)) == text.count("--require-hashes")
    assert "HEALTHCHECK" in text
