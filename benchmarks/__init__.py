"""Speed as ratios against a named limit or an alternative in the same run.

`python -m benchmarks` runs all and writes docs/performance.md; with names it runs those and only
prints. Machines are shared and noisy: read the ratios, not the seconds.
"""
