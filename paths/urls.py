from django.urls import path

from paths import views

app_name = "paths"
urlpatterns = [
    path("paths/<slug:path_id>/", views.path, name="path"),
    path("paths/<slug:path_id>/offline.html", views.offline, name="offline"),
]
