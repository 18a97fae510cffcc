"""Signing in with a login: in the player, on the watch page; how long it lasts, what ends it, who is locked out."""

from http.cookies import SimpleCookie

import httpx
import pytest

from framehouse.library import Privacy, Video
from framehouse.playback import embed_path, watch_path
from tests.edge.house import House, hex_of, with_settings
from tests.edge.visiting import PASSWORD, Browser, config_in, frame_in, grant_for, login_for


@pytest.fixture
async def video(house: House) -> Video:
    return await house.playable(privacy=Privacy.LOGIN)


async def post_login(browser: Browser, video: Video, email: str, password: str) -> httpx.Response:
    return await browser.post((await browser.embed(video))["loginUrl"], email=email, password=password)


async def test_in_a_frame_without_cookies_the_pass_is_enough(house: House, video: Video) -> None:
    login = await login_for(house)
    await grant_for(house, login, video)
    asked = await Browser(house).embed(video, "autoplay=1")
    assert (asked["state"], asked["title"], asked["poster"]) == ("login", "", None)
    assert asked["loginUrl"].startswith(f"{embed_path(video)}/login?autoplay=1&pass=")
    fields = {"email": login.email, "password": PASSWORD}
    answer = await Browser(house).post(asked["loginUrl"], **fields)
    config = answer.json()
    assert (answer.status_code, config["state"], config["autoplay"]) == (200, "playable", True)
    assert config["manifests"] == {"hls": None, "dash": None}
    assert config["poster"] is not None
    started = await Browser(house).start(config)
    assert started["startUrl"] is None
    assert await Browser(house).plays(started)


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", "wrong"), ("bob@example.com", PASSWORD), ("", "")])
async def test_a_wrong_password_asks_again(house: House, video: Video, email: str, password: str) -> None:
    await login_for(house)
    browser = Browser(house)
    answer = await post_login(browser, video, email, password)
    assert (answer.status_code, answer.json()["state"], browser.reason) == (403, "login", "login_wrong")
    assert "wrong" in answer.json()["message"]
    assert "set-cookie" not in answer.headers


async def test_a_login_without_a_grant_may_try_another(house: House, video: Video) -> None:
    ada, bob = await login_for(house), await login_for(house, "bob@example.com")
    await grant_for(house, bob, video)
    browser = Browser(house)
    refused = await post_login(browser, video, ada.email, PASSWORD)
    assert (refused.status_code, refused.json()["state"], browser.reason) == (403, "login", "grant_missing")
    let_in = await browser.post(refused.json()["loginUrl"], email=bob.email, password=PASSWORD)
    assert (let_in.status_code, let_in.json()["state"]) == (200, "playable")


async def test_a_cookie_serves_all_videos_of_the_owner_and_nobody_elses(house: House, video: Video) -> None:
    login, second = await login_for(house), await house.playable(privacy=Privacy.LOGIN)
    for each in (video, second):
        await grant_for(house, login, each)
    browser = Browser(house)
    answer = await post_login(browser, video, login.email, PASSWORD)
    name, cookie = next(iter(SimpleCookie(answer.headers["set-cookie"]).items()))
    assert name.startswith("framehouse_viewer_")
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/", True, "Lax")
    assert cookie["max-age"] == str(14 * 86400)
    assert (await browser.embed(second))["state"] == "playable"
    assert "<iframe" in (await browser.get(watch_path(second.id))).text
    house.advance(days=14)
    assert (await browser.embed(second))["state"] == "login"


async def test_a_login_of_another_owner_is_a_stranger(house: House, video: Video) -> None:
    other = await house.identity.create_tenant("other", "Other")
    await house.identity.create_login(other.id, "ada@example.com", PASSWORD)
    browser = Browser(house)
    assert (await post_login(browser, video, "ada@example.com", PASSWORD)).status_code == 403
    assert browser.reason == "login_wrong"


async def test_over_https_the_cookie_works_in_frames_of_other_sites(house: House, video: Video) -> None:
    login = await login_for(house)
    client = with_settings(house, public_url="https://films.example/base")
    answer = await client.post(f"{embed_path(video)}/login", data={"email": login.email, "password": PASSWORD})
    assert "SameSite=None; Secure; Partitioned" in answer.headers["set-cookie"]


async def test_the_watch_page_signs_in_and_out(house: House, video: Video) -> None:
    login, browser, url = await login_for(house), Browser(house), watch_path(video.id)
    await grant_for(house, login, video)
    page = await browser.get(url)
    assert (page.status_code, browser.reason) == (200, "login_required")
    assert f'action="{url}/login"' in page.text
    assert video.title not in page.text
    assert video.embed_token not in page.text
    assert "noindex" in page.text
    wrong = await browser.post(f"{url}/login", email=login.email, password="wrong")
    assert (wrong.status_code, browser.reason) == (403, "login_wrong")
    assert "wrong" in wrong.text
    right = await browser.sign_in(video, login)
    assert (right.status_code, right.headers["location"]) == (303, url)
    page = await browser.get(url)
    assert f'action="{url}/sign-out"' in page.text
    assert "og:" not in page.text
    config = config_in(await Browser(house).get(frame_in(page)))
    assert config["state"] == "playable", "the frame carries who is signed in, without a cookie"
    out = await browser.post(f"{url}/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, url)
    assert "Sign out" not in (await browser.get(url)).text
    assert browser.reason == "login_required"


async def test_a_login_that_may_not_watch_reads_why_and_can_sign_out(house: House, video: Video) -> None:
    login, browser = await login_for(house), Browser(house)
    answer = await browser.sign_in(video, login)
    assert answer.status_code == 303, "it may watch other videos"
    page = await browser.get(watch_path(video.id))
    assert (page.status_code, browser.reason) == (403, "grant_missing")
    assert "may not watch" in page.text
    assert "Sign out" in page.text
    assert 'name="email"' in page.text


async def test_a_new_password_and_a_deletion_end_what_is_signed_in(house: House, video: Video) -> None:
    login, browser = await login_for(house), Browser(house)
    await grant_for(house, login, video)
    config = (await post_login(browser, video, login.email, PASSWORD)).json()
    await house.identity.set_login_password(house.owner.tenant_id, login.id, "new")
    assert (await browser.embed(video))["state"] == "login"
    refused = await browser.start(config)
    assert (refused["state"], browser.reason) == ("login", "login_required"), "the pass is void as well"
    answer = await browser.post(config["loginUrl"], email=login.email, password="new")
    assert answer.json()["state"] == "playable"
    await house.identity.delete_login(house.owner.tenant_id, login.id)
    assert (await browser.embed(video))["state"] == "login"
    assert (await browser.start(answer.json()))["state"] == "login"


async def test_guessers_are_locked_out_in_player_and_page_together(house: House, video: Video) -> None:
    login, url = await login_for(house), watch_path(video.id)
    await grant_for(house, login, video)
    statuses = []
    for number in range(5):
        browser = Browser(house, f"192.0.2.{number}")
        statuses.append((await post_login(browser, video, login.email, "guess")).status_code)
        statuses.append((await browser.post(f"{url}/login", email=login.email, password="guess")).status_code)
    assert statuses == [403] * 10
    browser = Browser(house, "198.51.100.1")
    locked = await post_login(browser, video, login.email, PASSWORD)
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "900")
    assert (locked.json()["state"], browser.reason) == ("login", "too_many_tries")
    page = await browser.sign_in(video, login)
    assert (page.status_code, page.headers["retry-after"], browser.reason) == (429, "900", "too_many_tries")
    assert "Too many" in page.text
    house.advance(minutes=15)
    assert (await post_login(browser, video, login.email, PASSWORD)).status_code == 200


@pytest.mark.parametrize(
    "about",
    [{"allowed_networks": ("198.51.100.0/24",)}, {"allowed_domains": ("b.example",)}, {"signed_embeds_only": True}],
)
async def test_who_is_refused_for_another_reason_cannot_guess(house: House, about: dict[str, object]) -> None:
    video, login = await house.playable(privacy=Privacy.LOGIN, **about), await login_for(house)
    await grant_for(house, login, video)
    answer = await Browser(house).post(f"{embed_path(video)}/login", email=login.email, password=PASSWORD)
    assert (answer.status_code, answer.json()["state"]) == (403, "denied")
    assert "set-cookie" not in answer.headers


async def test_other_videos_have_no_sign_in(house: House) -> None:
    public, browser = await house.playable(), Browser(house)
    assert (await browser.embed(public))["loginUrl"] is None
    for url in (f"{embed_path(public)}/login", f"{watch_path(public.id)}/login", f"{watch_path(public.id)}/sign-out"):
        assert (await browser.post(url, email="a", password="b")).status_code == 404
    private = await house.playable(privacy=Privacy.LOGIN)
    assert (await browser.post(f"/embed/{hex_of(private)}/wrong/login", email="a", password="b")).status_code == 404
    assert (await browser.post("/watch/AAAAAAAB/login", email="a", password="b")).status_code == 404
    assert (await browser.get(f"{embed_path(private)}/login")).status_code == 405


async def test_forms_that_are_too_large_are_refused(house: House, video: Video) -> None:
    browser, url = Browser(house), f"{embed_path(video)}/login"
    assert (await browser.post(url, email="x" * 10_000)).status_code == 413
    assert (await browser.post(url, **{f"field{n}": "x" for n in range(21)})).status_code == 400
