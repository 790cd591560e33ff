"""Rows by the million, made inside Postgres."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import connection

from modules.models import Module


def modules(total: int) -> None:
    """Add planned lessons, 20 a part in their order, until there are `total`."""
    missing = total - Module.objects.count()
    if missing <= 0:
        return
    part = Module.objects.values_list("part", flat=True)[0]
    start = Module.objects.filter(part=part).count()
    Module.objects.bulk_create(
        [
            Module(
                pk=f"filler-{number}", part_id=part, position=start + number, title=f"Filler {number}", summary="Filler"
            )
            for number in range(missing)
        ],
        batch_size=1000,
    )


def events(total: int, reader: User) -> None:
    """Give `reader` a thousand events and other readers the rest of `total`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO auth_user (username, email, password, first_name, last_name,
                                   is_staff, is_active, is_superuser, date_joined)
            SELECT 'other-' || n, 'other-' || n || '@example.org', '!', '', '', false, true, false, now()
            FROM generate_series(1, GREATEST(%s / 1000 - 1, 0)) AS n ON CONFLICT DO NOTHING
            """,
            [total],
        )
        cursor.execute(
            """
            INSERT INTO progress_studyevent (user_id, key, kind, module_id, anchor, drill, question, answer, verdict,
                                              at)
            SELECT u.id, gen_random_uuid(), CASE WHEN n %% 2 = 0 THEN 'opened' ELSE 'completed' END, m.id,
                   '', '', '', '', '', now() - n * interval '1 minute'
            FROM (SELECT id FROM auth_user WHERE id = %s OR username LIKE 'other-%%') AS u
            CROSS JOIN generate_series(1, 1000) AS n
            JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM modules_module) AS m ON m.place = 1 + n %% 84
            WHERE NOT EXISTS (SELECT 1 FROM progress_studyevent AS e WHERE e.user_id = u.id AND e.kind = 'opened')
            """,
            [reader.pk],
        )
        cursor.execute(
            """
            INSERT INTO progress_completion (user_id, module_id, at)
            SELECT DISTINCT ON (user_id, module_id) user_id, module_id, at FROM progress_studyevent
            WHERE kind = 'completed' ON CONFLICT DO NOTHING
            """
        )
        cursor.execute("ANALYZE")
