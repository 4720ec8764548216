"""Responses that can be kept by who asks: with a tag by which they ask whether it is still the same."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

FOR_NOW = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"
AT_ONCE = "no-cache"
"""How long a response may be used without asking again."""
FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What lets pages elsewhere use it."""


def reply(
    request: Request, body: str | bytes, media_type: str, *, kept: str = FOR_NOW, status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """Return a response, or only the word that nothing changed since it was last fetched."""
    content = body.encode() if isinstance(body, str) else body
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    said = {"ETag": tag, "Cache-Control": kept, **(headers or {})}
    asked = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if status == 200 and (tag in asked or asked == ["*"]):
        return Response(status_code=304, headers=said)
    return Response(content, status, said, media_type)
