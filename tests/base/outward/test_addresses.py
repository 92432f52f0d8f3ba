"""Which addresses may be called; every way a private one is dressed up as another is refused."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.base.outward import BadAddress, Refusal, read_address, read_allowed
from gloed.base.outward.addresses import check_addresses, is_public

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"]
PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",  # the metadata service of a cloud
    "100.64.0.1",  # shared by a provider's customers (RFC 6598)
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2002:a00:1::1",
    "2001:0:7f00:1::",  # Teredo
]


@pytest.mark.parametrize("text", PUBLIC)
def test_the_open_internet_is_public(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_private_is_not_public_however_it_is_written(text):
    assert not is_public(ip_address(text))


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_never_makes_it_public(address):
    if not is_public(address):
        assert not is_public(ip_address(f"::ffff:{address}"))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.org/", Refusal.NOT_HTTPS),
        ("https://name:secret@example.org/", Refusal.HAS_LOGIN),
        ("https://example.org:22/", Refusal.PORT),
        ("https://example.org:80/", Refusal.PORT),
        ("ftp://example.org/", Refusal.UNREADABLE),
        ("file:///etc/passwd", Refusal.UNREADABLE),
        ("gopher://example.org/", Refusal.UNREADABLE),
        ("https://", Refusal.UNREADABLE),
        ("https://example.org:99999/", Refusal.UNREADABLE),
        ("https://example.org/a b", Refusal.UNREADABLE),
        ("https://example.org/a\r\nHost: other", Refusal.UNREADABLE),
        ("https://[::1/", Refusal.UNREADABLE),
        ("https://example.org\\@127.0.0.1/", Refusal.UNREADABLE),
        ("https://bücher.example/", Refusal.UNREADABLE),
        ("https://example.org/" + 5000 * "a", Refusal.UNREADABLE),
    ],
)
def test_an_address_that_is_not_called_says_why(url, reason):
    with pytest.raises(BadAddress) as refusal:
        read_address(url)
    assert refusal.value.reason is reason
    assert "secret" not in str(refusal.value)


def test_an_address_is_read_into_its_parts():
    found = read_address("https://Example.ORG.:8443/a/b?c=d#e")
    assert (found.host, found.port, found.target) == ("example.org", 8443, "/a/b?c=d")
    assert found.host_header == "example.org:8443"
    assert read_address("https://[2606:2800::1]/").host_header == "[2606:2800::1]"


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    place = read_address("https://example.org/")
    check_addresses(place, [ip_address("93.184.216.34")])
    with pytest.raises(BadAddress) as refusal:
        check_addresses(place, [ip_address("93.184.216.34"), ip_address("10.0.0.1")])
    assert refusal.value.reason is Refusal.PRIVATE
    with pytest.raises(BadAddress) as refusal:
        check_addresses(place, [])
    assert refusal.value.reason is Refusal.NO_HOST


def test_what_is_written_down_may_be_called_and_nothing_beside_it():
    allowed = read_allowed(["chat.intranet", "10.1.0.0/16", "127.0.0.1:9000", " "])
    for url in ("http://chat.intranet/", "http://chat.intranet:81/", "http://127.0.0.1:9000/x"):
        assert read_address(url, allowed).is_allowed
    for url in ("http://127.0.0.1:9001/", "http://other.intranet/"):
        with pytest.raises(BadAddress):
            read_address(url, allowed)
    named = read_address("http://chat.intranet/", allowed)
    check_addresses(named, [ip_address("192.168.7.7")], allowed)
    by_network = read_address("https://elsewhere.example/", allowed)
    check_addresses(by_network, [ip_address("10.1.2.3")], allowed)
    with pytest.raises(BadAddress):
        check_addresses(by_network, [ip_address("10.2.0.1")], allowed)


@pytest.mark.parametrize("text", ["169.254.169.254", "224.0.0.1", "0.0.0.0"])
def test_a_name_that_is_written_down_never_leads_to_a_metadata_service(text):
    allowed = read_allowed(["chat.intranet"])
    with pytest.raises(BadAddress):
        check_addresses(read_address("http://chat.intranet/", allowed), [ip_address(text)], allowed)


@pytest.mark.parametrize("text", ["a b", "https://example.org", "name/24", "x:y", "u@h"])
def test_what_cannot_be_an_allowed_place_is_refused(text):
    with pytest.raises(ValueError, match="is no host"):
        read_allowed([text])
