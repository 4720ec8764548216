"""Names of models, benchmarks and labs: one index of them, for whoever reads or checks a text."""
