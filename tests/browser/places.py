"""Every kind of page that readers meet."""

from __future__ import annotations

LESSONS = ["tokenization", "attention", "kv-cache"]  # what browser tests have, unless they ask for all

FOR_EVERYONE = {
    "home": "/",
    "map": "/map/",
    "live number": "/live/?sequence=16384",
    "live number asked for nonsense": "/live/?sequence=many",
    "tokenization": "/modules/tokenization/",
    "kv-cache": "/modules/kv-cache/",
    "planned lesson": "/modules/compare-failure-modes/",
    "explorer": "/modules/kv-cache/explorers/memory/?sequence=4096",
    "lab": "/modules/tokenization/explorers/bpe/?text=banana",
    "lab with numbers": "/modules/sampling/explorers/bars/?after=it",
    "lab with tensors": "/modules/forward-pass/explorers/carry/?text=a+token+reads+a+token",
    "lab with a matrix": "/modules/attention/explorers/heads/?text=a+token+reads+a+token&head=2.1",
    "path": "/paths/new-to-transformers/",
    "focus": "/focus/anthropic/",
    "numbers": "/numbers/?q=cache",
    "number": "/numbers/kv-cache/cache_long/",
    "guess": "/numbers/kv-cache/cache_long/guess/?in=kv-cache",
    "guess told": "/numbers/kv-cache/cache_long/guess/?in=kv-cache&guess=40",
    "guess revealed": "/numbers/kv-cache/host_link/guess/?reveal=1",
    "drills": "/drill/",
    "drill": "/drill/kv-cache/cache/?seed=7",
    "drill answered": "/drill/kv-cache/cost_per_million/?seed=7&answer=100",
    "report": "/report/?about=kv-cache%3Acache_long",
    "reference": "/reference/",
    "trust": "/trust/",
    "price with a history": "/numbers/deepseek_v4_pro/output/",
    "sources": "/sources/",
    "glossary": "/glossary/",
    "changelog": "/changelog/",
    "search": "/search/",
    "search with results": "/search/?q=cache",
    "dashboard": "/dashboard/",
    "offline": "/offline/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "password reset": "/accounts/password/reset/",
    "nothing": "/no/such/page/",
}
# With a session and some progress.
FOR_READERS = {
    "attention": "/modules/attention/",
    "reader's home": "/",
    "reader's map": "/map/",
    "reader's path": "/paths/new-to-transformers/",
    "reader's dashboard": "/dashboard/",
    "password change": "/accounts/password/change/",
    "e-mail": "/accounts/email/",
    "sessions": "/accounts/sessions/",
    "deletion": "/accounts/delete/",
    "sign-out": "/accounts/logout/",
}
