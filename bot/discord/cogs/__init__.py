"""Commands, a file per group: options → question → `show`."""
