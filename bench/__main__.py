"""`make bench`: how fast the notebook is, each figure against a baseline of the same run.

Everything happens in a folder of its own, with its own database; the notebook under .data/ is not touched.
Machines are noisy, so throughput is told as a ratio of medians of alternating rounds, never as a number alone.
"""

from __future__ import annotations

import os
import sys
import tempfile


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="notebook-bench-") as folder:
        os.environ |= {"NOTEBOOK_DATA": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from bench import measure, report

        results = []
        for step in (
            measure.loading,
            measure.saving,
            measure.page_weight,
            measure.throughput,
            measure.queries,
        ):
            results += step()
            report.show(results)
        return report.finish(results)


if __name__ == "__main__":
    sys.exit(main())
