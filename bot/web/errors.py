"""What can go wrong for who asks over HTTP: the status that says so."""

from core.errors import DataError, GapbriefError, UsageError

NO_PAGE = "There is no page at this address."


class NotFoundError(UsageError):
    """An address at which there is nothing."""


class BusyError(DataError):
    """More is asked for at once than can be done; it is only for now."""


def status_of(error: GapbriefError) -> int:
    """Return the status for an error."""
    if isinstance(error, NotFoundError):
        return 404
    return 422 if isinstance(error, UsageError) else 503
