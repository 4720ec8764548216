"""Lengths of time as a brief writes them: in whole months wherever that is enough."""

from core.words import count, months


def about(value: float, digits: int = 1) -> str:
    """Write a length for a sentence: in whole months, or midway between two; to a tenth where it is short.

    Without `digits` a short one is not finer than a range in whole months that stands beside it.
    """
    figure = f"{abs(value):.1f}"
    if figure.endswith(".5"):
        return f"about {months(value)}"
    if abs(value) < (1.5 if digits else 0.5):
        least = count(1, "month") if not digits else "0.1 months"
        return f"less than {least}" if not digits or abs(value) < 0.05 else f"about {months(value)}"
    return f"about {count(round(abs(value)), 'month')}"


def between(low: float, high: float, less: str = "", more: str = "", digits: int | None = None) -> str:
    """Write an interval; `less` and `more` name the two directions, where it reaches to both sides of zero.

    Whole months where these do for the range, or `digits` decimals.
    """
    digits = digits_for(low, high) if digits is None else digits
    if high <= 0:
        return f"likely between {-high + 0.0:.{digits}f} and {-low:.{digits}f}"
    if low > -0.05:
        return (
            f"likely between {max(low, 0.0):.{digits}f} and {high:.{digits}f}{f' {more}' if low <= 0 and more else ''}"
        )
    return f"likely between {-low:.{digits}f} {less} and {high:.{digits}f} {more}"


def digits_for(low: float, high: float) -> int:
    """Return the decimals that an interval needs: whole months must hide neither its width nor a side of zero."""
    hides_a_side = low < -0.05 and 0 < high and min(-low, high) < 1
    return 1 if high - low < 1.5 or hides_a_side else 0
