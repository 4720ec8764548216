"""The command line's commands, one file each; `bot.cli` makes those of the questions and gathers all."""
