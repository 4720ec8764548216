"""New data from publishers: download, check, compile, and switch atomically; and doubts about the data."""
