"""The tools, resources and prompts that an assistant sees.

Each tool reads in the thread of the request, as all that reads rows does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations
from pydantic import Field

from notebook.mcp import own, tools

P = ParamSpec("P")
R = TypeVar("R")

INSTRUCTIONS = """Every Number is a study notebook on transformers, training, inference, agents and design reviews. \
Every number in it has an id such as `kv-cache:kv_per_token` and a defence: a source with its place, a formula over \
other numbers, or a reason. Quote these ids. Before you state a number on these subjects, look it up; if the notebook \
does not have it, say so. `search` first, then `read_lesson` by section to save tokens."""

READ = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

LESSON = Annotated[str, Field(description="A lesson's id, such as kv-cache", max_length=80)]
NUMBER = Annotated[
    str, Field(description="A number's id, such as kv-cache:kv_per_token or llama3_70b.layers", max_length=120)
]
WHAT_IF = Annotated[
    str, Field(description="Other values, such as gpus:16,sequence:32768 token; empty: as written", max_length=400)
]


def make() -> MCPServer[Any]:
    """Return the server; making one costs a few milliseconds, so that each request may have its own."""
    server: MCPServer[Any] = MCPServer(
        name="every-number",
        title="Every Number",
        description="A study notebook in which every number is defended",
        instructions=INSTRUCTIONS,
        website_url=settings.SITE_URL,
        version="1",
        log_level="WARNING",
        subscriptions=False,
    )
    _add_tools(server)
    _add_own_tools(server)
    _add_resources(server)
    _add_prompts(server)
    return server


async def _ask(read: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return await sync_to_async(read, thread_sensitive=True)(*args, **kwargs)


def _add_tools(server: MCPServer[Any]) -> None:
    @server.tool(title="Search the notebook", annotations=READ)
    async def search(
        query: Annotated[str, Field(description="Some words", max_length=200)],
        limit: Annotated[int, Field(description="Hits of each kind at most", ge=1, le=20)] = 5,
    ) -> list[dict[str, Any]]:
        """Find lessons, numbers, terms, sources and paths by words."""
        return await _ask(tools.search, query, limit)

    @server.tool(title="List the lessons", annotations=READ)
    async def lessons() -> list[dict[str, Any]]:
        """List every lesson in order, with its id, part, summary and minutes."""
        return await _ask(tools.lessons)

    @server.tool(title="Read a lesson", annotations=READ, structured_output=False)
    async def read_lesson(
        lesson: LESSON,
        section: Annotated[
            str, Field(description="An anchor such as derivation, worked or numbers; empty: all of it", max_length=120)
        ] = "",
        with_answers: Annotated[bool, Field(description="False to examine somebody without spoiling")] = True,
        what_if: WHAT_IF = "",
    ) -> str:
        """Read a lesson or one section of it as Markdown, with numbers, formulas, sources and questions."""
        return await _ask(tools.read_lesson, lesson, section, with_answers, what_if)

    @server.tool(title="A number with its defence", annotations=READ)
    async def number(number: NUMBER) -> dict[str, Any]:
        """Get a number: its value, formula or source, what it rests on, what rests on it, and its history."""
        return await _ask(tools.number, number, "")

    @server.tool(title="What if an input were another?", annotations=READ)
    async def what_if(
        number: NUMBER,
        changes: Annotated[
            str, Field(description="Numbers and values, such as sequence:32768 token,value_size:1 B", max_length=400)
        ],
    ) -> dict[str, Any]:
        """Compute a number with other inputs, and what it is as written."""
        return await _ask(tools.number, number, changes)

    @server.tool(title="List the guided paths", annotations=READ)
    async def paths() -> list[dict[str, Any]]:
        """List the guided paths with their lessons in order."""
        return await _ask(tools.paths)

    @server.tool(title="Quiz me", annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
    async def quiz(
        lesson: Annotated[str, Field(description="Of this lesson only", max_length=80)] = "",
        part: Annotated[str, Field(description="Of this part only, such as inference", max_length=80)] = "",
        stars: Annotated[int, Field(description="Of this difficulty only; 0: any", ge=0, le=3)] = 0,
        seed: Annotated[int | None, Field(description="The same question each time", ge=0)] = None,
    ) -> dict[str, Any]:
        """Draw an interview question without its answer. Let the learner answer before you call `model_answer`."""
        return await _ask(tools.question, lesson, part, stars, seed)

    @server.tool(title="The model answer of a question", annotations=READ)
    async def model_answer(
        question: Annotated[str, Field(description="The id that `quiz` gave", max_length=120)],
    ) -> dict[str, Any]:
        """Get the model answer and the rubric of a question that was asked."""
        return await _ask(tools.answer, question)

    @server.tool(title="Check an answer", annotations=READ)
    async def check(
        text: Annotated[str, Field(description="An answer with numbers in it", min_length=1, max_length=20_000)],
    ) -> dict[str, Any]:
        """Hold the numbers of a text against the ledger: each agrees, contradicts (by what ratio) or is unknown."""
        return await _ask(tools.check, text)

    @server.tool(title="How systems fail", annotations=READ)
    async def failure_modes(
        system: Annotated[str, Field(description="A system's name, such as ChatGPT", max_length=60)] = "",
        lever: Annotated[str, Field(description="route, restore, shed, cut or stop", max_length=10)] = "",
    ) -> list[dict[str, Any]]:
        """List failure modes of real systems: symptom, detection, escalation, rollback."""
        return await _ask(tools.failure_modes, system, lever)


def _add_own_tools(server: MCPServer[Any]) -> None:
    """Add what needs the token of a reader; recording needs one that may."""

    @server.tool(title="My progress", annotations=READ)
    async def my_progress() -> dict[str, Any]:
        """Get the reader's completed lessons, what is under way, and how far each path is. Needs their token."""
        return await _ask(own.progress)

    @server.tool(title="What next?", annotations=READ)
    async def what_next() -> dict[str, Any]:
        """Get the lesson the reader should go on with, and why. Needs their token."""
        return await _ask(own.next_lesson)

    @server.tool(title="What is due?", annotations=READ)
    async def what_is_due() -> dict[str, Any]:
        """Get the questions the reader was asked and should be asked again by now. Needs their token."""
        return await _ask(own.due)

    @server.tool(title="Weak topics", annotations=READ)
    async def weak_topics() -> dict[str, Any]:
        """Get the reader's grades, where they lose points, and numbers to drill again. Needs their token."""
        return await _ask(own.weak_topics)

    @server.tool(
        title="Record an answer",
        annotations=ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False),
    )
    async def record_answer(
        question: Annotated[str, Field(description="The id that `quiz` gave", max_length=120)],
        said: Annotated[
            list[int] | None, Field(description="The lines of the rubric that were said, from 1; empty for none")
        ] = None,
        number: Annotated[str | None, Field(description="Or the number answered, with its unit", max_length=60)] = None,
    ) -> dict[str, Any]:
        """Record what the reader answered, only if they asked you to. Needs a token of theirs that may record."""
        return await _ask(own.record, question, said, number)


def _add_resources(server: MCPServer[Any]) -> None:
    @server.resource("notebook://lessons/{lesson}", title="A lesson", mime_type="text/markdown")
    async def lesson(lesson: str) -> str:
        """A lesson as Markdown."""
        return await _ask(tools.read_lesson, lesson, "", True, "")

    @server.resource("notebook://numbers/{owner}/{name}", title="A number", mime_type="application/json")
    async def number(owner: str, name: str) -> dict[str, Any]:
        """A number with its defence."""
        return await _ask(tools.number, f"{owner}:{name}", "")


def _add_prompts(server: MCPServer[Any]) -> None:
    @server.prompt(title="Tutor")
    def tutor(lesson: str) -> str:
        """Study a lesson with somebody who derives before they state."""
        return (
            f"Read the lesson `{lesson}` with read_lesson, section by section. Teach it to me: ask what I know, derive "
            "each result before you state it, quote the ids of the numbers you use, and let me compute one number "
            "myself in every section before you go on."
        )

    @server.prompt(title="Examiner")
    def examiner(lesson: str) -> str:
        """Be examined on a lesson, one question at a time."""
        return (
            f"Examine me on `{lesson}`. Call quiz for this lesson and put the question to me without the answer. When "
            "I have answered, call model_answer, say which lines of the rubric I met and which I missed, and grade me: "
            "full, partly or missed. Then the next one, a harder one if I did well."
        )

    @server.prompt(title="Design-review opponent")
    def opponent(design: str) -> str:
        """Have a design attacked by somebody who checks every number."""
        return (
            "Attack this design as a principal engineer in a review. For each number in it, look up what the notebook "
            "says (search, number, what_if) and name the id; ask for every missing percentile, peak, price and date; "
            f"bring the two failure modes (failure_modes) that it has no answer to.\n\n{design[:8000]}"
        )
