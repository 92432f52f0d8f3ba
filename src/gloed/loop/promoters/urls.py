"""Addresses of promoters."""

from django.urls import path

from gloed.loop.promoters.views import helpers, home, referring, trying

app_name = "promoters"
urlpatterns = [
    path("", home.home, name="home"),
    path("people/<uuid:person_id>/", home.person, name="person"),
    path("people/<uuid:person_id>/ask/<slug:kind>/", home.ask, name="ask"),
    path("people/<uuid:person_id>/agreed/", helpers.agree, name="agree"),
    path("people/<uuid:person_id>/link/", referring.make_link, name="make_link"),
    path("referrals/", referring.referral_list, name="referrals"),
    path("referrals/programme/", referring.programme, name="programme"),
    path("referrals/file/", referring.read_file, name="read_file"),
    path("referrals/file/<uuid:batch>/undo/", referring.undo_file, name="undo_file"),
    path("referrals/<uuid:link_id>/", referring.link, name="link"),
    path("referrals/<uuid:link_id>/customers/", referring.add_conversion, name="add_conversion"),
    path("referrals/<uuid:link_id>/turn/", referring.turn_link, name="turn_link"),
    path(
        "referrals/customers/<uuid:conversion_id>/remove/",
        referring.remove_conversion,
        name="remove_conversion",
    ),
    path("helpers/", helpers.helpers, name="helpers"),
    path("helpers/references/<uuid:reference_id>/", helpers.reference, name="reference"),
    path(
        "helpers/references/<uuid:reference_id>/change/",
        helpers.change_reference,
        name="change_reference",
    ),
    path("helpers/references/<uuid:reference_id>/end/", helpers.withdraw, name="withdraw"),
    path("helpers/references/uses/<uuid:use_id>/remove/", helpers.remove_use, name="remove_use"),
    path("helpers/early-access/new/", trying.new, name="new_list"),
    path("helpers/early-access/<uuid:list_id>/", trying.early_access, name="early_access"),
    path("helpers/early-access/<uuid:list_id>/change/", trying.change, name="change_list"),
    path("helpers/early-access/<uuid:list_id>/turn/", trying.turn, name="turn_list"),
    path("helpers/trials/<uuid:trial_id>/move/", trying.move, name="move_trial"),
    path("helpers/trials/<uuid:trial_id>/said/", trying.add_remark, name="add_remark"),
]
