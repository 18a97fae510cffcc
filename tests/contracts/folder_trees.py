"""What the tests of folders do: make, nest, change and list them."""

from datetime import timedelta
from typing import Any

from framehouse import library
from framehouse.kernel import FolderId
from framehouse.library import Folder, FolderChanges, Owner, Video
from tests.contracts.library_house import House


async def made(house: House, owner: Owner, name: str, parent: Folder | None = None, **more: Any) -> Folder:
    parent_id = parent.id if parent else None
    folder = await library.create_folder(house.context, owner, name, parent_id=parent_id, **more)
    house.clock.advance(timedelta(seconds=1))
    return folder


async def chain(house: House, owner: Owner, length: int) -> list[Folder]:
    """Each in the one before."""
    found: list[Folder] = []
    for level in range(length):
        found.append(await made(house, owner, f"f{level}", found[-1] if found else None))
    return found


async def changed(house: House, owner: Owner, folder: Folder, **changes: Any) -> Folder:
    return await library.change_folder(house.context, owner, folder.id, FolderChanges(**changes))


async def names(house: House, owner: Owner, **where: Any) -> list[str]:
    return [folder.name for folder in (await library.list_folders(house.context, owner, **where)).items]


async def where_is(house: House, owner: Owner, video: Video) -> FolderId | None:
    return (await library.get_video(house.context, owner, video.id)).folder_id
