"""New data from publishers: downloaded, checked, compiled, switched to whole or not at all; and what is in doubt."""
