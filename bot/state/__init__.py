"""What the service must not lose: guild settings and notes to itself; later briefs, outbox, schedules, budgets."""
