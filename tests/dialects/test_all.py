"""What every dialect shares: each route of each with wrong keys, another tenant's ids, limits, links and documents."""

import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from framehouse.dialects.gateway.fields import from_pairs
from framehouse.identity import IssuedCredential, Role
from tests.dialects.house import HOSTS, House, facts, keys_of, open_house
from tests.dialects.things import Things, everything, names_things, request_of, unknown_ids

VENDORS = ("adilo", "sproutvideo")  # those of whole libraries; the analytics have tests of their own


async def operations(house: House, vendor: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Every documented (method, path, operation) of a vendor."""
    document = (await house.client.get(f"/{vendor}/openapi.json")).json()
    found = [(method.upper(), path, item[method]) for path, item in document["paths"].items() for method in item]
    assert found
    return found


async def ask(house: House, keys: Mapping[str, str | bytes], request: dict[str, Any]) -> httpx.Response:
    return await house.client.request(**{**request, "headers": {**request.get("headers", {}), **keys}})


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_strangers_key_gets_the_answer_of_an_unknown_id(house: House, vendor: str) -> None:
    ids = await Things(house).fill()
    stranger = keys_of(house.stranger, vendor)
    unknown = unknown_ids(vendor, ids)
    before = await everything(house)
    seen = 0
    for method, path, _ in await operations(house, vendor):
        foreign = await ask(house, stranger, request_of(vendor, method, path, ids))
        none = await ask(house, stranger, request_of(vendor, method, path, unknown))
        assert foreign.status_code == none.status_code, (method, path)
        if names_things(path) or foreign.status_code == 404:
            seen += 1
            refused = (403, 404) if not path.endswith("/bulk") else (422,)
            assert foreign.status_code in refused, (method, path, foreign.text)
            assert foreign.json() == none.json(), (method, path)
        elif method == "GET":
            owned = [value for name, value in ids.items() if name not in ("partNumber", "string")]
            assert not any(f'"{value}"' in foreign.text for value in owned), (method, path)
        else:
            assert foreign.status_code == 200, (method, path, foreign.text)
    assert seen >= 3
    assert await everything(house) == before


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_viewers_key_only_reads(house: House, vendor: str) -> None:
    ids = await Things(house).fill()
    before = await everything(house)
    reader = keys_of(await house.role_key(Role.VIEWER), vendor)
    for method, path, _ in await operations(house, vendor):
        answer = await ask(house, reader, request_of(vendor, method, path, ids))
        reads = method == "GET" and "signed-url" not in path
        assert answer.status_code == (200 if reads else 403), (method, path, answer.text)
    assert await everything(house) == before


@pytest.mark.parametrize("vendor", VENDORS)
async def test_no_route_answers_without_a_valid_key(house: House, vendor: str) -> None:
    ids = await Things(house).fill()
    before = await everything(house)
    right = house.keys(vendor)
    wrong: list[dict[str, str]] = [{}]
    for name in right:
        wrong += [{**right, name: value} for value in ("", "x", right[name][:-1], right[name] + "x", "é", "x" * 10_000)]
        wrong.append({key: value for key, value in right.items() if key != name})
    for method, path, _ in await operations(house, vendor):
        for keys in wrong:
            answer = await ask(
                house, {name: value.encode() for name, value in keys.items()}, request_of(vendor, method, path, ids)
            )
            assert answer.status_code == 401, (method, path, keys)
            assert "WWW-Authenticate" in answer.headers
            assert_refusal(vendor, answer)
    assert await everything(house) == before


def assert_refusal(vendor: str, answer: httpx.Response) -> None:
    """In the vendor's own envelope."""
    body = answer.json()
    if vendor == "sproutvideo":
        assert isinstance(body["error"], str)
    else:
        assert (body["status"], isinstance(body["message"], str), body["payload"]) == ("error", True, None)


@pytest.mark.parametrize("vendor", VENDORS)
async def test_revoked_keys_and_inactive_tenants_stop_at_once(house: House, vendor: str) -> None:
    path = {"sproutvideo": "/videos", "adilo": "/projects"}[vendor]
    another: IssuedCredential = await house.identity.issue_credential(house.own.tenant.id, "another")
    async with house.api(vendor) as own, house.api(vendor, another) as second:
        assert [(await each.get(path)).status_code for each in (own, second)] == [200, 200]
        await house.identity.revoke_credential(house.own.tenant.id, another.credential.id)
        assert [(await each.get(path)).status_code for each in (own, second)] == [200, 401]
        await house.change_tenant(active=False)
        assert (await own.get(path)).status_code == 401


@pytest.mark.parametrize(("vendor", "path", "status"), [("sproutvideo", "/videos", 503), ("adilo", "/projects", 429)])
async def test_the_rate_limit(house: House, vendor: str, path: str, status: int) -> None:
    await house.change_tenant(rate_limit_per_minute=100)
    house.advance(seconds=20)
    async with house.api(vendor) as api, house.api(vendor, house.stranger) as other:
        for used in range(1, 101):
            answer = await api.get(path)
            assert answer.status_code == 200, used
            assert answer.headers["x-ratelimit-remaining"] == str(100 - used)
        refused = await api.get(path)
        assert refused.status_code == status
        assert_refusal(vendor, refused)
        reset_s = int(house.clock.now().timestamp()) + 40
        limits = {"limit": "100", "remaining": "0", "reset": str(reset_s)}
        assert {name: refused.headers[f"x-ratelimit-{name}"] for name in limits} == limits
        assert refused.headers["retry-after"] == "40"
        assert (await other.get(path)).status_code == 200
        assert (await api.post(path, content=b"{")).status_code == status
        house.advance(seconds=40)
        assert (await api.get(path)).status_code == 200


async def test_the_rate_limits_status_is_a_setting(migrated_file: Any, tmp_path: Any) -> None:
    async with (
        open_house(migrated_file, tmp_path, sproutvideo_rate_limit_status=429, rate_limit_per_minute=1) as house,
        house.api("sproutvideo") as sprout,
    ):
        assert [(await sprout.get("/videos")).status_code for _ in range(2)] == [200, 429]
        document = (await house.client.get("/sproutvideo/openapi.json")).json()
        assert "429" in document["paths"]["/v1/videos"]["get"]["responses"]


@pytest.mark.parametrize("vendor", VENDORS)
async def test_every_operation_is_documented(house: House, vendor: str) -> None:
    found = {f"{method} {path}": operation for method, path, operation in await operations(house, vendor)}
    wanted: dict[str, list[int]] = facts(vendor)["operations"]
    assert set(found) == set(wanted)
    for name, statuses in wanted.items():
        operation = found[name]
        assert operation["summary"], name
        assert operation["description"], name
        assert {str(status) for status in statuses} <= set(operation["responses"]), name
        for status, answer in operation["responses"].items():
            assert answer["content"]["application/json"]["schema"], (name, status)
        for parameter in operation.get("parameters", []):
            assert parameter["schema"], (name, parameter)


@pytest.mark.parametrize("vendor", VENDORS)
async def test_the_documents(house: House, vendor: str) -> None:
    document = (await house.client.get(f"/{vendor}/openapi.json")).json()
    assert document["servers"] == [{"url": f"/{vendor}"}]
    assert document["security"] == [{name: [] for name in document["components"]["securitySchemes"]}]
    references = re.findall(r'"\$ref": ?"#/components/schemas/(\w+)"', httpx.Response(200, json=document).text)
    assert set(references) <= set(document["components"]["schemas"])
    page = await house.client.get(f"/{vendor}/docs/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"<script|https?://(?!films\.example)|style=", page.text)
    for method, path, _ in await operations(house, vendor):
        assert f"{method} /{vendor}{path}" in page.text
    assert (await house.client.get(f"/{vendor}/docs.css")).headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("vendor", VENDORS)
async def test_unknown_addresses_and_methods(house: House, vendor: str) -> None:
    for path in ("/", "/v1", "/v1/", "/v2/videos", "/v1/nothing", "/v1/nothing/", "//v1", "/v1/no%0Athing"):
        answer = await house.client.get(f"/{vendor}{path}", headers=house.keys(vendor))
        assert answer.status_code == 404, path
        assert_refusal(vendor, answer)
    known = {"sproutvideo": "/v1/videos", "adilo": "/v1/projects"}[vendor]
    for method in ("PATCH", "DELETE", "PUT", "TRACE"):
        answer = await house.client.request(method, f"/{vendor}{known}", headers=house.keys(vendor))
        assert (answer.status_code, "allow" in answer.headers) == (405, True), method
        assert_refusal(vendor, answer)


@pytest.mark.parametrize(("host", "prefix"), HOSTS.items())
async def test_the_vendors_own_host_name(house: House, host: str, prefix: str) -> None:
    vendor = prefix.strip("/")
    path = {"sproutvideo": "/v1/videos", "adilo": "/v1/projects"}[vendor]
    ids = await Things(house).fill()
    headers = {**house.keys(vendor), "host": host}
    answer = await house.client.get(f"{path}/?per_page=1", headers=headers)
    assert answer.status_code == 200
    if vendor == "sproutvideo":
        video = answer.json()["videos"][0]
        assert f"src='http://{host}/embed/" in video["embed_code"]
        poster = await house.client.get(video["assets"]["poster_frames"][1].replace(host, "films.example"))
        assert poster.status_code == 200
        assert answer.json()["next_page"] == f"http://{host}/v1/videos?page=2&per_page=1"
    else:
        one = await house.client.get(f"/v1/files/{ids['file_id']}", headers=headers)
        assert one.json()["payload"]["embed_url"].startswith(f"http://{host}/embed/")
    document = (await house.client.get("/openapi.json", headers=headers)).json()
    assert document["servers"] == [{"url": "/"}]


async def test_links_under_a_public_url(migrated_file: Any, tmp_path: Any) -> None:
    async with open_house(migrated_file, tmp_path, public_url="https://tv.example/films/") as house:
        ids = await Things(house).fill()
        async with house.api("sproutvideo") as sprout, house.api("adilo") as adilo:
            answer = (await sprout.get("/videos?per_page=1")).json()
            assert answer["next_page"].startswith("https://tv.example/films/sproutvideo/v1/videos?")
            assert "src='https://tv.example/films/embed/" in answer["videos"][0]["embed_code"]
            path = f"/files/upload/get-signed-url/{ids['uploadId']}/1?key={ids['key']}"
            assert (await adilo.get(path)).json()["payload"]["url"].startswith("https://tv.example/films/storage/")
            at_vendor = await house.client.get(
                "/v1/videos?per_page=1", headers={**house.keys("sproutvideo"), "host": "api.sproutvideo.com"}
            )
            assert at_vendor.json()["next_page"].startswith("https://api.sproutvideo.com/v1/videos?")


@pytest.mark.parametrize("host", ["evil.example'><script>", "a b", "", "x" * 10 + "/../", "[::1]:8080", "127.0.0.1:9"])
async def test_a_strange_host_header_is_not_repeated(house: House, host: str) -> None:
    ids = await Things(house).fill()
    answer = await house.client.get(
        f"/sproutvideo/v1/videos/{ids['videos']}", headers={**house.keys("sproutvideo"), "host": host}
    )
    code = answer.json()["embed_code"]
    good = host in ("[::1]:8080", "127.0.0.1:9")
    assert f"src='http://{host}/embed/" in code if good else f"src='{house.settings.local_url}/embed/" in code


async def test_unexpected_errors_stay_inside(house: House) -> None:
    """A fault below is one answer in the envelope, and no trace of it reaches the client."""
    async with house.library.database.write() as tx:
        for table in ("videos", "projects"):
            await tx.execute(sa.text(f"ALTER TABLE {table} RENAME TO lost_{table}"))
    for vendor, path in (("sproutvideo", "/videos"), ("adilo", "/projects")):
        async with house.api(vendor) as api:
            with capture_logs() as logs:
                answer = await api.get(path)
            assert answer.status_code == 500
            assert [line["event"] for line in logs if line["log_level"] == "error"] == ["unexpected error"]
            assert_refusal(vendor, answer)
            assert "sqlite" not in answer.text.lower()
            assert answer.headers["x-request-id"] in answer.text


def test_names_with_brackets() -> None:
    assert from_pairs([("a", "1"), ("a", "2"), ("b[]", "x"), ("c[0][d]", "1"), ("c[1][d]", "2")]) == {
        "a": ["1", "2"], "b": ["x"], "c": [{"d": "1"}, {"d": "2"}],
    }  # fmt: skip
    assert from_pairs([("p[][n]", "1"), ("p[][e]", "x"), ("p[][n]", "2"), ("p[][e]", "y")]) == {
        "p": [{"n": "1", "e": "x"}, {"n": "2", "e": "y"}]
    }
    assert from_pairs([("a[", "1"), ("[b]", "2"), ("c[x]y", "3"), ("d[[e]]", "4"), ("", "5")]) == {
        "a[": "1", "[b]": "2", "c[x]y": "3", "d[[e]]": "4", "": "5",
    }  # fmt: skip
    assert from_pairs([("a[b]", "1"), ("a", "2"), ("t", "1"), ("t[]", "2"), ("t[]", "3")]) == {
        "a": {"b": "1", "1": "2"}, "t": ["1", "2", "3"],
    }  # fmt: skip
