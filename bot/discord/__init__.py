"""The Discord bot: options → question → one renderer; everything heavy happens off the event loop."""
