"""Answers as people and machines write them."""

from hypothesis import strategies as st

ORDINARY = [
    "Vriendelijk personeel, maar veel te duur.",
    "Waiting time was awful and nobody called back!",
    "Ik heb drie weken gewacht; niemand belde terug.",
    "Good price.\n- bad queue\n- nice staff",
    "Die Lieferung war pünktlich, aber der Preis ist zu hoch.",
    "Bel mij op 06-12345678, groeten Jan de Vries",
    "👍👍",
    "",
    "   ",
    "…",
    "I WAITED AND WAITED AND WAITED!!!",
    "mail a.b@c.nl of kijk op https://www.voorbeeld.nl/x?y=1",
]

answers = st.one_of(
    st.sampled_from(ORDINARY),
    st.lists(st.sampled_from(ORDINARY), max_size=4).map(" ".join),
    st.text(max_size=200),
    st.text(alphabet="ab .,;!?'-\n()@0123456789", max_size=120),
)
languages = st.sampled_from(["nl", "en", "de", "fr", "und", "zz"])
