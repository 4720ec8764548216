"""The estimators; the first line of each file says what it measures, mostly with its section in docs/method.md."""
