"""A figure's picture: its size, its pixels, the same each time."""

import base64
import io

import pytest
from PIL import Image

from graftline.errors import GraftlineError
from graftline.report.pictures import draw_pictures, printed_size


def address(color, width=72, height=36):
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        f'viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" fill="{color}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


RED, BLUE = address("#ff0000"), address("#0000ff", 144, 72)


@pytest.fixture(scope="module")
def pictures():
    return draw_pictures([RED, BLUE, RED], cut="1997-12-31")


def test_the_size_of_an_svg_is_read_in_points_and_that_of_pixels_as_css_has_it():
    assert printed_size(BLUE) == (144, 72)
    png = io.BytesIO()
    Image.new("RGB", (96, 192)).save(png, "PNG")
    address = "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()
    assert printed_size(address) == (72, 144)


@pytest.mark.parametrize("outside", ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "x.svg"])
def test_a_picture_from_outside_is_refused(outside):
    with pytest.raises(GraftlineError, match="lies outside"):
        draw_pictures([RED, outside], cut="1997-12-31")


def test_each_figure_has_its_own_picture_at_three_hundred_pixels_to_the_inch(pictures):
    assert list(pictures) == [RED, BLUE]
    for src, size, color in ((RED, (300, 150), (255, 0, 0)), (BLUE, (600, 300), (0, 0, 255))):
        picture = pictures[src]
        image = Image.open(io.BytesIO(picture.png)).convert("RGB")
        assert image.size == size
        assert image.getpixel((size[0] // 2, size[1] // 2)) == color
        assert (picture.width, picture.height) == printed_size(src)


def test_pictures_have_the_same_bytes_each_time(pictures):
    assert draw_pictures([RED, BLUE], cut="1997-12-31") == pictures


def test_a_paper_without_figures_has_no_pictures():
    assert draw_pictures([], cut="1997-12-31") == {}
