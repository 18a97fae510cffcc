"""What a person of a tenant may do, one permission for each kind of action, with its meaning in words.

An administrator may do everything, and a person without a list of permissions what the role says. Who has a list may
do what is on it and nothing else. The console asks; which of these have something to ask for here, `ENFORCED` says.
"""

from enum import StrEnum


class Permission(StrEnum):
    CREATE_PROJECT = "create_project"
    DELETE_PROJECT = "delete_project"
    UPLOAD_VIDEO = "upload_video"
    CUSTOMIZE_VIDEO = "customize_video"
    DELETE_VIDEO = "delete_video"
    PROJECT_ANALYTICS = "project_analytics"
    EXPERIMENTATION = "experimentation"
    COLLABORATION = "collaboration"
    PLAYLISTS = "playlists"
    EDIT_STAGE = "edit_stage"
    VIEW_SNAPS = "view_snaps"
    EDIT_SNAPS = "edit_snaps"
    DELETE_SNAPS = "delete_snaps"
    CREATE_SNAPS = "create_snaps"
    REQUEST_SNAPS = "request_snaps"
    VIEW_ANALYTICS = "view_analytics"
    NOTIFICATION = "notification"
    GLOBAL_VIDEO_SETTINGS = "global_video_settings"
    VIEW_INTEGRATIONS = "view_integrations"
    ADD_INTEGRATIONS = "add_integrations"
    DELETE_INTEGRATIONS = "delete_integrations"
    VIEW_CHANNELS = "view_channels"
    ADD_CHANNELS = "add_channels"
    EDIT_CHANNELS = "edit_channels"
    DELETE_CHANNELS = "delete_channels"
    VIEW_DOMAINS = "view_domains"
    ADD_DOMAINS = "add_domains"
    EDIT_DOMAINS = "edit_domains"
    DELETE_DOMAINS = "delete_domains"
    VIEW_BRANDS = "view_brands"
    ADD_BRANDS = "add_brands"
    EDIT_BRANDS = "edit_brands"
    DELETE_BRANDS = "delete_brands"
    VIEW_CONTACTS = "view_contacts"
    EXPORT_CONTACTS = "export_contacts"
    EDIT_CONTACTS = "edit_contacts"
    DELETE_CONTACTS = "delete_contacts"


MEANINGS: dict[Permission, str] = {
    Permission.CREATE_PROJECT: "make and change projects and folders",
    Permission.DELETE_PROJECT: "delete projects and folders with what is in them",
    Permission.UPLOAD_VIDEO: "send new videos, replace their media, run or cancel the work on them",
    Permission.CUSTOMIZE_VIDEO: "change a video's title, access, captions, chapters and calls to action",
    Permission.DELETE_VIDEO: "delete videos",
    Permission.PROJECT_ANALYTICS: "see the figures of a project",
    Permission.EXPERIMENTATION: "try versions of a video against each other",
    Permission.COLLABORATION: "comment and review together",
    Permission.PLAYLISTS: "make, change and delete playlists",
    Permission.EDIT_STAGE: "change the public stage of the team",
    Permission.VIEW_SNAPS: "see screen recordings",
    Permission.EDIT_SNAPS: "change screen recordings",
    Permission.DELETE_SNAPS: "delete screen recordings",
    Permission.CREATE_SNAPS: "record the screen",
    Permission.REQUEST_SNAPS: "ask others for a recording",
    Permission.VIEW_ANALYTICS: "see the figures of the whole team",
    Permission.NOTIFICATION: "choose who is told of what",
    Permission.GLOBAL_VIDEO_SETTINGS: "change what counts for every video",
    Permission.VIEW_INTEGRATIONS: "see which other programs are connected",
    Permission.ADD_INTEGRATIONS: "connect other programs",
    Permission.DELETE_INTEGRATIONS: "disconnect other programs",
    Permission.VIEW_CHANNELS: "see channels",
    Permission.ADD_CHANNELS: "make channels",
    Permission.EDIT_CHANNELS: "change channels",
    Permission.DELETE_CHANNELS: "delete channels",
    Permission.VIEW_DOMAINS: "see the domains that may embed",
    Permission.ADD_DOMAINS: "add domains that may embed",
    Permission.EDIT_DOMAINS: "change domains that may embed",
    Permission.DELETE_DOMAINS: "remove domains that may embed",
    Permission.VIEW_BRANDS: "see brands",
    Permission.ADD_BRANDS: "add brands",
    Permission.EDIT_BRANDS: "change brands",
    Permission.DELETE_BRANDS: "delete brands",
    Permission.VIEW_CONTACTS: "see who left an address",
    Permission.EXPORT_CONTACTS: "download the list of who left an address",
    Permission.EDIT_CONTACTS: "change who left an address",
    Permission.DELETE_CONTACTS: "delete who left an address",
}

# What the console has actions for; the others are kept for the programs that read them, and open nothing.
ENFORCED = frozenset({Permission.UPLOAD_VIDEO, Permission.CUSTOMIZE_VIDEO, Permission.DELETE_VIDEO})
