"""The account over HTTP, and what its settings change."""

import httpx
import pytest

from framehouse.identity import Role
from tests.dialects.house import House, assert_shape, facts
from tests.dialects.sproutvideo.uploading import upload

FACTS = facts("sproutvideo")


async def test_round_trip(sprout: httpx.AsyncClient) -> None:
    account = (await sprout.get("/account")).json()
    assert_shape(account, FACTS["account"])
    assert (account["company"], account["download_sd"], account["privacy"]) == (None, False, 2)
    edit = {"company": "Boats", "first_name": "Ada", "last_name": "L", "email": "ada@example.com", "download_sd": True}
    assert (await sprout.put("/account", json=edit)).json() == {**account, **edit}
    cleared = (await sprout.put("/account", json={"company": None, "first_name": "", "download_sd": None})).json()
    assert (cleared["company"], cleared["first_name"], cleared["last_name"]) == (None, None, "L")
    assert cleared["download_sd"] is True
    assert (await sprout.get("/account")).json() == cleared


async def test_the_default_privacy_counts_for_uploads(sprout: httpx.AsyncClient) -> None:
    for level in (0, 3, 2):
        assert (await sprout.put("/account", json={"privacy": str(level)})).json()["privacy"] == level
        assert (await upload(sprout))["privacy"] == level


async def test_the_notification_url_is_told(sprout: httpx.AsyncClient, house: House) -> None:
    url = "https://example.com/hook"
    assert (await sprout.put("/account", json={"notification_url": url})).json()["notification_url"] == url
    assert (await house.identity.get_tenant(house.owner.tenant_id)).profile.notification_url == url


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"privacy": 1}, "privacy"),
        ({"privacy": "x"}, "privacy"),
        ({"email": "x"}, "email"),
        ({"company": "x" * 201}, "company"),
        ({"notification_url": "ftp://x"}, "notification_url"),
        ({"download_hd": "perhaps"}, "download_hd"),
    ],
)
async def test_refusals(sprout: httpx.AsyncClient, body: dict[str, object], field: str) -> None:
    before = (await sprout.get("/account")).json()
    answer = await sprout.put("/account", json=body)
    assert (answer.status_code, field in answer.json()["errors"]) == (422, True), answer.text
    assert (await sprout.get("/account")).json() == before


async def test_only_an_administrators_key_changes_it(house: House) -> None:
    for role in (Role.EDITOR, Role.VIEWER):
        async with house.api("sproutvideo", await house.role_key(role)) as other:
            assert (await other.get("/account")).status_code == 200
            assert (await other.put("/account", json={"company": "x"})).status_code == 403
