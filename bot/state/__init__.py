"""What must not be lost: briefs, outbox, schedules, targets, what servers set, conversations, usage, who did what."""
