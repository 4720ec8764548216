"""The judge: what each figure does in worlds whose truth is known. Nothing but `gapbrief validate` imports it."""
