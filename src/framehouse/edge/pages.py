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
.link{background:none;border:0;padding:0;color:inherit;text-decoration:underline;cursor:pointer}
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
{% endif %}{% for name, value in share %}\
<meta {{ "name" if name.startswith("twitter:") else "property" }}="{{ name }}" content="{{ value }}">
{% endfor %}{% for type, href in links %}<link rel="alternate" type="{{ type }}" href="{{ href }}" title="{{ title }}">
{% endfor %}<style>{{ style }}</style>
</head>
<body><main>
{% if frame_url %}<iframe class="frame" src="{{ frame_url }}" title="{{ title }}" allowfullscreen \
allow="autoplay; fullscreen; picture-in-picture; encrypted-media"></iframe>
{% endif %}<h1>{{ title }}</h1>
{% if text %}<p>{{ text }}</p>
{% endif %}{% if asks_password %}<form method="post"\
{% if password_url %} action="{{ password_url }}"{% endif %}>
<input type="password" name="password" aria-label="Password" autocomplete="current-password" required autofocus>
<button>Watch</button>
</form>
{% endif %}{% if login_url %}<form method="post" action="{{ login_url }}">
<input type="email" name="email" aria-label="E-mail address" placeholder="E-mail address" autocomplete="username" \
required autofocus>
<input type="password" name="password" aria-label="Password" placeholder="Password" autocomplete="current-password" \
required>
<button>Sign in</button>
</form>
{% endif %}{% if wrong %}<p class="wrong" role="alert">{{ wrong }}</p>
{% endif %}{% if sign_out_url %}<form method="post" action="{{ sign_out_url }}">
<button class="link">Sign out</button>
</form>
{% endif %}</main></body>
</html>
"""


@dataclass(frozen=True)
class Page:
    """`share` are the names and contents of meta elements for other sites, `links` types and URLs of the page in other
    forms; without `share` search engines are asked to stay away. `password_url` (the page itself without one),
    `login_url` and `sign_out_url` are where its forms go."""

    title: str
    text: str | None = None
    frame_url: str | None = None
    share: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    asks_password: bool = False
    password_url: str | None = None
    login_url: str | None = None
    sign_out_url: str | None = None
    wrong: str | None = None


def page_answer(page: Page, status: int = 200, *, framable: bool = False) -> HTMLResponse:
    """Without `framable` only our own pages may frame it."""
    policy = POLICY.replace("frame-ancestors 'self'", "frame-ancestors *") if framable else POLICY
    headers = {**NO_STORE, "content-security-policy": policy, "x-content-type-options": "nosniff"}
    return HTMLResponse(_template().render(**page.__dict__), status, headers)


def missing_page() -> HTMLResponse:
    """The same page for what is not there, not for this viewer, or not guessed right. May be framed anywhere."""
    page = Page("This video is not here", "The address may be wrong, or the video was removed.")
    return page_answer(page, 404, framable=True)


@cache
def _template() -> Template:
    # Only our own constant is marked as safe: every other value is escaped.
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE.replace("{{ style }}", STYLE))
