"""Names of models, benchmarks and labs: one index, for every reader or checker of a text."""
