"""Refreshed data: publishers' declarations, checks of their snapshots, revisions, and the operator's own rows."""
