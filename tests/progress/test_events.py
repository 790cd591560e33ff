from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from progress import events
from progress.facts import Fact, Kind, completions
from progress.models import Completion, StudyEvent
from progress.study import AccountStudy
from tests.make import make_module, make_path, make_reader

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LESSONS = ["a", "b", "c"]


def state(user):
    study = AccountStudy(user)
    return dict(user.completions.values_list("module_id", "at")), study.last_opened, study.paths


def clicks(user):
    return list(user.events.order_by("pk").values_list("kind", flat=True))


@pytest.mark.django_db
class TestRecord:
    def test_completing_adds_an_event_and_a_completion(self):
        user, module = make_reader(), make_module()
        assert events.record(user, Kind.COMPLETED, module.pk)
        assert clicks(user) == ["completed"]
        assert user.completions.get().module == module

    def test_completing_twice_adds_one_event(self):
        user, module = make_reader(), make_module()
        events.record(user, Kind.COMPLETED, module.pk)
        assert not events.record(user, Kind.COMPLETED, module.pk)
        assert clicks(user) == ["completed"]

    def test_reopening_takes_the_completion_and_keeps_the_events(self):
        user, module = make_reader(), make_module()
        events.record(user, Kind.COMPLETED, module.pk)
        events.record(user, Kind.REOPENED, module.pk)
        assert clicks(user) == ["completed", "reopened"]
        assert not user.completions.exists()

    def test_reopening_can_be_undone(self):
        user, module = make_reader(), make_module()
        for kind in (Kind.COMPLETED, Kind.REOPENED, Kind.COMPLETED):
            events.record(user, kind, module.pk)
        assert AccountStudy(user).completed == {module.pk}

    def test_reopening_what_is_not_completed_adds_nothing(self):
        user, module = make_reader(), make_module()
        assert not events.record(user, Kind.REOPENED, module.pk)
        assert clicks(user) == []

    def test_starting_a_path_twice_adds_one_event(self):
        user, path = make_reader(), make_path()
        events.record(user, Kind.STARTED_PATH, path.pk)
        assert not events.record(user, Kind.STARTED_PATH, path.pk)
        assert clicks(user) == ["started-path"]

    def test_another_reader_is_untouched(self):
        user, other, module = make_reader(), make_reader(), make_module()
        events.record(user, Kind.COMPLETED, module.pk)
        events.record(other, Kind.COMPLETED, module.pk)
        events.record(user, Kind.REOPENED, module.pk)
        assert AccountStudy(other).completed == {module.pk}

    def test_a_failed_completion_leaves_no_event(self, monkeypatch):
        user, module = make_reader(), make_module()
        monkeypatch.setattr(events, "_keep", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            events.record(user, Kind.COMPLETED, module.pk)
        assert clicks(user) == []


@pytest.mark.django_db
class TestMerge:
    def test_what_either_has_the_account_has(self):
        user, here, there = make_reader(), make_module(), make_module()
        path = make_path("a-path", here)
        events.record(user, Kind.COMPLETED, there.pk)
        now = timezone.now()
        carried = [Fact.new(Kind.COMPLETED, here.pk, now), Fact.new(Kind.STARTED_PATH, path.pk, now)]

        assert events.merge(user, carried) == 2
        assert AccountStudy(user).completed == {here.pk, there.pk}
        assert list(AccountStudy(user).paths) == [path.pk]

    def test_a_lesson_reopened_on_the_account_is_completed_by_a_browser_that_completed_it(self):
        user, module = make_reader(), make_module()
        carried = Fact.new(Kind.COMPLETED, module.pk, timezone.now() - timedelta(days=1))
        events.record(user, Kind.COMPLETED, module.pk)
        events.record(user, Kind.REOPENED, module.pk)
        events.merge(user, [carried])
        assert AccountStudy(user).completed == {module.pk}

    def test_merging_twice_adds_nothing_even_after_reopening(self):
        user, module = make_reader(), make_module()
        carried = [Fact.new(Kind.COMPLETED, module.pk, timezone.now())]
        events.merge(user, carried)
        events.record(user, Kind.REOPENED, module.pk)
        assert events.merge(user, carried) == 0
        assert AccountStudy(user).completed == frozenset()

    def test_the_place_opened_last_is_where_the_reader_was(self):
        user, earlier, later = make_reader(), make_module(), make_module()
        now = timezone.now()
        events.record(user, Kind.OPENED, later.pk, now)
        events.merge(user, [Fact.new(Kind.OPENED, earlier.pk, now - timedelta(hours=1))])
        assert AccountStudy(user).last_opened == later.pk

    def test_a_lesson_that_left_the_notebook_is_left_out(self):
        user, module = make_reader(), make_module()
        now = timezone.now()
        carried = [Fact.new(Kind.COMPLETED, "gone", now), Fact.new(Kind.COMPLETED, module.pk, now)]
        assert events.merge(user, carried) == 1
        assert AccountStudy(user).completed == {module.pk}

    def test_the_same_key_on_two_accounts_is_two_events(self):
        fact = Fact.new(Kind.COMPLETED, make_module().pk, timezone.now())
        first, second = make_reader(), make_reader()
        assert events.merge(first, [fact]) == events.merge(second, [fact]) == 1


@contextmanager
def undone():
    """Do it all and undo it again: one example must not see the rows of another."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def facts_of_kinds(*kinds):
    fact = st.builds(
        Fact,
        key=st.uuids(),
        kind=st.sampled_from(kinds),
        subject=st.sampled_from(LESSONS),
        at=st.integers(0, 50).map(lambda minutes: NOON + timedelta(minutes=minutes)),
        anchor=st.just(""),
        numbers=st.none(),
        answer=st.none(),
    )
    return st.lists(fact, max_size=6)


clicked = facts_of_kinds(Kind.COMPLETED, Kind.REOPENED, Kind.OPENED)
carried = facts_of_kinds(Kind.COMPLETED, Kind.OPENED, Kind.STARTED_PATH)  # a browser remembers no reopening


def click(user, facts):
    for fact in facts:
        events.record(user, fact.kind, fact.subject, fact.at)


@pytest.fixture
def lessons(db):
    for name in LESSONS:
        make_path(name, make_module(name))


@pytest.mark.usefixtures("lessons")
class TestProperties:
    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.booleans(), clicked, carried), max_size=3))
    def test_completions_are_what_the_events_come_to_in_any_order(self, history):
        with undone():
            user = make_reader()
            for clicks_first, some_clicks, browser in history:
                if clicks_first:
                    click(user, some_clicks)
                events.merge(user, browser)
                if not clicks_first:
                    click(user, some_clicks)
            kept = state(user)
            user.completions.all().delete()
            events.rebuild(user)
            assert state(user) == kept
            assert kept[0] == completions(events.facts_of(user))

    @settings(max_examples=30, deadline=None)
    @given(clicked, carried, carried, carried)
    def test_browsers_may_be_merged_in_any_order_and_any_number_of_times(self, history, one, other, both):
        with undone():
            results = []
            for order in ([one + both, other + both], [both + other, one + both], [other, one, both, other, one]):
                user = make_reader()
                events.merge(user, history)  # with its keys, by which events of one moment are told apart
                for browser in order:
                    events.merge(user, browser)
                results.append(state(user))
            assert results[0] == results[1] == results[2]

    @settings(max_examples=30, deadline=None)
    @given(clicked, carried)
    def test_merging_takes_nothing_away(self, history, browser):
        with undone():
            user = make_reader()
            click(user, history)
            before = state(user)[0]
            events.merge(user, browser)
            assert before.keys() | completions(browser).keys() == state(user)[0].keys()

    def test_rebuilding_drops_a_completion_no_event_accounts_for(self):
        user = make_reader()
        user.completions.create(module_id="a", at=NOON)
        events.rebuild(user)
        assert not user.completions.exists()


def at_once(*actions):
    """Run `actions` in threads that start together, each with a connection of its own; raise what one raised."""
    barrier, errors = threading.Barrier(len(actions)), []

    def run(action):
        try:
            barrier.wait(5)
            action()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_double_click_adds_one_event(self):
        user, module = make_reader(), make_module()
        at_once(*[partial(events.record, user, Kind.COMPLETED, module.pk)] * 4)
        assert clicks(user) == ["completed"]
        assert Completion.objects.count() == 1

    def test_two_devices_completing_different_lessons_keep_both(self):
        user, one, other = make_reader(), make_module(), make_module()
        at_once(*[partial(events.record, user, Kind.COMPLETED, module.pk) for module in (one, other)])
        assert AccountStudy(user).completed == {one.pk, other.pk}

    def test_two_requests_merging_one_browser_add_it_once(self):
        user, modules = make_reader(), [make_module() for _ in range(5)]
        browser = [Fact.new(Kind.COMPLETED, module.pk, NOON) for module in modules]
        at_once(*[partial(events.merge, user, browser)] * 3)
        assert len(clicks(user)) == 5
        assert len(AccountStudy(user).completed) == 5


@pytest.mark.django_db
class TestLog:
    def test_the_database_refuses_to_change_an_event(self):
        user, module = make_reader(), make_module()
        events.record(user, Kind.COMPLETED, module.pk)
        with pytest.raises(IntegrityError, match="study events are only ever added"), transaction.atomic():
            user.events.update(kind=Kind.REOPENED)
        assert clicks(user) == ["completed"]

    def test_the_database_refuses_to_delete_an_event_of_an_account_that_stays(self):
        user, module = make_reader(), make_module()
        events.record(user, Kind.COMPLETED, module.pk)

        def clear():
            with transaction.atomic():
                user.events.all().delete()
                connection.check_constraints()  # as at commit

        with pytest.raises(IntegrityError, match="leave only with their account"):
            clear()
        assert clicks(user) == ["completed"]

    def test_events_leave_with_their_account(self):
        user, other, module = make_reader(), make_reader(), make_module()
        for one in (user, other):
            events.record(one, Kind.COMPLETED, module.pk)
        user.delete()
        connection.check_constraints()
        assert clicks(other) == ["completed"]
        assert StudyEvent.objects.count() == Completion.objects.count() == 1

    def test_a_lesson_someone_has_opened_stays(self):
        module = make_module()
        events.record(make_reader(), Kind.OPENED, module.pk)
        with pytest.raises(ProtectedError):
            module.delete()

    @pytest.mark.parametrize("kind", [Kind.OPENED, Kind.COMPLETED, Kind.STARTED_PATH])
    def test_an_event_is_about_a_lesson_or_a_path_never_both(self, kind):
        user, module = make_reader(), make_module()
        path = make_path("a-path", module)
        with pytest.raises(IntegrityError, match="progress_event_subject"), transaction.atomic():
            StudyEvent.objects.create(user=user, key=uuid4(), kind=kind, module=module, path=path, at=NOON)
