from __future__ import annotations

import io

import pytest
from PIL import Image

from tools import screenshots


@pytest.fixture
def noise():
    """A picture with far more colours than a page has."""
    picture = Image.effect_noise((300, 200), 80)
    return screenshots.as_png(
        Image.merge("RGB", [picture, picture.rotate(90).resize(picture.size), picture.rotate(180)])
    )


def test_a_picture_gets_as_few_colours_as_its_limit_asks(noise):
    roomy, tight = screenshots.shrunk(noise, 100_000), screenshots.shrunk(noise, 35_000)
    assert len(tight) <= 35_000 < len(roomy)
    assert Image.open(io.BytesIO(tight)).size == (300, 200)


def test_a_picture_that_never_fits_is_said_to_be_too_large(noise):
    with pytest.raises(ValueError, match="300 × 200 does not fit into 1000 bytes"):
        screenshots.shrunk(noise, 1000)


def test_a_printed_page_lies_within_its_margins():
    ink = Image.new("RGB", (10, 10), "black")
    sheet = Image.open(io.BytesIO(screenshots.on_paper(screenshots.as_png(ink))))
    assert sheet.getpixel((0, 0)) == (255, 255, 255)
    assert sheet.getpixel((sheet.width // 2, sheet.height // 2)) == (0, 0, 0)
