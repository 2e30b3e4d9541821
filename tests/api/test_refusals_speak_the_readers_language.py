"""What a person reads of a refusal is in the language asked for; codes and types are the same in every language."""

import pytest
from django.test import Client

CHINESE = {"Accept-Language": "zh-hans"}


@pytest.mark.django_db
def test_titles_and_details_are_translated_and_codes_are_not():
    told = {name: Client().get("/api/v1/tickets/", headers=headers).json()
            for name, headers in (("en", {}), ("zh", CHINESE))}  # fmt: skip

    assert told["en"]["title"] == "Not signed in" and told["zh"]["title"] == "未登录"
    assert told["zh"]["detail"] != told["en"]["detail"]
    for stable in ("type", "status", "code", "field"):
        assert told["zh"][stable] == told["en"][stable]
