"""Where an embed may stand: allowed domains, signed embeds, our own pages; and the pass that carries what was shown."""

from typing import Any

import pytest

from framehouse.identity import IssuedCredential, TenantChanges
from framehouse.kernel import to_hex
from framehouse.library import Privacy, Video
from framehouse.playback import DenialReason, embed_path, embed_signature, watch_path
from framehouse.playback.explanations import EXPLANATIONS
from tests.edge.house import BASE, House, with_settings
from tests.edge.visiting import SITE, Browser, config_in, frame_in, signed_query

DOMAINS = ("a.example", "*.shop.example")


@pytest.fixture
async def key(house: House) -> IssuedCredential:
    return await house.identity.issue_credential(house.owner.tenant_id, "signs embeds")


async def ancestors(browser: Browser, url: str, site: str | None) -> str:
    answer = await browser.get(url, headers={"referer": site} if site else {})
    return answer.headers["content-security-policy"].split("frame-ancestors ")[1]


def in_query(url: str, **replaced: str) -> str:
    """The address with other values in its query."""
    path, _, query = url.partition("?")
    pairs = dict(pair.split("=", 1) for pair in query.split("&"))
    return f"{path}?" + "&".join(f"{name}={value}" for name, value in {**pairs, **replaced}.items())


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        ("https://a.example/", None),
        ("http://A.example:8080/path?query#part", None),
        ("https://x.shop.example/", None),
        ("https://shop.example/", "domain_not_allowed"),
        ("https://b.example/?https://a.example/", "domain_not_allowed"),
        ("https://a.example@b.example/", "domain_not_allowed"),
        (f"{BASE}/elsewhere", "domain_not_allowed"),
        ("https://[broken/", "domain_unknown"),
        ("about:blank", "domain_unknown"),
        (None, "domain_unknown"),
    ],
)
async def test_domains_are_read_from_the_referrer(house: House, site: str | None, reason: str | None) -> None:
    video, browser = await house.playable(allowed_domains=DOMAINS), Browser(house)
    config = await browser.embed(video, site=site)
    assert (config["state"], browser.reason) == ("denied" if reason else "playable", reason)
    if reason is None:
        assert await browser.plays(config)
        again = (await browser.get(config["statusUrl"], headers={"referer": BASE + embed_path(video)})).json()
        assert await browser.plays(again), "the pass says where the player stands"


async def test_a_page_of_our_own_host_needs_no_referrer(house: House) -> None:
    video, browser = await house.playable(allowed_domains=("films.example",)), Browser(house)
    for site, state in (("same-origin", "playable"), ("same-site", "denied"), ("none", "denied")):
        answer = await browser.get(embed_path(video), headers={"sec-fetch-site": site})
        assert config_in(answer)["state"] == state, site


async def test_a_refused_site_reads_nothing_of_the_list_and_its_owner_reads_what_to_do(house: House) -> None:
    video, browser = await house.playable(allowed_domains=DOMAINS), Browser(house)
    answer = await browser.get(embed_path(video))
    assert answer.status_code == 403
    assert "a.example" not in answer.text
    assert "referrerpolicy" in EXPLANATIONS[DenialReason.DOMAIN_UNKNOWN]


async def test_the_browser_is_told_the_same_list(house: House) -> None:
    video, browser = await house.playable(allowed_domains=DOMAINS), Browser(house)
    url = embed_path(video)
    assert await ancestors(browser, url, SITE) == "'self' http://a.example:* http://*.shop.example:*"
    assert await ancestors(browser, url, "https://b.example/") == "*", "the refusal is shown where it happens"
    config = await browser.embed(video)
    assert config["parentOrigins"] == list(DOMAINS)
    anywhere = await house.playable()
    assert await ancestors(browser, embed_path(anywhere), "https://b.example/") == "*"
    assert (await browser.embed(anywhere))["parentOrigins"] == ["*"]
    numbered = await house.playable(allowed_domains=("192.0.2.7",))
    assert await ancestors(browser, embed_path(numbered), "http://192.0.2.7/") == "*", "policies know no addresses"


async def test_without_a_pass_no_follow_up_stands_anywhere(house: House) -> None:
    video, browser = await house.playable(allowed_domains=DOMAINS), Browser(house)
    answer = await browser.get(f"{embed_path(video)}/config", headers={"referer": SITE})
    assert (answer.json()["state"], browser.reason) == ("denied", "domain_unknown")


async def test_a_page_load_does_not_believe_a_pass_where_it_stands(house: House) -> None:
    """Somebody carries the address of a follow-up, or of our page's frame, to another site."""
    video, browser = await house.playable(allowed_domains=DOMAINS), Browser(house)
    passed = (await browser.embed(video))["statusUrl"].partition("?")[2]
    assert (await browser.embed(video, passed, "https://b.example/"))["state"] == "denied"
    assert (await browser.embed(video, passed, None))["state"] == "denied"
    frame = frame_in(await browser.get(watch_path(video.id)))
    carried = await ancestors(browser, frame, "https://b.example/")
    assert carried == "'self' http://a.example:* http://*.shop.example:*", "other sites' browsers do not show it"


async def test_our_own_page_meets_domains_and_signatures(house: House) -> None:
    video = await house.playable(allowed_domains=DOMAINS, signed_embeds_only=True)
    browser = Browser(house)
    frame = frame_in(await browser.get(watch_path(video.id)))
    config = config_in(await browser.get(frame, headers={"referer": BASE + watch_path(video.id)}))
    assert await browser.plays(config)
    assert (await browser.get(config["statusUrl"])).json()["state"] == "playable"
    signed = await house.playable(signed_embeds_only=True)
    assert await ancestors(browser, frame_in(await browser.get(watch_path(signed.id))), None) == "'self'"


async def test_a_signed_embed_plays_and_goes_on_after_its_address_has_expired(
    house: House, key: IssuedCredential
) -> None:
    video, browser = await house.playable(signed_embeds_only=True), Browser(house)
    query = signed_query(house, key, video, type="hd", u="a b")
    config = await browser.embed(video, query)
    assert await browser.plays(config)
    house.advance(seconds=60)
    assert (await browser.embed(video, query))["state"] == "denied"
    assert browser.reason == "signature_expired"
    assert (await browser.get(config["statusUrl"])).json()["state"] == "playable"
    carried = await browser.embed(video, config["statusUrl"].partition("?")[2], "https://b.example/")
    assert (carried["state"], browser.reason) == ("denied", "signature_expired"), "no other page takes it over"
    house.advance(hours=12)
    assert (await browser.get(config["statusUrl"])).json()["state"] == "denied"
    assert browser.reason == "signature_expired"


async def test_a_signature_may_name_the_host_we_are_reached_by(house: House, key: IssuedCredential) -> None:
    video = await house.playable(signed_embeds_only=True)
    expires = str(int(house.clock.now().timestamp()) + 60)
    for host, client, state in (
        ("films.example", house.client, "playable"),
        ("evil.example", house.client, "denied"),
        ("sign.example", with_settings(house, signed_embed_hosts="a.example, sign.example"), "playable"),
        ("videos.sproutvideo.com", with_settings(house, signed_embed_hosts=""), "denied"),
        ("public.example", with_settings(house, public_url="https://public.example:8443/base"), "playable"),
    ):
        path = f"/embed/{to_hex(video.id)}/{video.embed_token}"
        signature = embed_signature(key.api_key, host, path, [("expires", expires)])
        answer = await client.get(f"{path}/config", params={"signature": signature, "expires": expires})
        assert answer.json()["state"] == state, host


async def test_a_revoked_key_signs_nothing_within_seconds(house: House, key: IssuedCredential) -> None:
    video, browser = await house.playable(signed_embeds_only=True), Browser(house)
    query = signed_query(house, key, video, expires_in_s=3600)
    assert (await browser.embed(video, query))["state"] == "playable"
    await house.identity.revoke_credential(house.owner.tenant_id, key.credential.id)
    house.advance(seconds=5)
    assert (await browser.embed(video, query))["state"] == "denied"
    assert browser.reason == "signature_wrong"


async def test_another_owners_key_signs_nothing(house: House) -> None:
    video, browser = await house.playable(signed_embeds_only=True), Browser(house)
    other = await house.identity.create_tenant("other", "Other")
    theirs = await house.identity.issue_credential(other.id, "signs embeds")
    assert (await browser.embed(video, signed_query(house, theirs, video)))["state"] == "denied"
    assert browser.reason == "signature_wrong"


async def passes(house: House, browser: Browser, video: Video) -> dict[str, Any]:
    config = await browser.embed(video)
    assert config["state"] == "password"
    return (await browser.post(config["passwordUrl"], password="open")).json()


async def test_a_pass_is_for_one_video_and_no_letter_of_it_may_change(house: House) -> None:
    about = {"privacy": Privacy.PASSWORD, "password": "open", "prefers_embed_password": True}
    video, other = await house.playable(**about), await house.playable(**about)
    config = await passes(house, Browser(house), video)
    fresh = Browser(house)  # without the cookie
    assert (await fresh.get(config["statusUrl"])).json()["state"] == "playable"
    passed = config["statusUrl"].partition("pass=")[2]
    swapped = await fresh.get(f"{embed_path(other)}/config?pass={passed}")
    assert (swapped.json()["state"], fresh.reason) == ("password", "password_required")
    for position in range(0, len(passed), 7):
        letter = "A" if passed[position] != "A" else "B"
        forged = passed[:position] + letter + passed[position + 1 :]
        answer = await fresh.get(in_query(config["statusUrl"], **{"pass": forged}))
        assert answer.json()["state"] == "password", position


async def test_a_changed_password_voids_the_passes_that_are_out(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="open", prefers_embed_password=True)
    config = await passes(house, Browser(house), video)
    await house.change(video, password="shut")
    assert (await Browser(house).get(config["statusUrl"])).json()["state"] == "password"


async def test_a_pass_is_not_made_longer_by_asking(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="open", prefers_embed_password=True)
    config = await passes(house, Browser(house), video)
    for _ in range(3):
        house.advance(hours=3)
        config = (await Browser(house).get(config["statusUrl"])).json()
        assert config["state"] == "playable"
    house.advance(hours=3)
    assert (await Browser(house).get(config["statusUrl"])).json()["state"] == "password"


async def test_networks_bind_pages_players_and_media(house: House) -> None:
    video = await house.playable(allowed_networks=("192.0.2.0/24",))
    inside, outside = Browser(house), Browser(house, "198.51.100.1")
    config = await inside.embed(video)
    assert await inside.plays(config)
    for url in (embed_path(video), watch_path(video.id)):
        answer = await outside.get(url)
        assert (answer.status_code, outside.reason) == (403, "network_not_allowed")
    for name in ("master.m3u8", "v1/1.m4s"):
        answer = await outside.get(config["manifests"]["hls"].replace("master.m3u8", name))
        assert (answer.status_code, outside.reason) == (403, "network_not_allowed")
    house.signed_in.append(house.owner.tenant_id)
    assert await outside.plays(await outside.embed(video)), "the owner watches from anywhere"


async def test_a_network_list_that_comes_later_bites_within_seconds(house: House) -> None:
    video, browser = await house.playable(), Browser(house, "198.51.100.1")
    config = await browser.embed(video)
    assert await browser.plays(config)
    await house.change(video, allowed_networks=("192.0.2.0/24",))
    house.advance(seconds=5)
    assert not await browser.plays(config)


async def test_an_inactive_owners_videos_stop_within_seconds(house: House) -> None:
    video, browser = await house.playable(), Browser(house)
    config = await browser.embed(video)
    assert await browser.plays(config)
    await house.identity.update_tenant(house.owner.tenant_id, TenantChanges(active=False))
    house.advance(seconds=5)
    answer = await browser.get(config["manifests"]["hls"])
    assert (answer.status_code, browser.reason) == (403, "tenant_inactive")
    for url in (embed_path(video), watch_path(video.id)):
        answer = await browser.get(url)
        assert (answer.status_code, browser.reason) == (403, "tenant_inactive")
    await house.identity.update_tenant(house.owner.tenant_id, TenantChanges(active=True))
    house.advance(seconds=5)
    assert await browser.plays(config)


async def test_waiting_is_no_denial_in_the_log(house: House) -> None:
    video, browser = await house.video(), Browser(house)
    assert (await browser.embed(video))["state"] == "processing"
    assert browser.reason is None
