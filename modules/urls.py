from django.urls import path, re_path
from django.views.decorators.http import require_safe

from modules import feeds, guess_views, number_views, report_views, review_views, views
from modules.shared import shared

# A lesson, or a group of shared numbers, and the number's name in it.
NUMBER = r"(?P<owner_id>[a-z0-9_-]+)/(?P<name>[a-z][a-z0-9_]*)"

app_name = "modules"
urlpatterns = [
    path("modules/<slug:module_id>/", views.module, name="module"),
    path("modules/<slug:module_id>/guess/", guess_views.first, name="guess-first"),
    path("modules/<slug:module_id>/offline.html", views.offline, name="offline"),
    path("modules/<slug:module_id>/explorers/<slug:name>/", views.explorer, name="explorer"),
    re_path(r"^figures/(?P<module_id>[-\w]+)/(?P<name>[a-z0-9-]+\.(svg|png|webp))$", views.figure, name="figure"),
    path("cards/<slug:module_id>.png", views.card, name="card"),
    path("raw/<slug:module_id>.md", views.raw, name="raw"),
    path("failures/", review_views.failures, name="failures"),
    path("failures/<slug:module_id>/<slug:name>/", review_views.failure, name="failure"),
    path("compare/", review_views.compare, name="compare"),
    re_path(
        r"^documents/(?P<module_id>[-\w]+)/(?P<name>[a-z0-9-]+)\.(?P<ending>md|docx)$",
        review_views.document,
        name="document",
    ),
    path("map/", views.lesson_map, name="map"),
    path("focus/<slug:company_id>/", views.focus, name="focus"),
    path("numbers/", number_views.numbers, name="numbers"),
    re_path(rf"^numbers/{NUMBER}/$", number_views.number, name="number"),
    re_path(rf"^numbers/{NUMBER}/guess/$", guess_views.guess, name="guess"),
    re_path(rf"^numbers/{NUMBER}\.json$", number_views.number_json, name="number-json"),
    path("reference/", number_views.reference, name="reference"),
    path("trust/", number_views.trust, name="trust"),
    path("sources/", views.sources, name="sources"),
    path("glossary/", views.glossary, name="glossary"),
    path("report/", report_views.report, name="report"),
    path("report/<str:key>/", report_views.reply, name="reply"),
    path("changelog/", views.changelog, name="changelog"),
    path("changelog.atom", require_safe(shared(feeds.Changelog())), name="changelog-atom"),
]
