"""The judge: test each figure in simulated worlds whose true gap is known. Only `gapbrief validate` imports it."""
