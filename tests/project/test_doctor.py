"""The doctor: what is wrong, and how to mend it."""

import json
import sqlite3
import threading
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer


def findings(gloed, code=0, **settings):
    told = json.loads(gloed("doctor", "--json", code=code, **settings).stdout)
    return {finding["name"]: finding for finding in told["findings"]}


class Mailer(StreamRequestHandler):
    """As much of a mail server as a knock on the door needs."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            ended = line.upper().startswith(b"QUIT")
            self.wfile.write(b"221 bye\r\n" if ended else b"250 fine\r\n")
            if ended:
                return


@contextmanager
def mail_server():
    with ThreadingTCPServer(("127.0.0.1", 0), Mailer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


SENDER = {
    "GLOED_MAIL_FROM": "Gloed <vraag@gloed.example>",
    "GLOED_BASE_URL": "https://gloed.example",
}


def test_a_fresh_installation_is_well(gloed, installed):
    with mail_server() as port:
        server = f"smtp+plain://127.0.0.1:{port}"
        found = findings(gloed, EMAIL_URL=server, **SENDER)
        doubtful = findings(gloed, EMAIL_URL=server)
        open_ = findings(gloed, EMAIL_URL=server, **SENDER | {"GLOED_BASE_URL": "http://a.nl"})
    assert "GLOED_MAIL_FROM" in doubtful["Mail"]["mend"]
    assert "GLOED_BASE_URL" in open_["Mail"]["mend"]
    things = (
        "Settings, Data folder, Signing key, Disk, Database, Tables, Clock, Worker, Jobs, Figures"
        ", Mail"
    )
    states = {name: finding["state"] for name, finding in found.items()}
    assert states == dict.fromkeys(things.split(", "), "good")


def test_every_illness_is_told_with_its_cure(gloed, installed):
    (installed / "secret_key").chmod(0o644)
    with sqlite3.connect(installed / "gloed.sqlite3") as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    connection.close()
    found = findings(gloed, code=1, EMAIL_URL="smtp+plain://me:hunter2@127.0.0.1:9")
    bad = {name: finding["mend"] for name, finding in found.items() if finding["state"] == "bad"}
    assert bad.keys() == {"Signing key", "Tables", "Mail"}
    assert "chmod 600" in bad["Signing key"]
    assert bad["Tables"] == "gloed prepare"
    assert "hunter2" not in json.dumps(found)


def test_work_that_nobody_does_is_noticed(gloed, installed):
    with sqlite3.connect(installed / "gloed.sqlite3") as connection:
        connection.execute(
            "INSERT INTO base_job (public_id, kind, payload, state, run_at, attempts, max_attempts,"
            " leased_by, progress_done, problem, created_at) VALUES ('a', 'base.clean_up', '{}',"
            " 'waiting', '2026-01-01', 0, 8, '', 0, '', '2026-01-01')"
        )
    connection.close()
    found = findings(gloed, code=1)
    assert found["Worker"]["state"] == "bad"
    assert "gloed serve" in found["Worker"]["mend"]


def test_a_bad_setting_is_the_first_thing_told(gloed):
    found = findings(gloed, code=1, GLOED_WORKERS="none")
    assert found.keys() == {"Settings"}
    assert "GLOED_WORKERS" in found["Settings"]["found"]


def test_a_database_that_is_away_is_told(gloed):
    found = findings(gloed, code=1, DATABASE_URL="postgresql://me:hunter2@127.0.0.1:9/gloed")
    assert found["Database"]["state"] == "bad"
    assert "hunter2" not in json.dumps(found)
    assert "DATABASE_URL" in found["Database"]["mend"]


def test_without_json_it_reads_like_a_list(gloed, installed):
    told = gloed("doctor").stdout
    assert "ok   Database: SQLite can be written" in told
