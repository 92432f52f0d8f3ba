"""Addresses of the explorer."""

from django.urls import path

from gloed.analysis.explorer import views

app_name = "explorer"
urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("views/save/", views.save, name="save"),
    path("views/<uuid:view_id>/delete/", views.delete, name="delete"),
    path("views/<uuid:view_id>/restore/", views.restore, name="restore"),
    path("<slug:name>.csv", views.figure_csv, name="figure_csv"),
    path("<slug:name>.xlsx", views.figure_xlsx, name="figure_xlsx"),
    path("<slug:name>.svg", views.figure_svg, name="figure_svg"),
    path("<slug:name>.png", views.figure_png, name="figure_png"),
]
