"""What gapbrief shows over HTTP."""
