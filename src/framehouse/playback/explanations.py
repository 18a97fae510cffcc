"""What the owner is told about each reason: why a viewer is refused, and what would change it. Viewers read less."""

from framehouse.playback.model import DenialReason

EXPLANATIONS: dict[DenialReason, str] = {
    DenialReason.TENANT_INACTIVE: "The account is deactivated, and with it all its videos.",
    DenialReason.EXPIRED: "The video's expiry has passed. Move or clear it.",
    DenialReason.OWNER_ONLY: "The video is private: its page is for signed-in owners, while its embed plays anywhere.",
    DenialReason.PROJECT_PRIVATE: "The video's project is private: only signed-in people of the team may watch it.",
    DenialReason.PROJECT_LOCKED: "The video's project is locked, and the viewer is asked for its password. Without a "
    "password in the project nobody but the team gets in.",
    DenialReason.NETWORK_NOT_ALLOWED: "The viewer's address is in none of the video's allowed networks. A proxy in "
    "front must be named in the setting `trusted_proxies`, or every viewer has the proxy's address.",
    DenialReason.DOMAIN_UNKNOWN: "The video has allowed domains, and the request does not say which site embeds the "
    'player: give the frame referrerpolicy="strict-origin-when-cross-origin", and see that the page around it does not '
    "send `Referrer-Policy: no-referrer`. The same happens when the embed's address is opened by itself.",
    DenialReason.DOMAIN_NOT_ALLOWED: "The site that embeds the player is not among the video's allowed domains. "
    "`*.example.com` means the names below example.com and not example.com itself.",
    DenialReason.SIGNATURE_MISSING: "The video plays in signed embeds only, and the address carries no signature.",
    DenialReason.SIGNATURE_WRONG: "The signature fits none of the account's API keys. It covers the host, the path and "
    "all parameters by name, not encoded, and `expires`, which is required.",
    DenialReason.SIGNATURE_EXPIRED: "The signature is right, and its `expires` has passed. Sign each page load anew.",
    DenialReason.PASSWORD_REQUIRED: "The viewer is asked for the video's password.",
    DenialReason.PASSWORD_WRONG: "That is not the video's password.",
    DenialReason.LOGIN_REQUIRED: "The viewer is asked to sign in: nobody is, or the login was deleted or has a new "
    "password since.",
    DenialReason.LOGIN_WRONG: "The e-mail address and password are no login of the account.",
    DenialReason.GRANT_MISSING: "The login has no access grant for this video.",
    DenialReason.GRANT_NOT_STARTED: "The login's access grant has not begun yet.",
    DenialReason.GRANT_ENDED: "The login's access grant has ended.",
    DenialReason.PLAYS_USED_UP: "The login has played the video as often as its access grant allows.",
    DenialReason.TOO_MANY_TRIES: "Too many wrong passwords: wait until the lock-out ends.",
    DenialReason.CONTACT_REQUIRED: "The viewer is asked for an e-mail address or a name.",
    DenialReason.CONTACT_INVALID: "What the viewer left as e-mail address or name cannot be taken.",
    DenialReason.DOWNLOAD_NOT_ALLOWED: "The video may be watched, and this quality may not be downloaded: see the "
    "video's and the account's downloads, or those of the login's access grant.",
    DenialReason.TICKET_INVALID: "The media address carries no ticket of this installation for this video.",
    DenialReason.TICKET_EXPIRED: "The playback ticket's time is over; players ask for another by themselves.",
    DenialReason.TICKET_REVOKED: "Access was changed since the playback ticket was issued; players that may go on ask "
    "for another by themselves.",
    DenialReason.FAILED: "The video could not be processed: see its state.",
    DenialReason.NOT_PLAYABLE_YET: "The video is still being made ready.",
}
