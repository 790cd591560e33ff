"""The lesson page: where the reader is and was, what stands behind a line, what can be copied; also without script."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from progress import events
from progress.facts import Kind
from tests.browser.conftest import A_READER_IS_THERE, sign_in, wait_for_htmx
from tests.factories import make_lesson
from tests.make import make_reader

LESSON = "/modules/kv-cache/"
DESK, PHONE, NARROWEST = ({"width": width, "height": 800} for width in (1440, 390, 320))
OFFER = "Continue where you were"
NOTED = "## One {#one}\n\nA word.[^1] Another word.\n\n## Two {#two}\n\nMore.\n\n[^1]: The remark, with [a way out](https://example.org/)."


@pytest.fixture
def plain(new_context):
    """A page in a browser without script."""
    return new_context(java_script_enabled=False, viewport=DESK).new_page()


@pytest.fixture
def phone(new_context):
    return new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()


def go_to(page, anchor):
    """Scroll to a place without leaving a trace in the address."""
    page.evaluate("id => document.getElementById(id).scrollIntoView()", anchor)


def until(condition):
    """Wait for what a closing page sends, which nothing on the next page waits for."""
    for _ in range(100):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen within five seconds")


class TestContents:
    def test_they_say_what_each_section_takes_without_script(self, plain):
        plain.goto(LESSON)
        minutes = [
            int(text)
            for text in plain.locator(".toc .minutes").evaluate_all("all => all.map(it => it.firstChild.data)")
        ]
        assert plain.locator(".toc-left").inner_text() == f"{sum(minutes)} min"
        assert len(minutes) > 5

    def test_they_show_where_the_reader_is_and_what_is_left(self, page):
        page.set_viewport_size(DESK)
        page.goto(LESSON)
        here, left = page.locator(".toc [aria-current]"), page.locator(".toc-left")
        expect(here).to_have_count(0)
        expect(left).to_have_text("40 min left")
        go_to(page, "worked")
        expect(here).to_have_text("Worked numbers")
        expect(here).to_be_in_viewport()
        rest = page.locator(".toc li").evaluate_all(
            "all => all.slice(all.findIndex(it => it.querySelector('[aria-current]')))"
            ".map(it => Number(it.dataset.minutes ?? 0))"
        )
        first, *later = rest
        shown = int(left.inner_text().split()[0])
        assert sum(later) < shown <= first + sum(later)
        go_to(page, "sources")
        expect(left).to_have_text("")

    def test_on_a_phone_a_line_at_the_foot_opens_them(self, phone):
        phone.goto(LESSON)
        line = phone.locator(".here")
        go_to(phone, "worked")
        expect(line).to_contain_text("Worked numbers")
        expect(line).to_contain_text("min left")
        expect(line).to_be_in_viewport()
        line.tap()
        entries = phone.locator(".contents-card")
        expect(entries.get_by_role("link", name="Worked numbers")).to_have_attribute("aria-current", "true")
        entries.get_by_role("link", name="How it breaks").tap()
        expect(entries).to_have_count(0)
        expect(phone.get_by_role("heading", name="How it breaks", level=2)).to_be_in_viewport()
        expect(line).to_contain_text("How it breaks")
        line.tap()
        phone.keyboard.press("Escape")
        expect(entries).to_have_count(0)

    def test_without_script_that_line_leads_to_them(self, plain):
        plain.set_viewport_size(PHONE)
        plain.goto(f"{LESSON}#worked")
        plain.locator(".here").click()
        expect(plain.locator(".toc")).to_be_in_viewport()


class TestPlace:
    def leave_at(self, page, anchor):
        go_to(page, anchor)
        page.goto("/glossary/")

    def test_the_browser_of_a_reader_without_account_keeps_it(self, page):
        page.goto(LESSON)
        expect(page.get_by_text(OFFER)).to_have_count(0)
        self.leave_at(page, "worked")
        page.goto(LESSON)
        offer = page.get_by_role("link", name=f"{OFFER}: Worked numbers")
        expect(offer).to_be_in_viewport()
        assert page.evaluate("scrollY") == 0, "it is offered, not done"
        offer.click()
        expect(page.get_by_role("heading", name="Worked numbers", level=2)).to_be_in_viewport()
        expect(offer).to_have_count(0)
        page.goto("/modules/attention/")
        expect(page.locator(".resume")).to_have_count(0)

    def test_an_account_keeps_it_on_every_device(self, page, reader, new_context, base_url):
        page.goto(LESSON)
        self.leave_at(page, "breaks")
        until(lambda: reader.events.filter(kind=Kind.LEFT, module="kv-cache", anchor="breaks").exists())
        assert page.evaluate("localStorage.getItem('places')") is None
        for script in (True, False):
            elsewhere = new_context(java_script_enabled=script)
            sign_in(elsewhere, reader, base_url)
            other = elsewhere.new_page()
            other.goto(LESSON)
            other.get_by_role("link", name=f"{OFFER}: How it breaks").click()
            expect(other).to_have_url(re.compile("#breaks$"))

    def test_who_comes_for_a_certain_place_is_left_there(self, page):
        page.goto(LESSON)
        self.leave_at(page, "worked")
        page.goto(f"{LESSON}#claims")
        expect(page.locator("#claims")).to_be_in_viewport()
        expect(page.locator(".resume")).to_have_count(0)

    def test_the_offer_goes_when_it_is_declined_or_the_reader_reads_on(self, page):
        page.goto(LESSON)
        self.leave_at(page, "worked")
        page.goto(LESSON)
        page.get_by_role("button", name="Not now").click()
        expect(page.locator(".resume")).to_have_count(0)
        page.reload()
        expect(page.locator(".resume")).to_be_visible()
        go_to(page, "derivation")
        expect(page.locator(".resume")).to_have_count(0)

    def test_the_beginning_and_the_lists_at_the_end_are_no_places_to_go_on_from(self, page):
        page.goto(LESSON)
        self.leave_at(page, "worked")
        for anchor in ("minute", "sources"):
            page.goto(LESSON)
            self.leave_at(page, anchor)
        page.goto(LESSON)
        expect(page.locator(".resume")).to_contain_text("Worked numbers")

    def test_what_is_completed_is_not_offered(self, page):
        page.goto(LESSON)
        page.get_by_role("button", name="Mark as completed").click()
        expect(page.get_by_role("button", name="Mark as not completed")).to_be_visible()
        self.leave_at(page, "worked")
        page.goto(LESSON)
        expect(page.locator(".here")).to_contain_text("left")  # the script has run
        expect(page.locator(".resume")).to_have_count(0)


class TestAround:
    def links(self, page):
        return page.locator(".around a").evaluate_all(
            "all => all.map(it => [it.rel, it.innerText.replace(/\\s+/g, ' ')])"
        )

    def test_without_a_path_they_follow_the_notebook(self, plain):
        plain.goto("/modules/attention/")
        assert self.links(plain) == [["prev", "Before Tokenization"], ["next", "Next KV Cache & Memory"]]

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_a_reader_of_a_path_stays_in_it(self, plain, base_url, signed_in):
        if signed_in:
            sign_in(plain.context, make_reader(), base_url)
        plain.goto("/paths/new-to-transformers/")
        plain.get_by_role("button", name="Start").click()
        expect(plain).to_have_url("/modules/tokenization/")
        name = "New to Transformers"
        assert self.links(plain) == [["next", f"Next in {name} Self-Attention"]]
        plain.locator(".around").get_by_role("link", name="Self-Attention").click()
        plain.wait_for_url("**/modules/attention/")  # and with it the foot of a long page
        assert self.links(plain)[0] == ["prev", f"Before in {name} Tokenization"]
        plain.goto(LESSON)
        assert self.links(plain) == [["prev", f"Before in {name} Self-Attention"], ["", f"The last of the path {name}"]]


class TestLinks:
    # A place of each kind, and what it is called.
    PLACES = (
        ("#worked", "section"),
        (".lesson figure.figure", "figure"),
        (".lesson figure.table", "table"),
        (".lesson div.table", "table"),
        (".lesson .equation:has(> .anchor)", "formula"),
        (".lesson .equation:has(> .equation-label)", None),
        ("tr#number-cache_long", "number"),
        (".lesson .explorer", "explorer"),
        (".lesson .question", "question"),
    )

    @pytest.fixture
    def lesson(self):
        """Make a lesson with an unlabelled formula and a bare table, whatever the real ones have."""
        make_lesson("bare", body="## One {#one}\n\n$$\na = b\n$$\n\n| what | why |\n|---|---|\n| this | that |\n")

    @pytest.mark.parametrize(("place", "kind"), PLACES)
    def test_every_place_has_one_to_copy(self, new_context, lesson, place, kind):
        context = new_context(viewport=DESK)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto("/modules/bare/" if kind == "formula" or "div.table" in place else LESSON)
        box = page.locator(place).first
        box.scroll_into_view_if_needed()
        link = box.get_by_role("link", name=f"Link to this {kind}").first if kind else box.locator(".equation-label")
        link.focus()  # which scrolls to the top of a box that is higher than the window
        expect(link).to_have_css("opacity", "1")
        before = page.evaluate("scrollY")
        link.press("Enter")
        expect(page.get_by_role("status").get_by_text("Link copied")).to_be_attached()
        address = page.evaluate("navigator.clipboard.readText()")
        anchor = address.partition("#")[2]
        assert address == page.url, "the address shows it too"
        assert abs(page.evaluate("scrollY") - before) < 800, "and the page stays where it is"
        assert page.evaluate("id => document.querySelectorAll(`[id='${id}']`).length", anchor) == 1
        fresh = context.new_page()
        fresh.goto(address)
        expect(fresh.locator(f"[id='{anchor}']")).to_be_in_viewport()

    def test_without_script_it_is_a_link(self, plain):
        plain.goto(LESSON)
        plain.locator("tr#number-cache_long").get_by_role("link", name="Link to this number").click()
        expect(plain).to_have_url(re.compile("#number-cache_long$"))

    def test_where_the_clipboard_is_refused_the_link_leads_on(self, page):
        page.goto(LESSON)
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('no')) }")
        page.locator("#breaks > .anchor").press("Enter")
        expect(page.locator("#breaks")).to_be_in_viewport()
        expect(page).to_have_url(re.compile("#breaks$"))

    def test_code_is_copied_whole_and_its_output_is_not(self, new_context):
        context = new_context()
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(LESSON)
        code = page.locator("pre.code").first
        code.get_by_role("button", name="Copy the code").press("Enter")
        expect(page.get_by_role("status").get_by_text("Code copied")).to_be_attached()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == code.locator("code").text_content()
        assert copied.startswith("import ")
        expect(page.locator("pre.output button")).to_have_count(0)

    def test_without_script_code_has_no_button(self, plain):
        plain.goto(LESSON)
        expect(plain.locator("pre button")).to_have_count(0)


class TestScrolling:
    def wide(self, page):
        """Each box that may scroll, seen one after the other as a reader would: what is far below is not laid out."""
        boxes = page.locator(".lesson :is(.equation .scroll, .table .scroll)")
        found = []
        for box in boxes.all():
            box.scroll_into_view_if_needed()
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            found.append(
                box.evaluate(
                    "it => ({id: it.closest('[id]').id, wide: it.scrollWidth > it.clientWidth, stop: it.tabIndex})"
                )
            )
        return found

    def test_a_formula_wider_than_the_screen_scrolls_by_keyboard(self, page):
        page.set_viewport_size(NARROWEST)
        page.goto(LESSON)
        expect(page.locator(".here")).to_contain_text("left")
        found = self.wide(page)
        assert [box for box in found if box["wide"] != (box["stop"] == 0)] == [], (
            "a stop of the Tab key where it is needed"
        )
        wide = next(box["id"] for box in found if box["wide"])
        assert any(not box["wide"] for box in found)
        box = page.locator(f"[id='{wide}'] .scroll")
        box.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())
        assert "gradient" in box.evaluate("box => getComputedStyle(box).backgroundImage"), (
            "an edge says that there is more"
        )

    def test_a_wider_window_takes_the_stops_away(self, page):
        page.set_viewport_size(NARROWEST)
        page.goto(LESSON)
        expect(page.locator(".here")).to_contain_text("left")
        before = sum(box["stop"] == 0 for box in self.wide(page))
        page.set_viewport_size(DESK)
        page.wait_for_function(f"document.querySelectorAll('.lesson .scroll[tabindex]').length < {before}")

    def test_without_script_everything_that_may_scroll_is_a_stop(self, plain):
        plain.set_viewport_size(NARROWEST)
        plain.goto(LESSON)
        boxes = plain.locator(".lesson :is(.scroll, pre)")
        assert boxes.count() == plain.locator(".lesson :is(.scroll, pre)[tabindex='0']").count() > 10


class TestCards:
    def cite(self, page):
        cite = page.locator(".lesson .section:first-of-type ~ .section .citation .cite").first
        cite.scroll_into_view_if_needed()
        page.wait_for_timeout(500)  # what is near is laid out, and the text comes to rest
        return cite

    def source(self, page, cite):
        """Return the title of the source that a citation leads to."""
        return page.locator(cite.get_attribute("href")).locator("cite").text_content()

    @pytest.mark.parametrize("width", [390, 1440])
    def test_a_citation_shows_its_source_under_a_resting_pointer_until_it_is_dismissed(self, page, width):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(LESSON)
        cite, card = self.cite(page), page.locator(".card")
        cite.hover()
        expect(card).to_contain_text(self.source(page, cite))
        expect(card).to_be_in_viewport(ratio=1)
        card.hover()  # it can be pointed at
        expect(card.get_by_role("link", name="In the sources")).to_be_visible()
        page.locator(".lesson h2").first.hover(force=True)
        page.wait_for_timeout(400)
        expect(card).to_be_visible()  # and stays
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)

    def test_a_citation_says_where_in_the_source(self, page):
        page.goto(LESSON)
        cite = page.locator(".citation .cite", has_text="Hooper et al. 2024").first
        cite.click()
        expect(page.locator(".card .at")).to_have_text("abstract and Section 3.2")

    def test_a_pointer_that_only_passes_opens_nothing(self, page):
        page.goto(LESSON)
        cite = self.cite(page)
        box = cite.bounding_box()
        page.mouse.move(box["x"] + 5, box["y"] + 5)
        page.mouse.move(box["x"] + 5, box["y"] - 60)
        page.wait_for_timeout(400)
        expect(page.locator(".citation-card")).to_have_count(0)

    def test_focus_opens_it_tab_goes_into_it_and_past_it_closes(self, page):
        page.goto(LESSON)
        cite, card = self.cite(page), page.locator(".card")
        page.keyboard.press("Tab")  # so that the focus counts as the keyboard's
        cite.focus()
        expect(card).to_contain_text(self.source(page, cite))
        expect(cite).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Tab")
        assert card.evaluate("card => card.contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        expect(cite).to_be_focused()
        expect(cite).not_to_have_attribute("aria-expanded", "true")
        cite.press("Enter")
        expect(card).to_be_visible()
        for _ in range(4):
            page.keyboard.press("Tab")
        assert page.locator(".card:has-text('In the sources')").evaluate_all(
            "(all, title) => all.every(it => !it.textContent.includes(title))", self.source(page, cite)
        )

    def test_a_tap_opens_it_and_a_tap_elsewhere_closes_it(self, phone):
        phone.goto(LESSON)
        cite, card = self.cite(phone), phone.locator(".card")
        cite.tap()
        expect(card).to_contain_text(self.source(phone, cite))
        phone.touchscreen.tap(5, 5)
        expect(card).to_have_count(0)
        expect(phone).to_have_url(LESSON)

    def test_one_is_open_at_a_time(self, page):
        page.goto(LESSON)
        page.locator(".standfirst a.number").nth(0).click()
        page.locator(".standfirst a.number").nth(1).click()
        expect(page.locator(".card")).to_have_count(1)
        expect(page.locator(".card .value")).to_contain_text("42.9")

    def test_a_card_leads_to_the_place_it_comes_from(self, page):
        page.goto(LESSON)
        cite = self.cite(page)
        cite.click()
        page.locator(".card").get_by_role("link", name="In the sources").click()
        expect(page.locator(cite.get_attribute("href"))).to_be_in_viewport()

    def test_without_script_a_citation_leads_to_its_source(self, plain):
        plain.goto(LESSON)
        cite = self.cite(plain)
        cite.click()
        expect(plain.locator(cite.get_attribute("href"))).to_be_in_viewport()


class TestNotes:
    @pytest.fixture(autouse=True)
    def _noted(self):
        make_lesson("noted", body=NOTED)

    def test_on_a_wide_page_they_stand_in_the_margin(self, page):
        page.set_viewport_size(DESK)
        page.goto("/modules/noted/")
        note, call = page.locator("#note-1"), page.locator("#noteref-1")
        expect(note).to_be_visible()
        assert note.bounding_box()["x"] > page.locator(".lesson").bounding_box()["x"] + 600
        call.hover()
        page.wait_for_timeout(400)
        expect(page.locator(".card")).to_have_count(0)

    def test_on_a_narrow_page_a_tap_unfolds_them_in_place(self, phone):
        phone.goto("/modules/noted/")
        note, call = phone.locator("#note-1"), phone.locator("#noteref-1")
        expect(note).to_be_hidden()
        call.tap()
        expect(note).to_be_visible()
        expect(call).to_have_attribute("aria-expanded", "true")
        call.tap()
        expect(note).to_be_hidden()

    def test_on_a_narrow_page_pointer_and_focus_show_them(self, page):
        page.set_viewport_size({"width": 800, "height": 800})
        page.goto("/modules/noted/")
        call, card = page.locator("#noteref-1"), page.locator(".note-card")
        call.hover()
        expect(card).to_contain_text("The remark")
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        page.mouse.move(0, 0)
        call.focus()
        expect(card.get_by_role("link", name="a way out")).to_be_visible()

    def test_without_script_they_unfold_too(self, plain):
        plain.set_viewport_size(PHONE)
        plain.goto("/modules/noted/")
        plain.locator("#noteref-1").click()
        expect(plain.locator("#note-1")).to_be_visible()


class TestMargin:
    def test_a_number_has_its_defence_beside_it_once(self, page):
        page.set_viewport_size(DESK)
        page.goto(LESSON)
        note = page.locator(".standfirst .sidenote.defence").first
        expect(note).to_contain_text("Context window of the 3.1 release")
        expect(note).to_have_attribute("aria-hidden", "true")
        found = page.locator(".sidenote.defence").evaluate_all(
            "all => all.map(it => ({number: it.previousElementSibling.hash,"
            " links: it.querySelectorAll('a, [id]').length,"
            " off: it.getBoundingClientRect().top - it.previousElementSibling.getBoundingClientRect().top}))"
        )
        assert len(found) > 10
        assert len({note["number"] for note in found}) == len(found)
        assert all(note["links"] == 0 for note in found), "nothing hidden from a screen reader takes the focus"
        assert max(note["off"] for note in found) < 120, "beside the number, or at a later use of it"

    def test_notes_do_not_stand_on_each_other(self, page):
        page.set_viewport_size(DESK)
        page.goto(LESSON)
        expect(page.locator(".sidenote.defence").first).to_be_visible()
        boxes = page.locator(".sidenote").evaluate_all(
            "all => all.map(it => it.getBoundingClientRect()).map(({top, bottom}) => [top, bottom])"
            ".sort((a, b) => a[0] - b[0])"
        )
        assert all(above[1] <= below[0] + 1 for above, below in pairwise(boxes))

    def test_a_narrow_page_has_none_until_it_is_widened(self, page):
        page.set_viewport_size(PHONE)
        page.goto(LESSON)
        expect(page.locator(".here")).to_contain_text("left")
        expect(page.locator(".sidenote.defence")).to_have_count(0)
        page.set_viewport_size(DESK)
        expect(page.locator(".sidenote.defence").first).to_be_visible()


def test_paper_has_nothing_to_press(page, reader):
    events.record(reader, Kind.LEFT, "kv-cache", anchor="worked")
    page.goto(LESSON)
    expect(page.locator(".resume")).to_be_visible()
    page.emulate_media(media="print")
    for name in (".resume", ".here", ".copy-code", ".anchor", ".equation-label.is-copied"):
        assert page.locator(name).evaluate_all("all => all.filter(it => it.checkVisibility()).length") == 0, name
    assert page.locator(".lesson .scroll").first.evaluate("it => getComputedStyle(it).backgroundImage") == "none"


class TestRefused:
    @pytest.mark.parametrize(
        ("status", "body", "message"),
        [
            (
                403,
                "<main><p class=eyebrow>403</p><h1>Not yours</h1><p>Nothing was changed.</p></main>",
                "Not yours. Nothing",
            ),
            (400, "<h1>Please repeat</h1>", "Please repeat"),
            (400, "", "The notebook answered 400."),
        ],
    )
    def test_the_reader_is_told_where_they_pressed(self, browser, base_url, status, body, message):
        # Unwatched, since the browser reports what is refused; and no worker answers in the place of the route below.
        page = browser.new_context(base_url=base_url, service_workers="block").new_page()
        page.add_init_script(A_READER_IS_THERE)
        wait_for_htmx(page)
        page.goto(LESSON)
        complete = "**/progress/kv-cache/complete/"
        page.route(complete, lambda route: route.fulfill(status=status, content_type="text/html", body=body))
        page.get_by_role("button", name="Mark as completed").click()
        alert = page.locator("#controls").get_by_role("alert")
        expect(alert).to_contain_text(message)
        page.unroute(complete)
        page.get_by_role("button", name="Mark as completed").click()
        expect(page.get_by_role("button", name="Mark as not completed")).to_be_visible()
        expect(alert).to_have_count(0)
