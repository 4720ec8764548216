"""The shipped data as evidence, as for core/gap."""

from tests.core.gap.conftest import shipped

__all__ = ["shipped"]
