"""Every address of the notebook. They never change."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path, re_path

from notebook import offline, twins, views
from notebook.api.index import api
from notebook.mcp import views as mcp_views
from notebook.sitemaps import SITEMAPS

# Editors sign in where readers do: by e-mail address, with attempts counted.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("", include("modules.urls")),
    path("", include("paths.urls")),
    path("", include("progress.urls")),
    re_path(
        r"^(?P<page>index|search|map|numbers|reference|trust|sources|glossary|changelog|compare|exams|failures"
        r"|(?:focus|paths)/[-\w]+|(?:numbers|failures)/[-\w]+/[-\w]+)\.md$",
        twins.page,
        name="twin",
    ),
    path("mcp/", mcp_views.endpoint, name="mcp"),
    path("live/", views.live, name="live"),
    path("search/", views.search, name="search"),
    path("llms.txt", views.llms, name="llms"),
    path("llms-full.txt", views.llms_full, name="llms-full"),
    path("packs/", views.packs, name="packs"),
    path("pack.md", views.pack, name="pack"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
    path("offline/", offline.offline, name="offline"),
    path("healthz", views.healthz, name="healthz"),
    path("api/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
handler404 = "notebook.views.not_found"
handler500 = "notebook.views.server_error"
