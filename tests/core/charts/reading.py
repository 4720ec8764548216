"""What can be read off a picture: its texts with their boxes, its lines, and where they lie."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox

TOUCH = 0.5
"""Boxes that share less than this, in pixels, only touch."""


def texts(picture: Figure) -> list[Text]:
    """Return all texts that can be seen."""
    return [text for text in picture.findobj(Text) if text.get_text() and text.get_visible()]


def words(picture: Figure) -> list[str]:
    """Return what all texts say, in the order of drawing."""
    return [text.get_text() for text in texts(picture)]


def boxes(picture: Figure) -> list[tuple[str, Bbox]]:
    """Return what all texts say and the pixels that they take up."""
    return [(text.get_text(), text.get_window_extent()) for text in texts(picture)]


def clashes(picture: Figure) -> Iterator[str]:
    """Name the texts that leave the picture, and the texts that overlap."""
    texts_and_boxes, page = boxes(picture), picture.bbox
    for text, box in texts_and_boxes:
        if not (page.x0 <= box.x0 and page.y0 <= box.y0 and box.x1 <= page.x1 and box.y1 <= page.y1):
            yield f"{text!r} leaves the picture: {box}"
    for (text, box), (other, beside) in combinations(texts_and_boxes, 2):
        shared = min(box.x1, beside.x1) - max(box.x0, beside.x0), min(box.y1, beside.y1) - max(box.y0, beside.y0)
        if min(shared) > TOUCH:
            yield f"{text!r} overlaps {other!r}"


def lines(picture: Figure) -> list[Line2D]:
    """Return the lines and markers of the data, without rules, ticks and what joins names to things."""
    return [line for line in picture.axes[0].lines if line.get_zorder() > 0]


def markers(picture: Figure) -> list[tuple[float, float]]:
    """Return the positions of markers, in pixels."""
    return [
        tuple(line.axes.transData.transform(place))
        for line in lines(picture)
        if line.get_marker() not in ("None", None, "")
        for place in line.get_xydata()
    ]


def steps(picture: Figure) -> list[Path]:
    """Return the lines of steps, in pixels."""
    paths = []
    for line in lines(picture):
        if line.get_drawstyle() == "steps-post":
            x, y = line.axes.transData.transform(line.get_xydata()).T
            paths.append(Path(np.column_stack([np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]])))
    return paths
