"""When a question is asked again: by all its grades, on whichever device, in whatever order they came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from modules import content
from progress import events
from progress.bank.due import due_at, so_far
from progress.facts import Answer, Fact, Kind, Window, pack, unpack
from progress.study import AccountStudy
from tests.make import make_reader

DAY = timedelta(days=1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def grade(verdict, after=timedelta(0), subject="one:why", seed=7):
    return Fact.new(Kind.GRADED, subject, NOW + after, answer=Answer(seed, "", verdict))


def interval(*grades):
    """Return how long after the last of some grades the question is due."""
    return due_at(grades)["one:why"] - max(fact.at for fact in grades)


class TestSchedule:
    def test_the_better_it_went_the_later_it_comes(self):
        assert DAY <= interval(grade("missed")) <= interval(grade("partly")) < interval(grade("full"))

    def test_what_is_recalled_when_it_is_due_comes_after_a_longer_while(self):
        some, waits = [grade("full")], []
        for _ in range(4):
            waits.append(interval(*some))
            some.append(grade("full", due_at(some)["one:why"] - NOW))
        assert waits == sorted(set(waits))
        assert waits[-1] > 90 * DAY

    def test_what_is_missed_then_comes_soon(self):
        learnt = [grade("full"), grade("full", 3 * DAY), grade("full", 14 * DAY)]
        assert interval(*learnt, grade("missed", 40 * DAY)) < interval(*learnt) / 5

    @pytest.mark.parametrize("verdict", ["wrong", "bits"])
    def test_a_wrong_number_is_missed_whatever_was_said_with_it(self, verdict):
        minute = timedelta(minutes=5)
        both = [grade(verdict), grade("full", minute)]
        assert interval(*both) == interval(grade("missed", minute))

    def test_a_grade_thought_better_of_is_not_a_second_recall(self):
        minute = timedelta(minutes=5)
        assert interval(grade("missed"), grade("full", minute)) == interval(grade("full", minute))

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["full", "partly", "missed", "right", "wrong"]),
                st.integers(0, 500_000),
                st.sampled_from(["one:why", "one:size"]),
            ),
            max_size=8,
        )
    )
    def test_the_order_in_which_devices_report_changes_nothing(self, some):
        facts = [grade(verdict, timedelta(minutes=minute), subject) for verdict, minute, subject in some]
        due = due_at(facts)
        assert due == due_at(facts[::-1]) == due_at(unpack(pack(facts)))
        assert due.keys() == {fact.subject for fact in facts}
        assert all(due[fact.subject] >= fact.at + DAY for fact in facts)


@pytest.mark.django_db
@pytest.mark.usefixtures("bank")
class TestBank:
    @pytest.fixture
    def reader(self, client):
        content.forget()
        reader, now = make_reader(), timezone.now()
        events.record(reader, Kind.GRADED, "one:why", now - 9 * DAY, answer=Answer(7, "1", "full"))
        events.record(reader, Kind.GRADED, "one:size", now, answer=Answer(7, "1", "missed"))
        client.force_login(reader)
        return reader

    def test_it_shows_what_is_due(self, client, reader):
        page = client.get("/bank/?seen=due")
        assert [item.question.key for item in page.context["items"]] == ["one:why"]

    def test_a_mock_interview_about_it_keeps_its_questions_while_they_are_answered(self, client, reader):
        here = client.get("/bank/mock/?seen=due&begin=1")["Location"]
        client.post(here, {"question": "one:why", "said": ["1", "2"]})
        assert [item.question.key for item in client.get(here).context["items"]] == ["one:why"]
        assert client.get("/bank/mock/?seen=due&begin=1").status_code == 404

    def test_the_dashboard_leads_there(self, client, reader):
        page = client.get("/dashboard/").content.decode()
        assert '<a rel="nofollow" href="/bank/mock/?seen=due">1 question is due to be asked again</a>' in page

    def test_nobody_sees_what_is_due_for_another(self, client, reader):
        client.force_login(make_reader("other"))
        assert client.get("/bank/?seen=due").context["page"].paginator.count == 0

    def test_account_and_browser_agree(self, reader):
        now = timezone.now()
        found = so_far(AccountStudy(reader), Window(), now)
        assert {key: result.due_at for key, result in found.items()} == due_at(events.facts_of(reader))
        assert {key for key, result in found.items() if result.is_due} == {"one:why"}
