"""Who may watch, in full: privacy levels x viewers x places x signed embeds x domains, against the table that the
documentation promises; the reason in the log; and the owner's dry run, which must say the same."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from framehouse.identity import IssuedCredential, Login, Profile, TenantChanges
from framehouse.library import DownloadQuality, OutputKind, Privacy, Video
from framehouse.playback import (
    AccessQuestion,
    Place,
    SignatureState,
    check_access,
    embed_path,
    find_published,
    media_path,
    watch_path,
)
from framehouse.playback.store.grants import count_play
from tests.edge.house import BASE, House
from tests.edge.visiting import (
    PASSWORD,
    SITE,
    Browser,
    config_in,
    frame_in,
    grant_for,
    login_for,
    signed_query,
    ticket_in,
)

OK = None  # allowed: nothing in the log
OTHER_SITE = "https://b.example/"

# Who comes, and what they meet on the video's own page and in an embed. A viewer enters what is asked for, if it is
# known: hence "wrong password" is let into what asks for none, and a login changes nothing where none is asked for.
VIEWERS = (
    "nobody", "right password", "wrong password", "login", "login with grant", "login, grant ended",
    "login, plays used up", "owner",
)  # fmt: skip
# fmt: off
PRIVACY: dict[str, dict[str, tuple[str | None, str | None]]] = {
    #                                     own page             embed
    "private": {**dict.fromkeys(VIEWERS, ("owner_only", OK)), "owner": (OK, OK)},
    "password": {
        "nobody":               ("password_required", OK),
        "right password":       (OK,                  OK),
        "wrong password":       ("password_wrong",    OK),
        "login":                ("password_required", OK),
        "login with grant":     ("password_required", OK),
        "login, grant ended":   ("password_required", OK),
        "login, plays used up": ("password_required", OK),
        "owner":                (OK,                  OK),
    },
    "password in embeds too": {
        "nobody":               ("password_required", "password_required"),
        "right password":       (OK,                  OK),
        "wrong password":       ("password_wrong",    "password_wrong"),
        "login":                ("password_required", "password_required"),
        "login with grant":     ("password_required", "password_required"),
        "login, grant ended":   ("password_required", "password_required"),
        "login, plays used up": ("password_required", "password_required"),
        "owner":                (OK,                  OK),
    },
    "public": dict.fromkeys(VIEWERS, (OK, OK)),
    "login": {
        "nobody":               ("login_required",    "login_required"),
        "right password":       ("login_required",    "login_required"),
        "wrong password":       ("login_required",    "login_required"),
        "login":                ("grant_missing",     "grant_missing"),
        "login with grant":     (OK,                  OK),
        "login, grant ended":   ("grant_ended",       "grant_ended"),
        "login, plays used up": ("plays_used_up",     "plays_used_up"),
        "owner":                (OK,                  OK),
    },
}
# An embed of a video with an allowed domain that wants signed embeds: what comes before its privacy. Not for the owner.
EMBEDS: dict[tuple[str, str], str | None] = {
    ("signed",   "allowed domain"): OK,
    ("unsigned", "allowed domain"): "signature_missing",
    ("wrong",    "allowed domain"): "signature_wrong",
    ("expired",  "allowed domain"): "signature_expired",
    ("signed",   "other domain"):   "domain_not_allowed",
    ("unsigned", "other domain"):   "domain_not_allowed",
    ("wrong",    "other domain"):   "domain_not_allowed",
    ("expired",  "other domain"):   "domain_not_allowed",
    ("signed",   "no domain"):      "domain_unknown",
}
# The answer's status to the first request for an embed or a page, and to its download.
STATUS = {
    OK: 200, "owner_only": 404, "password_required": 200, "login_required": 200, "password_wrong": 403,
    "grant_missing": 403, "grant_ended": 403, "plays_used_up": 403, "signature_missing": 403, "signature_wrong": 403,
    "signature_expired": 403, "domain_not_allowed": 403, "domain_unknown": 403,
}
# fmt: on
LEVELS: dict[str, dict[str, Any]] = {
    "private": {"privacy": Privacy.PRIVATE},
    "password": {"privacy": Privacy.PASSWORD, "password": "open"},
    "password in embeds too": {"privacy": Privacy.PASSWORD, "password": "open", "prefers_embed_password": True},
    "public": {"privacy": Privacy.PUBLIC},
    "login": {"privacy": Privacy.LOGIN},
}
SITES = {"allowed domain": SITE, "other domain": OTHER_SITE, "no domain": None}
SIGNATURES = {
    "signed": SignatureState.VALID,
    "unsigned": SignatureState.MISSING,
    "wrong": SignatureState.WRONG,
    "expired": SignatureState.EXPIRED,
}


@dataclass
class Scene:
    """One video and one viewer."""

    house: House
    video: Video
    key: IssuedCredential
    viewer: str
    login: Login | None

    @property
    def password(self) -> str | None:
        return {"right password": "open", "wrong password": "ajar"}.get(self.viewer)

    def query(self, signature: str) -> str:
        if signature == "unsigned":
            return "type=hd"
        expires_in_s = -1 if signature == "expired" else 60
        query = signed_query(self.house, self.key, self.video, expires_in_s=expires_in_s, type="hd")
        return query.replace("type=hd", "type=sd") if signature == "wrong" else query


@pytest.fixture
async def other(house: House) -> Video:
    """A video whose tickets must not open another's media."""
    return await house.playable(title="Another")


async def set_scene(house: House, level: str, viewer: str) -> Scene:
    profile = Profile(download_sd=True)
    await house.identity.update_tenant(house.owner.tenant_id, TenantChanges(profile=profile))
    about = {**LEVELS[level], "signed_embeds_only": True, "allowed_domains": ("a.example",)}
    video = await house.playable(**about)
    await house.record(video, OutputKind.DOWNLOAD, "360p", {"360p.mp4": b"the film"})
    key = await house.identity.issue_credential(house.owner.tenant_id, "signs embeds")
    login = await login_for(house) if viewer.startswith("login") else None
    if login is not None and viewer != "login":
        terms: dict[str, Any] = {
            "login with grant": {},
            "login, grant ended": {"ends_at": house.clock.now() + timedelta(minutes=1)},
            "login, plays used up": {"allowed_plays": 1},
        }[viewer]
        grant = await grant_for(house, login, video, downloads=(DownloadQuality.SD,), **terms)
        if viewer == "login, plays used up":
            async with house.library.database.write() as tx:
                assert await count_play(tx, house.owner.tenant_id, grant.id, house.clock.now())
        house.advance(minutes=2)
    if viewer == "owner":
        house.signed_in.append(house.owner.tenant_id)
    return Scene(house, video, key, viewer, login)


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("level", LEVELS)
async def test_the_own_page(house: House, level: str, viewer: str) -> None:
    scene, browser = await set_scene(house, level, viewer), Browser(house)
    expected, url = PRIVACY[level][viewer][0], watch_path(scene.video.id)
    page = await browser.get(url)
    if browser.reason == "password_required" and scene.password:
        page = await browser.post(url, password=scene.password)
    elif browser.reason == "login_required" and scene.login:
        page = await browser.sign_in(scene.video, scene.login)
    if page.status_code == 303:
        page = await browser.get(url)
    assert (browser.reason, page.status_code) == (expected, STATUS[expected])
    assert ("<iframe" in page.text) is (expected is OK)
    if expected is OK:  # the player in the page plays, whatever embeds elsewhere must show
        config = config_in(await browser.get(frame_in(page), headers={"referer": f"{BASE}{url}"}))
        await assert_plays(browser, await browser.start(config) if config["startUrl"] else config)
    await assert_download(browser, f"{url}/download/sd", expected)
    if viewer != "owner":
        assert await dry_run(scene, Place.PAGE) == expected


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("level", LEVELS)
async def test_embeds(house: House, other: Video, level: str, viewer: str) -> None:
    scene = await set_scene(house, level, viewer)
    for (signature, domain), before in EMBEDS.items():
        expected = PRIVACY[level][viewer][1] if before is OK or viewer == "owner" else before
        await assert_embed(scene, signature, domain, expected, other)


async def assert_embed(scene: Scene, signature: str, domain: str, expected: str | None, other: Video) -> None:
    browser, site, query = Browser(scene.house), SITES[domain], scene.query(signature)
    config = await browser.embed(scene.video, query, site)
    if config["state"] == "password" and scene.password:
        config = (await browser.post(config["passwordUrl"], password=scene.password)).json()
    elif config["state"] == "login" and scene.login:
        answer = await browser.post(config["loginUrl"], email=scene.login.email, password=PASSWORD)
        config = answer.json()
    if config["startUrl"]:
        config = await browser.start(config)
    place = (signature, domain)
    assert browser.reason == expected, place
    if expected is OK:
        await assert_plays(browser, config)
    else:
        await assert_nothing_opens(scene, browser, config, other)
    passed = config["statusUrl"].partition("?")[2]
    await assert_download(browser, f"{embed_path(scene.video)}/download/sd?{passed}", expected)
    if scene.viewer != "owner":
        host = urlsplit(site).hostname if site else None
        assert await dry_run(scene, Place.EMBED, domain=host, signed=SIGNATURES[signature]) == expected, place


async def assert_plays(browser: Browser, config: dict[str, Any]) -> None:
    assert config["state"] == "playable"
    assert await browser.plays(config)


async def assert_nothing_opens(scene: Scene, browser: Browser, config: dict[str, Any], other: Video) -> None:
    """No address is told, and a ticket that is somebody's for another video opens neither manifest nor segment."""
    assert config["manifests"] == {"hls": None, "dash": None}
    assert config["downloads"] == []
    output = (await find_published(scene.house.playback, scene.video.id)).presentation  # type: ignore[union-attr]
    ticket = ticket_in(await scene.house.config(other))
    for name in ("master.m3u8", "v1/1.m4s"):
        answer = await browser.get(media_path(ticket, scene.video.id, output.id, name))  # type: ignore[union-attr]
        assert (answer.status_code, browser.reason) == (404, "ticket_invalid")


async def assert_download(browser: Browser, url: str, expected: str | None) -> None:
    """A download is no place to enter a password, so that none is wrong there."""
    answer = await browser.get(url)
    reason = "password_required" if expected == "password_wrong" else expected
    status = {OK: 200, "owner_only": 404}.get(reason, 403)
    assert (answer.status_code, browser.reason) == (status, reason)
    assert (answer.content == b"the film") is (expected is OK)


async def dry_run(scene: Scene, place: Place, **more: Any) -> str | None:
    """The reason that the owner is told beforehand."""
    published = await find_published(scene.house.playback, scene.video.id)
    assert published is not None
    login_id = scene.login.id if scene.login else None
    question = AccessQuestion(place, password=scene.password, login_id=login_id, **more)
    answer = await check_access(scene.house.library, published, question)
    assert answer.explanation
    assert (DownloadQuality.SD in answer.downloads) is answer.allowed
    return answer.reason.value if answer.reason else None
