"""The commands other than questions; `bot.cli` builds those of questions and gathers all."""
