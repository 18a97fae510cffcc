"""From a user agent's text to browser, system and device, by the rules of ua-parser."""

import re
from functools import lru_cache

import ua_parser

from framehouse.audience.model import Device

TEXT_MAX = 1000
_REMEMBERED = 4096
_TV = re.compile(
    r"SmartTV|SMART-TV|Tizen|Web0S|AppleTV|Apple TV|BRAVIA|CrKey|Roku|\bAFT[A-Z]|GoogleTV|HbbTV", re.IGNORECASE
)
_CONSOLE = re.compile(r"PlayStation|Xbox|Nintendo", re.IGNORECASE)
_TABLET = re.compile(r"iPad|Tablet|Kindle|PlayBook|Silk/", re.IGNORECASE)
_BOT = "Spider"  # the device family of programs that say they are one


@lru_cache(_REMEMBERED)
def device_of(user_agent: str) -> Device:
    """Families are "Other" for what the rules do not know. Bots are those that name themselves, such as crawlers."""
    found = ua_parser.parse(user_agent[:TEXT_MAX])
    browser, system, device = found.user_agent, found.os, found.device
    is_bot = device is not None and device.family == _BOT
    kind = "bot" if is_bot else _type_of(user_agent)
    return Device(
        browser=(browser.family, browser.major or "", browser.minor or "", browser.patch or "")
        if browser
        else Device.browser,
        os=(system.family, system.major or "", system.minor or "", system.patch or "", system.patch_minor or "")
        if system
        else Device.os,
        device=(device.family, device.brand or "", device.model or "") if device else Device.device,
        type=kind,
        is_mobile=kind in ("mobile", "tablet"),
        is_bot=is_bot,
    )


def _type_of(user_agent: str) -> str:
    if _TV.search(user_agent):
        return "tv"
    if _CONSOLE.search(user_agent):
        return "console"
    if _TABLET.search(user_agent) or ("Android" in user_agent and "Mobile" not in user_agent):
        return "tablet"
    return "mobile" if "Mobi" in user_agent else "desktop"
