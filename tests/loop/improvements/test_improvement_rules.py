"""What stands out, by plain values."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gloed.loop.improvements.rules import OPEN, Course, Sign, Status, is_overdue, signs_of

TODAY = date(2026, 3, 2)
courses = st.builds(
    Course,
    status=st.sampled_from(Status),
    has_owner=st.booleans(),
    due_on=st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    next_step_on=st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    has_goal=st.booleans(),
)


@given(courses)
def test_nothing_stands_out_about_what_is_over(course: Course):
    signs = signs_of(course, today=TODAY)
    if course.status not in OPEN:
        assert signs == ()
    assert (Sign.OVERDUE in signs) == is_overdue(course, today=TODAY)
    assert (Sign.OWNERLESS in signs) == (course.status in OPEN and not course.has_owner)


def test_the_last_day_is_not_too_late():
    course = Course(Status.STARTED, True, TODAY)
    assert not is_overdue(course, today=TODAY)
    assert is_overdue(course, today=TODAY + timedelta(days=1))
    assert signs_of(Course(Status.IDEA, True), today=TODAY) == ()
    assert signs_of(Course(Status.PLANNED, True), today=TODAY) == (Sign.NO_DATE,)
