"""Benchmarks: ours and a peer in the same run, and the ratio; docs/benchmarks.md keeps the figures."""
