import pytest

from servicedesk.launcher import chromium
from servicedesk.launcher.words import Trouble


@pytest.fixture
def bare_machine(tmp_path, monkeypatch):
    """A machine without any browser: an empty path, no Mac."""
    monkeypatch.delenv("CHROMIUM_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "MAC_PLACES", ())
    return tmp_path


def test_the_browser_named_by_the_caller_wins(bare_machine, monkeypatch):
    browser = bare_machine / "my-browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setenv("CHROMIUM_BIN", str(browser))

    assert chromium.ensure() == str(browser)


def test_a_named_browser_that_cannot_be_run_is_refused(bare_machine, monkeypatch):
    monkeypatch.setenv("CHROMIUM_BIN", "/nowhere/chromium")

    with pytest.raises(Trouble, match="CHROMIUM_BIN names /nowhere/chromium"):
        chromium.ensure()


def test_chrome_serves_where_chromium_is_not(bare_machine):
    browser = bare_machine / "google-chrome"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)

    assert chromium.ensure() == str(browser)


def test_without_a_browser_the_tests_fail_with_the_remedy(bare_machine):
    with pytest.raises(Trouble, match="apt-get install chromium.*or set CHROMIUM_BIN"):
        chromium.ensure()
