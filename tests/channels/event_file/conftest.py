"""A file is given, looked at and begun, as a colleague does it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gloed.channels.event_file.models import EventFile

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def give(alice):
    """Give a file: `give(text)`; the answer."""

    def upload(text, name="leveringen.csv"):
        given = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
        return alice.post(reverse("event_file:home"), {"file": given}, headers=ENGLISH)

    return upload


@pytest.fixture
def change(alice):
    """Do something with the file: `change("begin", kind="delivery")`."""

    def post(wanted, **more):
        file = EventFile.objects.get()
        columns = {f"column_{role}": place for role, place in file.columns.items()}
        where = reverse("event_file:change", args=[file.public_id])
        return alice.post(where, {"to": wanted, "order": "day", **columns, **more}, headers=ENGLISH)

    return post


@pytest.fixture
def page(alice):
    """What the page of the file says: `page()`."""

    def text():
        where = reverse("event_file:detail", args=[EventFile.objects.get().public_id])
        return alice.get(where, headers=ENGLISH).text

    return text
