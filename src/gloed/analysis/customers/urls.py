"""Addresses of customers over time."""

from django.urls import path

from gloed.analysis.customers.accounts import views as accounts
from gloed.analysis.customers.moves import views as moves
from gloed.analysis.customers.value import file_views as files
from gloed.analysis.customers.value import views as value

app_name = "customers"
urlpatterns = [
    path("", moves.same_people, name="home"),
    path("same-people.csv", moves.flow_csv, name="flow_csv"),
    path("same-people.svg", moves.flow_svg, name="flow_svg"),
    path("same-people/<slug:before>/<slug:after>/", moves.one_way, name="one_way"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts.csv", accounts.accounts_csv, name="accounts_csv"),
    path("accounts/<uuid:account_id>/", accounts.account, name="account"),
    path("value/", value.value, name="value"),
    path("value/still-a-customer.csv", value.curves_csv, name="curves_csv"),
    path("value/still-a-customer.svg", value.curves_svg, name="curves_svg"),
    path("value/list/<slug:which>/", value.value_list, name="value_list"),
    path("value/list/<slug:which>.csv", value.value_list_csv, name="value_list_csv"),
    path("value/files/", files.files, name="files"),
    path("value/files/upload/", files.upload, name="upload"),
    path("value/files/<uuid:file_id>/", files.file, name="file"),
    path("value/files/<uuid:file_id>/decide/", files.decide, name="decide"),
    path("value/files/<uuid:file_id>/undo/", files.undo, name="undo"),
    path("value/files/<uuid:file_id>/redo/", files.redo, name="redo"),
    path("value/files/<uuid:file_id>/discard/", files.discard, name="discard"),
    path("value/files/<uuid:file_id>/match/", files.match, name="match"),
]
