"""How well texts are read, and what the reader learns: in no everyday room, only `gapbrief eval` imports it."""
