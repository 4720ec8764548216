"""The shipped data as evidence, as for core/gap."""

from tests.core.gap.conftest import known, shipped

__all__ = ["known", "shipped"]
