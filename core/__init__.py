"""The analysis: from scores to the gap, with no clock, no network and no face."""

__version__ = "0.4.0"
