"""Photos: what comes out is a clean, upright JPEG, and what is none is refused with a sentence that names the file."""

from io import BytesIO

import pictures
import pytest
from PIL import Image

from sellerweb.kit import photos


@pytest.fixture(autouse=True)
def words(app):
    with app.test_request_context():
        yield


def read(data, name="a.jpg"):
    return photos.read([(name, BytesIO(data))])[0]


def shown(data):
    image = Image.open(BytesIO(data))
    image.load()
    return image


def test_a_phones_photo_stands_upright_and_says_nothing_of_where_it_was_taken():
    given = pictures.from_a_phone()
    assert b"Moonphone" in given
    one = read(given)
    for copy in (one.data, one.small):
        image = shown(copy)
        assert (image.format, image.size) == ("JPEG", (40, 60))
        top, bottom = image.getpixel((20, 5)), image.getpixel((20, 55))
        assert top[0] > 200 > top[2]
        assert bottom[2] > 200 > bottom[0]
        assert not image.getexif()
        assert not {"icc_profile", "comment", "xmp", "exif"} & set(image.info)
        for trace in (b"Exif", b"Moonphone", b"Teheran", b"xmpmeta"):
            assert trace not in copy
    assert (one.width, one.height) == (40, 60)


@pytest.mark.parametrize("make", [lambda: pictures.photo("WEBP"), pictures.png_with_text, pictures.heic])
def test_the_other_kinds_become_jpegs_whatever_their_name(make):
    one = read(make(), "x.txt")
    assert shown(one.data).format == "JPEG"
    assert b"Seojun" not in one.data


def test_a_profile_becomes_plain_colours():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for given in (profile, b"no profile at all"):
        image = shown(read(pictures.photo(icc_profile=given)).data)
        assert "icc_profile" not in image.info
        assert image.getpixel((5, 5))[0] > 200


def test_what_is_transparent_stands_on_white():
    file = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")
    assert shown(read(file.getvalue()).data).getpixel((9, 9)) == (255, 255, 255)


def test_the_longest_side_is_2560_and_a_thumbnails_320():
    one = read(pictures.photo(size=(4000, 1000)))
    assert shown(one.data).size == (one.width, one.height) == (2560, 640)
    assert shown(one.small).size == (320, 80)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pictures.photo("GIF"), "is not a photo"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "is not a photo"),
        (b"<!doctype html><script>alert(1)</script>", "is not a photo"),
        (b"%PDF-1.7", "is not a photo"),
        (b"", "is empty"),
        (pictures.png_bomb(), "more than 64 megapixels"),
        (pictures.photo(size=(600, 400))[:-400], "not whole"),
        (pictures.photo("PNG", size=(600, 400))[:-200], "not whole"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "not whole"),
        (b"\xff\xd8" + b"\0" * (20 * 1024 * 1024 - 1), "bigger than 20 MB"),
    ],
    ids=["gif", "svg", "html", "pdf", "empty", "bomb", "cut jpeg", "cut png", "cut heic", "a byte too big"],
)
def test_what_is_no_photo_is_refused_by_its_name(data, why):
    with pytest.raises(photos.NoPhoto) as no:
        read(data, "IMG_1.jpg")
    assert "“IMG_1.jpg”" in str(no.value)
    assert why in str(no.value)
    assert "Nothing was sent" in str(no.value)


def test_without_its_library_a_heic_photo_is_refused_with_what_to_do(monkeypatch, tmp_path):
    lacking = tmp_path / "child.py"
    lacking.write_text(
        "import sys; sys.modules['pillow_heif'] = None\n" + photos.CHILD.read_text(encoding="utf-8"), encoding="utf-8"
    )
    monkeypatch.setattr(photos, "CHILD", lacking)
    with pytest.raises(photos.NoPhoto, match="Most Compatible"):
        read(pictures.heic())


def test_what_eats_memory_or_time_ends(monkeypatch):
    monkeypatch.setattr(photos, "MEMORY", 60 << 20)
    with pytest.raises(photos.NoPhoto):
        read(pictures.photo("PNG", size=(5000, 5000)))


def test_eleven_are_too_many():
    with pytest.raises(photos.NoPhoto, match="more than 10"):
        photos.read([("a.jpg", BytesIO())] * 11)
