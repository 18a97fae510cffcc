"""Pictures that owners upload become JPEG posters of the right size, confined; what is none changes nothing."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from framehouse import library
from framehouse.bootstrap.services import Services
from framehouse.infra.tools import Tools
from framehouse.kernel import UnsupportedMedia, VideoId
from framehouse.media.pictures import jpeg_size
from framehouse.transcoding import TranscodingContext
from framehouse.transcoding.custom_poster import decode_picture
from tests.e2e.adopted import wait_for
from tests.e2e.media_recipes import h264_aac
from tests.e2e.platform import Platform
from tests.e2e.replacing import owner_of
from tests.e2e.run_tools import FFMPEG, FFPROBE, PACKAGER, make

Recipe = Callable[[Path], Path]


def picture(path: Path, size: str, *more: str) -> Path:
    make("-f", "lavfi", "-i", f"testsrc2=s={size}", "-frames:v", "1", *more, path)
    return path


def png(folder: Path) -> Path:
    return picture(folder / "p.png", "2000x1500")


def upright_jpeg(folder: Path) -> Path:
    """Taken with a camera held upright; its metadata say so, and where it was."""
    data = picture(folder / "p.jpg", "900x600").read_bytes()
    place = b"SECRET PLACE\0"
    entries = b"\x01\x0e\0\x02" + len(place).to_bytes(4) + (38).to_bytes(4)  # ImageDescription
    entries += b"\x01\x12\0\x03" + (1).to_bytes(4) + b"\0\x06\0\0"  # Orientation: a quarter turn to the right
    exif = b"Exif\0\0MM\0*" + (8).to_bytes(4) + b"\0\x02" + entries + bytes(4) + place
    path = folder / "upright.jpg"
    path.write_bytes(data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + data[2:])
    return path


def gif(folder: Path) -> Path:
    make("-f", "lavfi", "-i", "testsrc2=s=601x401:r=5:d=1", folder / "p.gif")
    return folder / "p.gif"


def webp(folder: Path) -> Path:
    return picture(folder / "p.webp", "640x480", "-c:v", "libwebp")


def animated_webp(folder: Path) -> Path:
    make("-f", "lavfi", "-i", "testsrc2=s=300x200:r=5:d=1", "-c:v", "libwebp_anim", "-f", "webp", folder / "a.webp")
    return folder / "a.webp"


def one_pixel(folder: Path) -> Path:
    return picture(folder / "one.png", "16x16", "-vf", "scale=1:1")


def line(folder: Path) -> Path:
    return picture(folder / "line.png", "3000x16", "-vf", "scale=3000:1")


def transparent(folder: Path) -> Path:
    """White where nobody is to see it."""
    make("-f", "lavfi", "-i", "color=white@0:s=64x64,format=rgba", "-frames:v", "1", folder / "t.png")
    return folder / "t.png"


def bomb(folder: Path) -> Path:
    """30 KB that unfold to a gigabyte."""
    make("-f", "lavfi", "-i", "color=black:s=16000x16000,format=monob", "-frames:v", "1", folder / "bomb.png")
    return folder / "bomb.png"


def cut_off(folder: Path) -> Path:
    data = png(folder).read_bytes()
    (folder / "cut.png").write_bytes(data[:100])
    return folder / "cut.png"


def disguised(folder: Path) -> Path:
    """A playlist that would have ffmpeg open another file, behind the first bytes of a JPEG."""
    (folder / "d.jpg").write_bytes(b"\xff\xd8\xff\xe0#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    return folder / "d.jpg"


def decoded(source: Path, folder: Path) -> tuple[tuple[int, int] | None, tuple[int, int] | None, Path]:
    """Sizes of poster and thumbnail, and the poster."""
    tools = Tools(Path(FFMPEG), Path(FFPROBE), Path(PACKAGER))
    nothing = cast("Any", None)  # of the rest, decoding a picture needs nothing
    frame = asyncio.run(decode_picture(TranscodingContext(nothing, tools, nothing, "w", folder), source, folder))
    sizes = jpeg_size(frame.poster.read_bytes()), jpeg_size(frame.thumbnail.read_bytes())
    assert sizes[0] == (frame.size.width, frame.size.height)
    return *sizes, frame.poster


@pytest.mark.parametrize(
    ("recipe", "poster", "thumbnail"),
    [
        (png, (960, 720), (240, 180)),
        (upright_jpeg, (480, 720), (120, 180)),
        (gif, (600, 400), (270, 180)),
        (webp, (640, 480), (240, 180)),
        (animated_webp, (300, 200), (270, 180)),
        (one_pixel, (2, 2), (2, 2)),
        (line, (1280, 2), (320, 2)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_kind_of_picture_is_fitted_into_its_box(
    recipe: Recipe, poster: tuple[int, int], thumbnail: tuple[int, int], tmp_path: Path
) -> None:
    *sizes, file = decoded(recipe(tmp_path), tmp_path)
    assert sizes == [poster, thumbnail]
    assert b"SECRET" not in file.read_bytes()
    assert b"Exif" not in file.read_bytes()


def test_what_is_transparent_becomes_black(tmp_path: Path) -> None:
    _, _, file = decoded(transparent(tmp_path), tmp_path)
    argv = [FFMPEG, "-nostdin", "-loglevel", "error", "-i", str(file), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    assert set(subprocess.run(argv, capture_output=True, check=True).stdout) == {0}


@pytest.mark.parametrize("recipe", [bomb, cut_off, disguised], ids=lambda recipe: recipe.__name__)
def test_what_is_no_picture_is_refused_with_a_sentence(recipe: Recipe, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match=r"damaged, too large or not a picture\."):
        decoded(recipe(tmp_path), tmp_path)


def add(platform: Platform, video_id: str, path: Path) -> None:
    async def data() -> AsyncIterator[bytes]:
        yield path.read_bytes()

    async def send(services: Services) -> None:
        await library.add_poster(services.library, owner_of(platform), VideoId(int(video_id, 16)), data())

    platform.inside(send)


def choice(platform: Platform, video_id: str) -> tuple[int, str | None]:
    found = platform.rows("SELECT poster_number, state_reason FROM videos WHERE id = :id", id=int(video_id, 16))[0]
    return found["poster_number"], found["state_reason"]


def test_an_uploaded_picture_is_shown_and_a_damaged_one_is_not(platform: Platform, tmp_path: Path) -> None:
    video_id = platform.upload(h264_aac(tmp_path))
    first = platform.wait_state(video_id, "deployed")["assets"]["poster_frames"][0]
    url = first.replace("/0.jpg", "/4.jpg")
    assert first != url
    placeholder = httpx.get(url)
    assert (placeholder.status_code, jpeg_size(placeholder.content)) == (200, (32, 18))
    add(platform, video_id, cut_off(tmp_path))
    wait_for("the old choice", lambda: choice(platform, video_id)[0] == 0, 20, platform.log)
    reason = str(choice(platform, video_id)[1])
    assert reason.startswith("The uploaded poster frame could not be used: it is damaged")
    told = platform.run("explain", video_id)
    assert reason in told
    assert "uploaded poster frame" in told
    assert httpx.get(url).content == placeholder.content
    add(platform, video_id, png(tmp_path))
    wait_for("the poster", lambda: httpx.get(url).content != placeholder.content, 20, platform.log)
    shown = httpx.get(url)
    assert (shown.headers["content-type"], jpeg_size(shown.content)) == ("image/jpeg", (960, 720))
    frames = platform.rows("SELECT kind FROM outputs WHERE video_id = :id AND name = '4'", id=int(video_id, 16))
    assert sorted(row["kind"] for row in frames) == ["poster", "thumbnail"]
    assert choice(platform, video_id) == (4, None)
    platform.expect_clean()
    assert [key for key in platform.stored() if key.endswith("/picture")] == []
