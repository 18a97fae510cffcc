"""Upload tokens on SQLite and on PostgreSQL: issued once, found until they end, used once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from framehouse import library
from framehouse.kernel import InvalidInput
from framehouse.library import UploadToken
from tests.contracts.library_house import House, open_house

WEEK_S = 7 * 86_400


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def used(house: House, token: str) -> bool:
    async with house.database.write() as tx:
        return await library.use_upload_token(tx, token, house.clock.now())


async def test_a_token_is_found_until_it_ends(house: House) -> None:
    owner = house.owner()
    token = await library.issue_upload_token(
        house.context, owner, return_url=" https://example.com/done?a=b ", life_s=60
    )
    assert token.startswith("fh_up_")
    assert len(token) == len("fh_up_") + 64
    ends = house.clock.now() + timedelta(seconds=60)
    found = UploadToken(owner.tenant_id, "https://example.com/done?a=b", ends)
    assert await library.find_upload_token(house.context, token) == found
    other = await library.issue_upload_token(house.context, owner, life_s=WEEK_S)
    assert other != token
    house.clock.advance(timedelta(seconds=59))
    assert await library.find_upload_token(house.context, token) == found
    house.clock.advance(timedelta(seconds=1))
    assert await library.find_upload_token(house.context, token) is None
    left = await library.find_upload_token(house.context, other)
    assert left is not None
    assert left.return_url is None


async def test_only_a_fingerprint_is_stored(house: House) -> None:
    token = await library.issue_upload_token(house.context, house.owner(), life_s=60)
    async with house.database.read() as tx:
        row = (await tx.execute(sa.text("SELECT * FROM upload_tokens"))).one()
    assert token.removeprefix("fh_up_") not in repr(row)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["", "fh_up_", "fh_up_" + "0" * 64, "fh_up_" + "é" * 64, "\0", "x" * 100_000])
async def test_what_is_no_token_is_not_found(house: House, text: str) -> None:
    await library.issue_upload_token(house.context, house.owner(), life_s=60)
    assert await library.find_upload_token(house.context, text) is None
    assert await used(house, text) is False


async def test_a_token_is_used_once_however_many_try(house: House) -> None:
    owner = house.owner()
    token, other = [await library.issue_upload_token(house.context, owner, life_s=60) for _ in range(2)]
    assert sorted(await asyncio.gather(*(used(house, token) for _ in range(8)))) == [False] * 7 + [True]
    assert await library.find_upload_token(house.context, token) is None
    assert await library.find_upload_token(house.context, other) is not None


async def test_a_reception_that_fails_does_not_use_it_up(house: House) -> None:
    token = await library.issue_upload_token(house.context, house.owner(), life_s=60)
    with contextlib.suppress(InvalidInput):
        async with house.database.write() as tx:
            assert await library.use_upload_token(tx, token, house.clock.now())
            raise InvalidInput("the file is no video")
    assert await library.find_upload_token(house.context, token) is not None
    assert await used(house, token)


async def test_an_upload_that_began_in_time_may_end_late_and_housekeeping_waits_for_it(house: House) -> None:
    slow, unused = [await library.issue_upload_token(house.context, house.owner(), life_s=60) for _ in range(2)]
    house.clock.advance(timedelta(hours=40))
    await library.expire_uploads(house.context)
    assert await used(house, slow)
    house.clock.advance(timedelta(hours=9))
    recent = await library.issue_upload_token(house.context, house.owner(), life_s=60)
    await library.expire_uploads(house.context)
    assert await house.count("upload_tokens") == 1
    assert not await used(house, unused)
    assert await used(house, recent)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("return_url", "life_s", "field"),
    [
        (None, 0, "life_s"),
        (None, WEEK_S + 1, "life_s"),
        ("javascript:alert(1)", 60, "return_url"),
        ("ftp://example.com/", 60, "return_url"),
        ("/done", 60, "return_url"),
    ],
)
async def test_what_is_wrong_is_named(house: House, return_url: str | None, life_s: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await library.issue_upload_token(house.context, house.owner(), return_url=return_url, life_s=life_s)
    assert list(refused.value.fields) == [field]
    assert await house.count("upload_tokens") == 0
