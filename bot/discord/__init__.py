"""The Discord bot: options → question → one renderer, with heavy work off the event loop."""
