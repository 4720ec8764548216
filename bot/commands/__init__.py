"""The command line's commands, by what they are for; `bot.cli` makes those of the questions and gathers all."""
