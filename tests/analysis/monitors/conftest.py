"""The sample organisation as in the tests of What changed."""

from tests.analysis.changes.conftest import sample, sample_source, subject_of

__all__ = ["sample", "sample_source", "subject_of"]
