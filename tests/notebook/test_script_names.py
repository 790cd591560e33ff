"""Scripts of ours import each other by names that change with their content."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile

from notebook.storage import StaticFiles

FILES = {
    "js/one.js": 'import { two } from "./parts/two.js";\nimport "./three.js";\n',
    "js/parts/two.js": 'import "../three.js";\nexport const two = 2;\n',
    "js/three.js": 'const said = "from here";\n',
    "other/lib.js": 'const path = import("./nowhere.js"); // from "./nowhere.js"\n',
}


@pytest.fixture
def statics(tmp_path, settings):
    settings.DEBUG = False
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    for name, text in FILES.items():
        storage.save(name, ContentFile(text.encode()))
    results = list(storage.post_process({name: (storage, name) for name in FILES}))
    assert not [result for *_, result in results if isinstance(result, Exception)]
    return storage


def hashed(statics, name):
    return statics.stored_name(name)


def read(statics, name):
    with statics.open(hashed(statics, name)) as file:
        return file.read().decode()


def test_imports_follow_the_hashed_names(statics):
    assert re.fullmatch(r"js/parts/two\.[0-9a-f]{12}\.js", hashed(statics, "js/parts/two.js"))
    assert f'from "./{hashed(statics, "js/parts/two.js").removeprefix("js/")}";' in read(statics, "js/one.js")
    assert f'import "./{hashed(statics, "js/three.js").removeprefix("js/")}";' in read(statics, "js/one.js")
    assert f'import "../{hashed(statics, "js/three.js").removeprefix("js/")}";' in read(statics, "js/parts/two.js")


def test_what_only_looks_like_an_import_stays(statics):
    assert read(statics, "js/three.js") == FILES["js/three.js"]
    assert read(statics, "other/lib.js") == FILES["other/lib.js"]


def test_a_changed_script_gets_a_new_name_and_so_do_those_that_import_it(statics):
    before = hashed(statics, "js/one.js")
    statics.delete("js/three.js")
    statics.save("js/three.js", ContentFile(b"const other = 1;\n"))
    list(statics.post_process({name: (statics, name) for name in FILES}))
    assert hashed(statics, "js/one.js") != before
