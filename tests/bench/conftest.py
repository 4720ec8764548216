"""Benches run as faces do: `bot` sets the number of threads before NumPy is imported."""

import bot  # noqa: F401 (imported for what it sets)
