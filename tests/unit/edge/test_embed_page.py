"""The embed page without a browser: JSON, markup and policy."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from framehouse.edge.embed_page import (
    EmbedCallToAction,
    EmbedCaption,
    EmbedChapter,
    EmbedConfig,
    EmbedContact,
    EmbedDownload,
    EmbedSharing,
    EmbedState,
    PlayerAssets,
    content_security_policy,
    load_player_assets,
    render_embed,
)
from framehouse.kernel.errors import InvalidInput, TemporarilyUnavailable

ASSETS = PlayerAssets("/w/player-1.js", "/w/style-1.css", "/w/dash-1.js", "/w/hls-1.js")
FILM = EmbedConfig(
    video_id="abc",
    title="Film",
    state=EmbedState.PLAYABLE,
    hls_url="/m/master.m3u8",
    dash_url="/m/manifest.mpd",
    captions=(EmbedCaption("en", "English", "/m/en.vtt"),),
    chapters=(EmbedChapter(0, 5000, "One"),),
    contact=EmbedContact("/e/contact", asks_name=False, asks_email=True),
    calls_to_action=(EmbedCallToAction("c1", "Buy", "https://shop.example/", 1000, None, skippable=True),),
    downloads=(EmbedDownload("sd", "SD", "/e/download/sd"),),
    sharing=EmbedSharing("/watch/abc", None),
    theme_color="#ff6600",
)


def config_in(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="framehouse-config">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def directives(config: EmbedConfig) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in content_security_policy(config).split("; "))


def test_the_json_is_what_the_player_reads() -> None:
    assert FILM.to_json() == {
        "videoId": "abc",
        "title": "Film",
        "state": "playable",
        "message": None,
        "progressPercent": None,
        "manifests": {"hls": "/m/master.m3u8", "dash": "/m/manifest.mpd"},
        "poster": None,
        "storyboard": None,
        "durationMs": None,
        "captions": [{"language": "en", "label": "English", "url": "/m/en.vtt", "kind": "captions", "embedded": False}],
        "chapters": [{"startMs": 0, "endMs": 5000, "title": "One"}],
        "themeColor": "#ff6600",
        "autoplay": False,
        "muted": False,
        "loop": False,
        "startMs": 0,
        "statusUrl": None,
        "passwordUrl": None,
        "loginUrl": None,
        "contact": {"url": "/e/contact", "asksName": False, "asksEmail": True},
        "startUrl": None,
        "callsToAction": [
            {
                "id": "c1",
                "text": "Buy",
                "url": "https://shop.example/",
                "startMs": 1000,
                "endMs": None,
                "skippable": True,
            }
        ],
        "downloads": [{"quality": "sd", "label": "SD", "url": "/e/download/sd"}],
        "sharing": {"pageUrl": "/watch/abc", "embedCode": None},
        "parentOrigins": ["*"],
        "license": None,
        "report": None,
        "resume": True,
    }


def test_the_json_names_the_fields_of_the_typescript_interface() -> None:
    source = Path(__file__).parents[3] / "frontend" / "player" / "src" / "config.ts"
    interface = source.read_text().partition("export interface PlayerConfig {")[2].partition("\n}")[0]
    assert re.findall(r"^  readonly (\w+):", interface, re.MULTILINE) == list(FILM.to_json())


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", "<!--<script>", "a & b \u2028", '"><img>'])
def test_a_title_cannot_leave_its_place(title: str) -> None:
    page = render_embed(replace(FILM, title=title), ASSETS)
    assert config_in(page)["title"] == title
    assert page.count("<script") == 2
    assert "<img>" not in page
    assert "<!--" not in page


def test_a_page_has_no_inline_script_or_style() -> None:
    page = render_embed(FILM, ASSETS)
    assert re.findall(r"<script[^>]*>", page) == [
        '<script type="module" src="/w/player-1.js">',
        '<script type="application/json" id="framehouse-config">',
    ]
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=", page)


@pytest.mark.parametrize(
    ("config", "preloaded"),
    [(FILM, "/w/dash-1.js"), (replace(FILM, dash_url=None), "/w/hls-1.js")],
)
def test_the_engine_to_come_is_fetched_at_once(config: EmbedConfig, preloaded: str) -> None:
    assert f'<link rel="modulepreload" href="{preloaded}">' in render_embed(config, ASSETS)


def test_nothing_is_preloaded_for_a_film_that_does_not_play() -> None:
    waiting = replace(FILM, state=EmbedState.PROCESSING, hls_url=None, dash_url=None)
    assert "modulepreload" not in render_embed(waiting, ASSETS)


def test_the_policy_is_strict() -> None:
    assert directives(FILM) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "media-src": "'self' blob:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "*",
    }


def test_media_on_another_host_are_allowed_by_origin_only() -> None:
    remote = replace(FILM, hls_url="https://user:pw@cdn.example:8443/t/master.m3u8?x=1; script-src *")
    assert directives(remote)["connect-src"] == "'self' https://cdn.example:8443"
    assert directives(remote)["script-src"] == "'self'"


@pytest.mark.parametrize(
    ("sources", "written"),
    [
        (("example.com", "*.example.org"), "example.com *.example.org"),
        (("https://example.com:8443", "'self'"), "https://example.com:8443 'self'"),
        (("http://localhost:3000", "http://[::1]:3000"), "http://localhost:3000 http://[::1]:3000"),
        ((), "'none'"),
    ],
)
def test_who_may_frame_it(sources: tuple[str, ...], written: str) -> None:
    assert directives(replace(FILM, frame_ancestors=sources))["frame-ancestors"] == written


@pytest.mark.parametrize(
    "source", ["a b", "a;script-src *", "a,b", "javascript:x", "", "https://a/b", "a\nb", "'none'"]
)
def test_what_is_no_host_cannot_get_into_the_policy(source: str) -> None:
    with pytest.raises(InvalidInput, match="not a host"):
        content_security_policy(replace(FILM, frame_ancestors=(source,)))


@pytest.mark.parametrize("color", ["red", "#12", "#12345", "url(x)", "#fff;x"])
def test_a_colour_that_is_none_is_left_out(color: str) -> None:
    assert replace(FILM, theme_color=color).to_json()["themeColor"] is None


def test_assets_are_found_by_their_logical_names(tmp_path: Path) -> None:
    names = {"player.js": "p-1.js", "player.css": "s-1.css", "shaka-dash.js": "d-1.js", "shaka-hls.js": "h-1.js"}
    (tmp_path / "manifest.json").write_text(json.dumps(names))
    assert load_player_assets(tmp_path, "/w") == PlayerAssets("/w/p-1.js", "/w/s-1.css", "/w/d-1.js", "/w/h-1.js")


def test_a_player_that_is_not_built_says_so(tmp_path: Path) -> None:
    with pytest.raises(TemporarilyUnavailable, match=r"build-web\.py"):
        load_player_assets(tmp_path, "/w")
