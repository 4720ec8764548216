"""New data from publishers: downloaded, checked, compiled, and switched to whole or not at all."""
