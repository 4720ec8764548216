"""Optional packages: how to add one, for whoever runs gapbrief by uv in its folder, or installed it."""


def how_to_add(extra: str) -> str:
    """Return what to type for one of the project's extras."""
    return f"`uv sync --extra {extra}`, or pip install 'gapbrief[{extra}]',"
