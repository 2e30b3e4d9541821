import hashlib
import json
import re

from tests.web.pages import ROOT, STATIC

VENDOR = json.loads((STATIC / "vendor" / "vendor.json").read_text())


def test_each_vendored_file_is_the_one_that_was_recorded():
    recorded = {f["path"]: f["sha256"] for package in VENDOR for f in package["files"]}

    assert recorded == {path: hashlib.sha256((STATIC / path).read_bytes()).hexdigest() for path in recorded}


def test_nothing_lies_in_the_vendor_folder_unrecorded():
    recorded = {f["path"] for package in VENDOR for f in package["files"]}
    lying = {str(p.relative_to(STATIC)) for p in (STATIC / "vendor").rglob("*") if p.is_file()}

    assert lying - recorded == {"vendor/vendor.json", "vendor/THIRD_PARTY_NOTICES"}


def test_versions_are_the_pinned_ones():
    pinned = json.loads((ROOT / "frontend" / "package.json").read_text())["dependencies"]

    assert {p["name"]: p["version"] for p in VENDOR} == pinned
    assert pinned["htmx.org"] == "4.0.1"
    assert pinned["@tabler/core"] == "1.6.1"


def test_every_package_has_its_licence_in_the_notices():
    notices = (STATIC / "vendor" / "THIRD_PARTY_NOTICES").read_text()

    assert [p["name"] for p in VENDOR if f"{p['name']} {p['version']} ({p['licence']})" not in notices] == []


def test_no_file_asks_for_a_map_that_is_not_there():
    assert [
        str(p) for p in STATIC.rglob("*") if p.suffix in {".js", ".css"} and "sourceMappingURL" in p.read_text()
    ] == []


def test_no_stylesheet_reaches_another_host():
    found = [u for p in STATIC.rglob("*.css") for u in re.findall(r"url\(\s*[\"']?([^\"')]+)", p.read_text())]

    assert [u for u in found if not u.startswith(("data:image/svg+xml", "../vendor/", "#"))] == []


def test_the_names_the_pages_rely_on_are_in_the_vendored_htmx():
    source = (STATIC / "vendor" / "htmx-4.0.1" / "htmx.min.js").read_text()
    names = ["htmx:after:process", "htmx:response:error", "htmx:error", "htmx:after:request", "htmx:finally:request",
             "htmx:before:swap", "htmx:after:swap", ":inherited", "htmx-config", "includeIndicatorCSS", "noSwap",
             "outerMorph", "same-origin"]  # fmt: skip

    assert [name for name in names if name not in source] == []
