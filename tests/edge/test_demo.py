"""The page that shows the player's events: what it frames, and what it does not."""

import pytest

from framehouse.playback import embed_path
from tests.edge.house import BASE, House


@pytest.mark.parametrize("before", ["", BASE])
async def test_it_frames_an_embed_of_ours(house: House, before: str) -> None:
    address = embed_path(await house.playable())
    page = await house.client.get("/player-events", params={"embed": f"{before}{address}?muted=1"})
    assert page.status_code == 200
    assert f'src="{address}?muted=1"' in page.text
    assert page.text.count("data-event=") == 13
    policy = page.headers["content-security-policy"]
    assert "frame-src 'self'" in policy
    assert "unsafe" not in policy
    for file, kind in (("js", "text/javascript"), ("css", "text/css")):
        assert f'"/player-events.{file}"' in page.text
        fetched = await house.client.get(f"/player-events.{file}")
        assert (fetched.status_code, fetched.headers["content-type"]) == (200, f"{kind}; charset=utf-8")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/embed/00a1b2c3d4e5/8f3c", "javascript:alert(1)", "//evil.example/embed/00a1b2c3d4e5/8f3c",
        "/console", "/embed/x/y", "/embed/00a1b2c3d4e5/8f3c/../../console", "http://[", '"><script>alert(1)</script>',
        "/embed/00a1b2c3d4e5/8f3c\n",
    ],
)  # fmt: skip
async def test_other_addresses_are_refused(house: House, address: str) -> None:
    page = await house.client.get("/player-events", params={"embed": address + "#"})
    assert page.status_code == 200
    assert ("no embed address" in page.text) is ("<iframe" not in page.text)
    assert "<script>alert" not in page.text
    assert "evil.example/embed" not in page.text.partition("<iframe")[2]


async def test_without_an_address_it_asks_for_one(house: House) -> None:
    page = await house.client.get("/player-events")
    assert 'name="embed"' in page.text
    assert "<iframe" not in page.text
    assert "no embed address" not in page.text
