"""Refreshed data: what publishers declare, checks of what they serve, revisions, and the operator's own rows."""
