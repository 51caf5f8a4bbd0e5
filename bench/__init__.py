"""Seeded benchmarks of the row rule at scale. Results are ratios within one interleaved run, never times alone."""
