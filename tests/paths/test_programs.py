"""The program of a path: its lessons' files, whole, in the order in which they are built."""

from __future__ import annotations

import io
import subprocess
import sys
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError

from paths.models import LearningPath
from tests.factories import make_file, make_lesson, make_planned
from tests.make import make_path

pytestmark = pytest.mark.django_db

ADDRESS = "/paths/way/agent.zip"


def builds(name, path, code):
    text = f"## In one minute {{#minute}}\n\nSome words.\n\n```python file {path}\n{code}\n```\n"
    return make_lesson(name, body=text)


@pytest.fixture
def path():
    """Two lessons that build two files, in another order than the notebook's; a third builds one of no path."""
    for name in ("one", "two", "three"):
        make_planned(name)
    builds("one", "agent/__main__.py", "from agent.words import HELLO\nimport json\nimport mcp_types\n\nprint(HELLO)")
    builds("two", "agent/words.py", 'HELLO = "hello"')
    builds("three", "agent/aside.py", "x = 1")
    steps = "".join(f"      - {{module: {name}, why: Because of {name}}}\n" for name in ("two", "one"))
    make_file(
        "paths.yaml",
        "paths:\n  - id: way\n    title: A way\n    summary: On.\n    audience: Anyone\n    program: agent\n"
        f"    steps:\n{steps}",
    )


def archive(client):
    response = client.get(ADDRESS)
    assert response["Content-Type"] == "application/zip"
    return ZipFile(io.BytesIO(response.content))


def test_it_unpacks_to_a_package_that_runs(client, path, tmp_path):
    archive(client).extractall(tmp_path)
    folder = tmp_path / "agent"
    (folder / "mcp_types.py").touch()
    done = subprocess.run([sys.executable, "-m", "agent"], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == "hello\n"
    assert {file.name for file in folder.iterdir()} >= {"README.md", "LICENSE", "agent"}


def test_its_readme_tells_what_is_built_where_and_how_to_run_it(client, path):
    readme = archive(client).read("agent/README.md").decode()
    assert readme.index("`agent/words.py`: [Two](") < readme.index("`agent/__main__.py`: [One](")
    assert "/modules/one/#file-agent-main)" in readme
    assert "python -m agent" in readme
    assert "pip install mcp-types\n" in readme
    assert "aside" not in readme


def test_the_same_files_make_the_same_archive(client, path):
    first, second = client.get(ADDRESS), client.get(ADDRESS)
    assert first.content == second.content
    assert client.get(ADDRESS, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_the_path_offers_it_and_each_step_names_its_file(client, path):
    page = client.get("/paths/way/").content.decode()
    assert f'href="{ADDRESS}"' in page
    assert 'href="/modules/two/#file-agent-words"' in page
    assert "python -m agent" in page


def test_lessons_lead_to_the_path_that_offers_it(client, path):
    assert 'href="/programs/agent/"' in client.get("/modules/one/").content.decode()
    assert client.get("/programs/agent/")["Location"] == "/paths/way/#program"
    assert client.get("/programs/other/").status_code == 404


def test_a_path_whose_files_are_not_written_offers_none(client, path):
    LearningPath.objects.get().steps.all().delete()
    assert client.get(ADDRESS).status_code == 404
    assert 'id="program"' not in client.get("/paths/way/").content.decode()


def test_two_paths_do_not_build_one_program(path):
    other = make_path("other")
    other.program = "agent"
    with pytest.raises(ValidationError, match="Another path builds this program"):
        other.full_clean()
