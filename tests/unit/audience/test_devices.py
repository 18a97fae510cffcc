"""User agents, addresses, and how many facts somebody may send."""

import pytest

from framehouse.audience.devices import device_of
from framehouse.audience.places import Places, truncated
from framehouse.audience.rate import PER_PAGE, FactRates
from framehouse.kernel import RateLimited

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.1.2 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (CHROME, "desktop"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148", "tablet"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "mobile"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X700) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36", "tv"),
        ("Mozilla/5.0 (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15", "console"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        ("", "desktop"),
        ("\x00 \n" * 5000, "desktop"),
    ],
)
def test_kinds_of_devices(agent: str, kind: str) -> None:
    assert device_of(agent).type == kind


def test_what_a_user_agent_says() -> None:
    found = device_of(CHROME)
    assert (found.browser, found.os[0], found.is_bot) == (("Chrome", "140", "0", "1"), "Linux", False)


@pytest.mark.parametrize(
    ("address", "mode", "kept"),
    [("203.0.113.9", "full", "203.0.113.9"), ("203.0.113.9", "truncated", "203.0.113.0"), ("203.0.113.9", "none", ""),
     ("2001:db8:1:2::3", "truncated", "2001:db8:1::"), ("a socket", "truncated", "")],
)  # fmt: skip
def test_truncated_addresses(address: str, mode: str, kept: str) -> None:
    assert truncated(address, mode) == kept


def test_without_a_database_no_place_is_known() -> None:
    assert Places(None).find("8.8.8.8").country == ""


def test_a_flood_is_stopped_and_forgiven() -> None:
    rates = FactRates()
    size, per_s = PER_PAGE
    rates.spend("page", "address", size, 0)
    with pytest.raises(RateLimited) as stopped:
        rates.spend("page", "address", 1, 0)
    assert stopped.value.retry_after_s >= 1
    rates.spend("another page", "address", 1, 0)
    rates.spend("page", "address", int(per_s), 1000)
