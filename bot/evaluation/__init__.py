"""How well texts are read, and what the reader learns; only `gapbrief eval` imports it."""
