"""Addresses of testimonials."""

from django.urls import path

from gloed.loop.testimonials.views import doing, elsewhere, listing, one, reviews

app_name = "testimonials"
urlpatterns = [
    path("", listing.testimonial_list, name="list"),
    path("new/", listing.new, name="new"),
    path("reviews/", reviews.of_all, name="reviews"),
    path("reviews/<uuid:survey_id>/", reviews.of_survey, name="reviews_of"),
    path("reviews/<uuid:survey_id>/forget/", reviews.forget, name="reviews_forget"),
    path("of-answer/<uuid:answer_id>/", elsewhere.of_answer, name="of_answer"),
    path("<uuid:testimonial_id>/", one.detail, name="one"),
    path("<uuid:testimonial_id>/change/", one.change, name="change"),
    path("<uuid:testimonial_id>/change-back/", doing.change_back, name="change_back"),
    path("<uuid:testimonial_id>/ask/", doing.ask, name="ask"),
    path("<uuid:testimonial_id>/ask-back/", doing.ask_back, name="ask_back"),
    path("<uuid:testimonial_id>/wall/", doing.wall, name="wall"),
    path("<uuid:testimonial_id>/remove/", doing.remove, name="remove"),
    path("<uuid:testimonial_id>/restore/", doing.restore, name="restore"),
]
