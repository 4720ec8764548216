"""The evidence file: migrations and queries; the only place in core with SQL."""
