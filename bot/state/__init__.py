"""Durable data: briefs, outbox, schedules, targets, server settings, conversations, usage and the audit trail."""
