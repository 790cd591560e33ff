"""`make bench`: how fast the notebook is, each figure against a baseline of the same run.

Everything happens in a folder of its own, with its own database; the notebook under .data/ is not touched.
Machines are noisy, so throughput is told as a ratio of medians of alternating rounds, never as a number alone.
`make bench ARGS=first_views` measures one thing alone.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="notebook-bench-") as folder:
        os.environ |= {"NOTEBOOK_DATA": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from bench import report
        from bench.first_view import first_views
        from bench.measure import loading, page_weight, queries, saving, throughput
        from bench.what_ifs import explorers, what_ifs

        steps: list[Callable[[], Iterable[report.Row]]]
        steps = [explorers, what_ifs, saving, page_weight, first_views, throughput, queries]
        chosen = [step for step in steps if step.__name__ in sys.argv[1:]] or steps
        all_hold = True
        for step in (loading, *chosen):
            report.show_progress(step.__name__)
            for row in step():
                report.tell(row)
                all_hold &= row.holds
        return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
