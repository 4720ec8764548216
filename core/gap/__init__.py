"""The estimators: crossings, trend, intervals, forward question, private against public."""
