"""Charts as pictures, at addresses that hold their question: /charts/gap.png?as_of=2026-05-22&theme=dark."""

from typing import cast, get_args

from starlette.requests import Request
from starlette.responses import Response

from bot.links import DATA, KIND, SHAPE, THEME, Form, Shape
from bot.schema import question_of
from bot.web.replies import FOR_ALL, FOR_NOW, FOREVER, NotFoundError, query_of, reply
from bot.web.site import CARD, Site, chart_of
from core.answer import Chart
from core.errors import UsageError
from core.questions import QUESTIONS, current
from core.words import and_list, or_list, quote

SHAPES = get_args(Shape)
_TYPES: dict[Form, str] = {"png": "image/png", "svg": "image/svg+xml"}


async def chart(site: Site, request: Request) -> Response:
    """Draw a question's chart; the query holds its fields, `kind`, `theme`, `shape`, and as `v` of which data it is."""
    name, form = current(request.path_params["name"]), request.path_params["form"]
    words = query_of(request)
    revision, theme, kind, shape = (words.pop(each, "") for each in (DATA, THEME, KIND, SHAPE))
    if name not in QUESTIONS or form not in _TYPES:
        raise NotFoundError("There is no such chart; /charts/gap.png is the gap's.")
    if theme not in ("", "light", "dark"):
        raise UsageError(f"The theme can't be {quote(theme)}; choose light or dark.", ("light", "dark"))
    if shape not in ("", *SHAPES):
        raise UsageError(f"The shape can't be {quote(shape)}; choose {or_list(SHAPES)}.", SHAPES)
    answer = await site.answer(question_of(name, words))
    found = chart_of(answer, current(kind))
    if found is None:
        kinds = tuple(each.kind for each in answer.charts)
        raise UsageError(
            f"This answer has no such chart; choose {and_list(kinds)}." if kinds else "This answer has no chart.", kinds
        )
    shape = CARD if kind == CARD else shape or "wide"
    picture = await draw(site, found, dark=theme == "dark", shape=cast(Shape, shape), form=form)
    is_of_it = len(revision) >= 8 and answer.revision.startswith(revision)
    return reply(request, picture, _TYPES[form], kept=FOREVER if is_of_it else FOR_NOW, headers=FOR_ALL)


async def draw(site: Site, found: Chart, *, dark: bool = False, shape: Shape = "wide", form: Form = "png") -> bytes:
    """Return a chart's picture; raises BusyError where too many wait to be drawn."""
    drawn = site.services.pictures.at_hand(found, dark=dark, shape=shape, form=form)
    if drawn is not None:
        return drawn
    return await site.drawing.do(lambda: site.services.pictures.picture(found, dark=dark, shape=shape, form=form))
