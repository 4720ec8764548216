"""The estimators; the first line of a file says what it measures, mostly with its place in docs/method.md."""
