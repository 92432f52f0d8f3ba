"""Owners and passwords from the command line."""

import sqlite3

GOOD = "correct horse battery staple\n"
CREATE = ("admin", "create", "--password-stdin", "--email")


def rows(data, sql):
    connection = sqlite3.connect(data / "gloed.sqlite3")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def change(data, sql):
    connection = sqlite3.connect(data / "gloed.sqlite3")
    try:
        connection.execute(sql)
        connection.commit()
    finally:
        connection.close()


def test_an_owner_is_made_with_the_organisation(gloed, installed):
    told = gloed(*CREATE, "Alice@Example.org", "--organisation", "Noord", stdin=GOOD).stdout
    assert "alice@example.org is an owner of the new organisation Noord." in told
    found = rows(
        installed,
        "SELECT s.email, o.name, m.role FROM base_membership m JOIN base_staff s"
        " ON s.id = m.staff_id JOIN base_organisation o ON o.id = m.organisation_id",
    )
    assert found == [("alice@example.org", "Noord", "owner")]
    told = gloed(*CREATE, "alice@example.org", "--organisation", "Zuid").stdout
    assert "The password stays as it was." in told
    assert rows(installed, "SELECT count(*) FROM base_staff") == [(1,)]
    assert rows(installed, "SELECT count(*) FROM base_membership") == [(2,)]
    before = rows(installed, "SELECT password FROM base_staff")
    gloed("admin", "password", "--email", "alice@example.org", "--password-stdin", stdin=GOOD)
    assert rows(installed, "SELECT password FROM base_staff") != before


def test_an_owner_who_was_shut_out_is_let_in_again(gloed, installed):
    gloed(*CREATE, "alice@example.org", "--organisation", "Noord", stdin=GOOD)
    shut = "UPDATE base_membership SET role = 'viewer', deactivated_at = '2026-03-02'"
    change(installed, shut)
    change(installed, "UPDATE base_staff SET is_active = false")
    gloed(*CREATE, "alice@example.org", "--organisation", "Noord")
    found = rows(
        installed,
        "SELECT m.role, m.deactivated_at, s.is_active FROM base_membership m"
        " JOIN base_staff s ON s.id = m.staff_id",
    )
    assert found == [("owner", None, 1)]


def test_a_weak_password_or_a_strange_address_makes_nothing(gloed, installed):
    told = gloed(*CREATE, "a@example.org", "--organisation", "N", stdin="short\n", code=2).stderr
    assert "Nothing was changed." in told
    told = gloed(*CREATE, "nobody", "--organisation", "N", stdin=GOOD, code=2).stderr
    assert "is not an e-mail address" in told
    told = gloed("admin", "create", "--email", "a@example.org", "--organisation", "N", code=2)
    assert "--password-stdin" in told.stderr
    assert rows(installed, "SELECT count(*) FROM base_staff") == [(0,)]
    assert rows(installed, "SELECT count(*) FROM base_organisation") == [(0,)]


def test_who_lost_the_phone_logs_in_with_the_password_alone(gloed, installed):
    gloed(*CREATE, "alice@example.org", "--organisation", "Noord", stdin=GOOD)
    change(
        installed,
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
        " SELECT id, 'totp', '{}', '2026-03-02' FROM base_staff",
    )
    words = ("admin", "password", "--password-stdin", "--email", "alice@example.org")
    assert "has a new password." in gloed(*words, stdin=GOOD).stdout
    assert rows(installed, "SELECT count(*) FROM mfa_authenticator") == [(1,)]
    told = gloed(*words, "--without-second-factor", stdin=GOOD).stdout
    assert "logs in with it alone" in told
    assert rows(installed, "SELECT count(*) FROM mfa_authenticator") == [(0,)]
    trail = "SELECT subject FROM base_auditentry WHERE action = 'staff.second_factor_removed'"
    assert rows(installed, trail) == [("alice@example.org",)]
    assert "alone" not in gloed(*words, "--without-second-factor", stdin=GOOD).stdout


def test_a_stranger_gets_no_password(gloed, installed):
    words = ("admin", "password", "--email", "nobody@example.org", "--password-stdin")
    assert "Nobody here is known" in gloed(*words, stdin=GOOD, code=2).stderr
