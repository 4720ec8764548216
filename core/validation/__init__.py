"""The judge: how each figure does in worlds whose true gap is known. Nothing but `gapbrief validate` imports it."""
