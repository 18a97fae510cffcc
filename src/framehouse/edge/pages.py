"""The edge's plain pages: a video's own page with the player in it, its password prompt, and "not here".

They carry no script; who may see which is decided before. The player's page is in `embed_page`.
"""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from jinja2 import Environment, StrictUndefined, Template
from starlette.responses import HTMLResponse

from framehouse.edge.answers import NO_STORE

STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;display:grid;min-height:100vh;place-items:center;background:light-dark(#f5f6f7,#14181c)}
main{width:min(1100px,100vw - 2rem);padding:1rem 0}
.frame{aspect-ratio:16/9;width:100%;border:0;border-radius:10px;background:#000;display:block}
h1{font-size:1.3rem;margin:1rem 0 .25rem;overflow-wrap:anywhere}
p{margin:.25rem 0;white-space:pre-line;overflow-wrap:anywhere}
form{display:flex;gap:.5rem;flex-wrap:wrap;margin-top:1rem}
input,button{font:inherit;padding:.5rem .75rem;border-radius:8px;border:1px solid #8a94a0}
.wrong{color:light-dark(#a61b1b,#ff9a9a)}
"""
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = (
    # The style is allowed by its hash (CSP Level 3, section 2.3.1), frames only with our own player.
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
{% if not share %}<meta name="robots" content="noindex">
{% endif %}{% for name, value in share %}<meta property="{{ name }}" content="{{ value }}">
{% endfor %}<style>{{ style }}</style>
</head>
<body><main>
{% if frame_url %}<iframe class="frame" src="{{ frame_url }}" title="{{ title }}" allowfullscreen \
allow="autoplay; fullscreen; picture-in-picture; encrypted-media"></iframe>
{% endif %}<h1>{{ title }}</h1>
{% if text %}<p>{{ text }}</p>
{% endif %}{% if asks_password %}<form method="post">
<input type="password" name="password" aria-label="Password" autocomplete="current-password" required autofocus>
<button>Watch</button>
</form>
{% endif %}{% if wrong %}<p class="wrong" role="alert">{{ wrong }}</p>
{% endif %}</main></body>
</html>
"""


@dataclass(frozen=True)
class Page:
    """`share` are Open Graph properties (ogp.me) in order; without them search engines are asked to stay away."""

    title: str
    text: str | None = None
    frame_url: str | None = None
    share: tuple[tuple[str, str], ...] = ()
    asks_password: bool = False
    wrong: str | None = None


def page_answer(page: Page, status: int = 200) -> HTMLResponse:
    headers = {**NO_STORE, "content-security-policy": POLICY, "x-content-type-options": "nosniff"}
    return HTMLResponse(_template().render(**page.__dict__), status, headers)


def missing_page() -> HTMLResponse:
    """The same page for what is not there, not for this viewer, or not guessed right. May be framed anywhere."""
    answer = page_answer(Page("This video is not here", "The address may be wrong, or the video was removed."), 404)
    answer.headers["content-security-policy"] = POLICY.replace("frame-ancestors 'self'", "frame-ancestors *")
    return answer


@cache
def _template() -> Template:
    # Only our own constant is marked as safe: every other value is escaped.
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE.replace("{{ style }}", STYLE))
