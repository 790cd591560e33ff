from django.urls import path

from paths import views

app_name = "paths"
urlpatterns = [
    path("paths/<slug:path_id>/", views.path, name="path"),
    path("paths/<slug:path_id>/offline.html", views.offline, name="offline"),
    path("paths/<slug:path_id>/<slug:program>.zip", views.program, name="program"),
    path("programs/<slug:program>/", views.program_page, name="program-page"),
]
