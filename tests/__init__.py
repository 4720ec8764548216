"""Tests, benches and what they share."""
