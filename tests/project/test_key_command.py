"""Keys from the command line."""

GOOD = "correct horse battery staple\n"
OWNER = ("admin", "create", "--password-stdin", "--email", "a@example.org", "--organisation")


def test_a_key_is_made_listed_and_ended(gloed, installed):
    assert "no organisation yet" in gloed("key", "create", code=2).stderr
    gloed(*OWNER, "Noord", stdin=GOOD)
    told = gloed("key", "create", "--name", "checkout", "--scope", "answers:write").stdout
    assert told.startswith("gloed_")
    assert told.count("\n") == 1
    listed = gloed("key", "list").stdout
    assert told[:10] in listed
    assert told.strip() not in listed
    assert "answers:write" in listed
    assert "is no right" in gloed("key", "create", "--scope", "all", code=2).stderr
    assert "opens nothing" in gloed("key", "revoke", told[:10]).stdout
    assert "No living keys" in gloed("key", "revoke", told[:10], code=2).stderr
    gloed(*OWNER, "Zuid", stdin=GOOD)
    assert "Noord, Zuid" in gloed("key", "create", code=2).stderr
