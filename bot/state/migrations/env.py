"""Runs alembic's migrations on a given connection, in one transaction."""

from alembic import context

from bot.state.state_tables import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, transaction_per_migration=False
)
context.run_migrations()
