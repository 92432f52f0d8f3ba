"""Settings: each documented, read strictly, and refused with a hint."""

import re
import stat
from pathlib import Path

import pytest

from gloed.project.configuration import SETTINGS, BadSetting, load, secret_key

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"

BAD = [
    ("DATABASE_URL", "mysql://localhost/gloed"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "postgresql://localhost"),
    ("DATABASE_URL", "postgresql://localhost:many/gloed"),
    ("ANALYSIS_URL", "snowflake://house"),
    ("EMAIL_URL", "mail.example.org"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "smtp://mail.example.org:99999"),
    ("GLOED_MAIL_FROM", "Gloed"),
    ("GLOED_MAIL_PER_MINUTE", "many"),
    ("GLOED_MAIL_PROVIDER", "pigeon"),
    ("GLOED_MAIL_EVENTS_SECRET", "short"),
    ("GLOED_OUTWARD_HOSTS", "https://example.org/path"),
    ("GLOED_LANGUAGE_MODEL_URL", "localhost:11434"),
    ("GLOED_LANGUAGE_MODEL", "a model"),
    ("GLOED_LANGUAGE_MODEL_SECONDS", "0"),
    ("GLOED_BASE_URL", "gloed.example.org"),
    ("GLOED_BASE_URL", "https://"),
    ("GLOED_BASE_URL", "https://example.org/gloed"),
    ("GLOED_BASE_URL", "http://[::1"),
    ("GLOED_DEBUG", "perhaps"),
    ("GLOED_TIME_ZONE", "Europe/Atlantis"),
    ("GLOED_TIME_ZONE", "../etc/passwd"),
    ("GLOED_LANGUAGE", "fr"),
    ("GLOED_WEB_PROCESSES", "0"),
    ("GLOED_WEB_THREADS", "many"),
    ("GLOED_WORKERS", "-1"),
    ("GLOED_UPLOAD_MEGABYTES", "1.5"),
    ("GLOED_TRUST_PROXY", "maybe"),
    ("GLOED_LOG_LEVEL", "loud"),
]
ANYTHING_GOES = {
    "GLOED_DATA",
    "GLOED_ALLOWED_HOSTS",
    "GLOED_LANGUAGE_MODEL_KEY",
    "GLOED_SECRET_KEY",
}


@pytest.fixture
def given(tmp_path):
    """Settings of a data folder of its own: `given(GLOED_DEBUG="true")`."""

    def read(**settings):
        return load({"GLOED_DATA": str(tmp_path), **settings})

    return read


def test_every_setting_has_a_heading_with_its_default():
    text = REFERENCE.read_text(encoding="utf-8")
    sections = dict(
        re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    )
    assert list(sections) == [setting.name for setting in SETTINGS]
    for setting in SETTINGS:
        shown = f"`{setting.default}`" if setting.default else "empty"
        assert f"Default: {shown}." in sections[setting.name], setting.name


def test_every_setting_is_tried_with_a_bad_value():
    assert {name for name, _value in BAD} | ANYTHING_GOES == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_with_its_name_and_a_hint(name, value, given):
    with pytest.raises(BadSetting, match=rf"^{name}: .+ cannot be used; write .+\.$"):
        given(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://me:p%40ss@127.0.0.1:5432/gloed"),
        ("DATABASE_URL", "postgres://me@[::1]/gloed?sslmode=require"),
        ("DATABASE_URL", "sqlite:////srv/gloed/record.sqlite3"),
        ("ANALYSIS_URL", "duckdb://?threads=2&memory=512MB"),
        ("ANALYSIS_URL", "sc://localhost:15002"),
        ("EMAIL_URL", "smtp+plain://localhost"),
        ("GLOED_BASE_URL", "http://[::1]:8000"),
    ],
)
def test_a_good_value_is_taken_as_it_is(name, value, given):
    assert given(**{name: value})[name] == value


def test_the_defaults_can_be_used(given):
    values = given()
    assert values["GLOED_WEB_THREADS"] == 8
    assert values["ANALYSIS_URL"] == "duckdb://"
    assert values["GLOED_DEBUG"] is False


def test_an_address_loses_its_last_stroke(given):
    values = given(GLOED_BASE_URL="https://feedback.example.org/")
    assert values["GLOED_BASE_URL"] == "https://feedback.example.org"


def test_a_secret_is_never_repeated(given):
    with pytest.raises(BadSetting) as refusal:
        given(DATABASE_URL="mysql://me:hunter2@host/name")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("secret", ["", "a-key-that-is-no-password", "name:short-one-x"])
def test_news_of_a_provider_need_a_proof(secret, given):
    with pytest.raises(BadSetting, match=r"^GLOED_MAIL_EVENTS_SECRET: .+\.$"):
        given(GLOED_MAIL_PROVIDER="postmark", GLOED_MAIL_EVENTS_SECRET=secret)
    assert given(GLOED_MAIL_PROVIDER="mailgun", GLOED_MAIL_EVENTS_SECRET="k" * 32)
    assert given(GLOED_MAIL_PROVIDER="postmark", GLOED_MAIL_EVENTS_SECRET="n:" + "k" * 16)


def test_an_unknown_setting_is_refused_with_the_nearest_one(given):
    with pytest.raises(BadSetting, match="did you mean GLOED_WORKERS"):
        given(GLOED_WORKER="2")
    with pytest.raises(BadSetting, match=r"settings\.md"):
        given(GLOED_XYZZY="2")


def test_others_settings_are_left_alone(given):
    given(PATH="/bin", DJANGO_DEBUG="1")


class TestFile:
    def test_settings_come_from_the_file_and_the_environment_wins(self, tmp_path, given):
        (tmp_path / "gloed.env").write_text(
            "# ours\n\nGLOED_WORKERS=3\nGLOED_LANGUAGE = nl\n", encoding="utf-8"
        )
        values = given(GLOED_WORKERS="5")
        assert (values["GLOED_WORKERS"], values["GLOED_LANGUAGE"]) == (5, "nl")

    @pytest.mark.parametrize("line", ["GLOED_WORKER=2", "just words", "PATH=/bin"])
    def test_a_strange_line_is_refused_with_its_number(self, tmp_path, given, line):
        (tmp_path / "gloed.env").write_text(f"GLOED_WORKERS=3\n{line}\n", encoding="utf-8")
        with pytest.raises(BadSetting, match="line 2"):
            given()

    def test_a_secret_may_stand_in_a_file_of_its_own(self, tmp_path, given):
        (tmp_path / "key").write_text("very secret\n", encoding="utf-8")
        values = given(GLOED_SECRET_KEY_FILE=str(tmp_path / "key"))
        assert values["GLOED_SECRET_KEY"] == "very secret"

    def test_a_secret_file_that_is_missing_is_refused(self, tmp_path, given):
        with pytest.raises(BadSetting, match="GLOED_SECRET_KEY_FILE"):
            given(GLOED_SECRET_KEY_FILE=str(tmp_path / "absent"))


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    data = tmp_path / "data"
    key = secret_key(data)
    assert len(key) >= 50
    assert secret_key(data) == key
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_language_model_needs_address_and_name(given):
    address = "http://127.0.0.1:11434/v1"
    with pytest.raises(BadSetting, match=r"^GLOED_LANGUAGE_MODEL: .+\.$"):
        given(GLOED_LANGUAGE_MODEL_URL=address)
    with pytest.raises(BadSetting, match=r"^GLOED_LANGUAGE_MODEL_URL: .+\.$"):
        given(GLOED_LANGUAGE_MODEL="llama3.1:8b")
    assert given(GLOED_LANGUAGE_MODEL_URL=address, GLOED_LANGUAGE_MODEL="llama3.1:8b")
