"""The evidence file: its migrations and queries. The only package in core with SQL."""
