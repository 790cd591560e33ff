"""What-ifs and the tokenizer: live with script, a form and a page without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.fixture
def explorer(page):
    page.goto("/modules/kv-cache/")
    return page.locator("#explorer-memory")


@pytest.fixture
def lab(page):
    page.goto("/modules/tokenization/")
    return page.locator("#explorer-bpe")


@pytest.fixture
def plain(new_context):
    """A page without script."""
    return new_context(java_script_enabled=False).new_page()


def output(explorer, label):
    return explorer.locator(".explorer-outputs div", has_text=label).locator("output")


def test_number_field_moves_the_slider_the_outputs_and_the_plot(explorer):
    slider = explorer.get_by_label("Tokens per conversation, as a slider")
    mark = explorer.locator(".plot circle, .plot .mark").first
    was = slider.input_value(), explorer.locator(".plot svg").inner_html()
    explorer.get_by_label("Tokens per conversation (tokens)").fill("16384")
    expect(output(explorer, "Cache of one conversation")).to_have_text("5.37 GB")
    assert int(slider.input_value()) > int(was[0])
    assert explorer.locator(".plot svg").inner_html() != was[1]
    expect(mark).to_be_visible()


def test_slider_moves_the_number_field_and_the_outputs(explorer):
    field = explorer.get_by_label("Key-value heads", exact=True)
    slider = explorer.get_by_label("Key-value heads, as a slider")
    slider.press("End")
    expect(field).to_have_value("64")
    expect(output(explorer, "KV cache per token")).to_have_text("2,560 KiB/token")
    slider.press("Home")
    expect(field).to_have_value("1")
    expect(output(explorer, "KV cache per token")).to_have_text("40 KiB/token")


def test_bad_value_says_why_and_keeps_the_rest(explorer):
    explorer.get_by_label("Tokens per conversation (tokens)").fill("7")
    expect(explorer.get_by_role("alert")).to_have_text(
        "Tokens per conversation: 7 is outside 1,024 tokens to 131,072 tokens."
    )
    explorer.get_by_label("Tokens per conversation (tokens)").fill("a furlong")
    expect(explorer.get_by_role("alert")).to_contain_text("furlong")
    expect(output(explorer, "Cache of one conversation")).to_have_text("2.68 GB")
    explorer.get_by_label("Tokens per conversation (tokens)").fill("4096")
    expect(explorer.get_by_role("alert")).to_have_count(0)


def test_outputs_are_told_once_the_reader_rests(explorer):
    told = explorer.locator("p[role=status]")
    expect(told).to_have_text("")
    slider = explorer.get_by_label("Key-value heads, as a slider")
    slider.press("End")
    expect(told).to_contain_text("KV cache per token, Llama 3 70B: 2,560 KiB/token; Cache of one conversation: ")
    assert "Elasticity" not in told.inner_text()


def test_what_moves_an_output_is_said_and_drawn(explorer):
    first = explorer.locator(".sensitivity details").first
    expect(first.locator("summary")).to_contain_text("1.32-elastic in Share of GPU memory for weights and cache")
    expect(first.get_by_role("row", name="Tokens per conversation")).to_contain_text("−1.00")
    expect(first.locator("svg.bar").first).to_be_visible()


def test_what_was_unfolded_stays_unfolded(explorer):
    cost = explorer.locator("details", has_text="Cost of output at the limit, a floor is")
    explorer.locator(".sensitivity details").first.locator("summary").click()  # fold it
    cost.locator("summary").click()
    explorer.get_by_label("Tokens per conversation (tokens)").fill("16384")
    expect(output(explorer, "Cache of one conversation")).to_have_text("5.37 GB")
    expect(cost.locator("table")).to_be_visible()
    expect(explorer.locator(".sensitivity details").first.locator("table")).to_be_hidden()


def test_what_moves_an_output_needs_no_script(plain):
    plain.goto("/modules/kv-cache/")
    sensitivity = plain.locator("#explorer-memory .sensitivity")
    expect(sensitivity.locator("details").first.locator("table")).to_be_visible()
    cost = sensitivity.locator("details", has_text="Cost of output at the limit, a floor is")
    cost.locator("summary").click()
    expect(cost.get_by_role("row", name="Price")).to_contain_text("1.00")


def test_explorer_is_a_form_without_script(plain):
    plain.goto("/modules/kv-cache/")
    form = plain.locator("#explorer-memory")
    form.get_by_label("Tokens per conversation (tokens)").fill("16384")
    form.get_by_role("button", name="Compute").click()
    expect(output(plain, "Cache of one conversation")).to_have_text("5.37 GB")
    expect(plain.get_by_label("Tokens per conversation (tokens)")).to_have_value("16384")
    plain.get_by_label("Key-value heads, as a slider").press("End")
    plain.get_by_role("button", name="Compute").click()
    expect(plain.get_by_label("Key-value heads", exact=True)).to_have_value("64")
    expect(output(plain, "Cache of one conversation")).to_have_text("42.9 GB")
    plain.get_by_role("link", name="Back to KV Cache & Memory").click()
    expect(plain).to_have_url("/modules/kv-cache/#explorer-memory")


def test_form_without_script_says_what_is_wrong(plain):
    plain.goto("/modules/kv-cache/")
    plain.locator("#explorer-memory").get_by_label("Tokens per conversation (tokens)").fill("-1")
    plain.locator("#explorer-memory").get_by_role("button", name="Compute").click()
    field = plain.get_by_label("Tokens per conversation (tokens)")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("-1 is outside 1,024 tokens to 131,072 tokens.")


def test_tokenizer_shows_the_merges_of_what_is_typed(lab):
    lab.get_by_label("Text").fill("A tokenizer")
    expect(lab.locator(".toks bdi")).to_have_text(["A", "␣tokenizer"])
    expect(lab.locator(".lab-summary")).to_contain_text("2 tokens for 11 characters")
    steps = lab.locator("details", has_text="␣tokenizer").locator(".steps > li")
    expect(steps.first.locator("bdi")).to_have_text(list("␣tokenizer"))
    expect(steps.last.locator("bdi")).to_have_text(["␣tokenizer"])


def test_tokenizer_is_a_form_without_script(plain):
    plain.goto("/modules/tokenization/")
    lab = plain.locator("#explorer-bpe")
    lab.get_by_label("Text").fill("naïve 🙂")
    lab.get_by_role("button", name="Compute").click()
    expect(plain.locator(".lab-summary")).to_contain_text("for 7 characters in 11 bytes")
    expect(plain.get_by_label("Text")).to_have_value("naïve 🙂")


def test_tokenizer_shows_markup_as_text(lab):
    lab.get_by_label("Text").fill("<img src=x onerror=alert(1)>")
    expect(lab.locator(".toks")).to_contain_text("<")
    expect(lab.locator(".toks img")).to_have_count(0)


def test_attention_lab_shows_the_matrix_of_what_is_typed(page):
    page.goto("/modules/attention/")
    lab = page.locator("#explorer-heads")
    lab.get_by_label("Sentence (").fill("one two one")
    expect(lab.locator(".heads-cell")).to_have_count(6)
    expect(lab.locator(".heads-hidden")).to_have_count(3)
    lab.get_by_label("Head (").select_option("2.3")
    expect(lab.locator(".is-chosen th")).to_contain_text("2.3")
    lab.get_by_text("The matrix as a table").click()
    expect(lab.get_by_role("region", name="The matrix as a table").locator("tbody tr td:last-child")).to_have_text(
        ["1.00"] * 3
    )


def test_attention_lab_is_a_form_without_script(plain):
    plain.goto("/modules/attention/")
    lab = plain.locator("#explorer-heads")
    lab.get_by_label("Sentence (").fill("one two one")
    lab.get_by_label("Head (").select_option("1.4")
    lab.get_by_role("button", name="Compute").click()
    expect(plain.locator(".heads-cell")).to_have_count(6)
    expect(plain.get_by_label("Head (")).to_have_value("1.4")
    expect(plain.get_by_label("Sentence (")).to_have_value("one two one")


@pytest.mark.whole_notebook
def test_forward_lab_follows_the_last_token_and_says_when_there_is_none(page):
    page.goto("/modules/forward-pass/")
    lab = page.locator("#explorer-carry")
    lab.get_by_label("Sentence (").fill("one two")
    expect(lab.locator(".tok-followed")).to_have_text("␣two")
    expect(lab.locator(".bars tbody tr")).to_have_count(8)
    lab.get_by_label("Sentence (").fill("")
    expect(lab.get_by_role("alert")).to_contain_text("type a word")


@pytest.mark.whole_notebook
def test_forward_lab_is_a_form_without_script(plain):
    plain.goto("/modules/forward-pass/")
    lab = plain.locator("#explorer-carry")
    lab.get_by_label("Sentence (").fill("one two")
    lab.get_by_role("button", name="Compute").click()
    expect(plain.locator(".tok-followed")).to_have_text("␣two")


@pytest.mark.whole_notebook
def test_optimizers_lab_draws_the_path_of_what_is_chosen(page):
    page.goto("/modules/optimizers/")
    lab = page.locator("#explorer-playground")
    expect(lab.locator(".lab-summary")).to_contain_text(["Adam converges", "SGD converges"])
    lab.get_by_label("Learning rate", exact=True).fill("0.1")
    expect(lab.locator(".lab-summary").last).to_contain_text("SGD diverges")
    lab.get_by_role("combobox", name="Surface").select_option("saddle")
    lab.get_by_role("combobox", name="Against").select_option("nobody")
    expect(lab.locator(".lab-summary")).to_have_text(
        ["Adam converges: from step 62 on, less than a thousandth of the first loss is left."]
    )
    expect(lab.get_by_role("img", name="Paths on the surface saddle")).to_be_visible()


@pytest.mark.whole_notebook
def test_optimizers_lab_is_a_form_without_script(plain):
    plain.goto("/modules/optimizers/")
    lab = plain.locator("#explorer-playground")
    lab.get_by_role("combobox", name="Optimiser").select_option("Sign")
    lab.get_by_role("combobox", name="Against").select_option("nobody")
    lab.get_by_label("Learning rate", exact=True).fill("0.3")
    lab.get_by_role("button", name="Compute").click()
    expect(plain.locator(".lab-summary")).to_contain_text("Sign does not settle")
    expect(plain.get_by_label("Learning rate", exact=True)).to_have_value("0.3")
    expect(plain.get_by_role("combobox", name="Optimiser")).to_have_value("Sign")
