"""Addresses of promoters."""

from django.urls import path

from gloed.loop.promoters.views import home, referees, referring, trying

app_name = "promoters"
urlpatterns = [
    path("", home.home, name="home"),
    path("people/<uuid:person_id>/", home.person, name="person"),
    path("people/<uuid:person_id>/ask/<slug:kind>/", home.ask, name="ask"),
    path("people/<uuid:person_id>/agreed/", referees.agree, name="agree"),
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
    path("references/", referees.reference_list, name="references"),
    path("references/<uuid:reference_id>/", referees.reference, name="reference"),
    path(
        "references/<uuid:reference_id>/change/",
        referees.change_reference,
        name="change_reference",
    ),
    path("references/<uuid:reference_id>/end/", referees.withdraw, name="withdraw"),
    path("references/uses/<uuid:use_id>/remove/", referees.remove_use, name="remove_use"),
    path("early-access/new/", trying.new, name="new_list"),
    path("early-access/<uuid:list_id>/", trying.early_access, name="early_access"),
    path("early-access/<uuid:list_id>/change/", trying.change, name="change_list"),
    path("early-access/<uuid:list_id>/turn/", trying.turn, name="turn_list"),
    path("early-access/trials/<uuid:trial_id>/move/", trying.move, name="move_trial"),
    path("early-access/trials/<uuid:trial_id>/said/", trying.add_remark, name="add_remark"),
]
