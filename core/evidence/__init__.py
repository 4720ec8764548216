"""Models, benchmarks and scores: importers, classification and the build of the tables."""
