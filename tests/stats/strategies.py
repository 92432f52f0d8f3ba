"""Any answers a survey could give."""

from hypothesis import strategies as st

from gloed.stats import Histogram, NetCounts

whole_counts = st.integers(0, 500)
counts = st.one_of(whole_counts, st.floats(0.01, 500, allow_subnormal=False))

net_counts = st.builds(NetCounts, counts, counts, counts).filter(lambda c: c.n > 0)
whole_net_counts = st.builds(NetCounts, whole_counts, whole_counts, whole_counts).filter(
    lambda c: c.n > 0
)


def histograms(low: int, high: int) -> st.SearchStrategy[Histogram]:
    """Histograms on the scale from low to high, at least one answer."""
    size = high - low + 1
    rows = st.lists(counts, min_size=size, max_size=size).filter(lambda row: sum(row) > 0)
    return rows.map(lambda row: Histogram.of(row, scale=(low, high)))


def scores(low: int, high: int) -> st.SearchStrategy[list[int]]:
    """Plain whole answers, at least one."""
    return st.lists(st.integers(low, high), min_size=1, max_size=60)
