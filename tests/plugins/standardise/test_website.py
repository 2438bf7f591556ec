"""`standardise.website`: an address that works, and the domain a company has registered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum_plugins.standardise.site_hosts import host_of, is_everybodys, readable, registrable
from lustrum_plugins.standardise.website import website

CODES = {"placeholder", "ambiguous", "an_email", "shared_site", "not_a_website"}
LABELS = st.from_regex(r"[a-z][a-z0-9]{1,12}", fullmatch=True)
HOSTS = st.builds("{}.{}".format, LABELS, st.sampled_from(["com", "co.uk", "de", "io", "com.au", "co.jp"]))


def written(text: str) -> str | None:
    said = website(text)
    assert isinstance(said, Answer), said
    return said.value["website"]


@given(
    HOSTS, st.sampled_from(["", "www."]), st.sampled_from(["http://", "https://"]), st.sampled_from(["", "/a/b?c=d"])
)
def test_a_canonical_address_is_right_as_it_is(host: str, www: str, scheme: str, path: str) -> None:
    address = f"{scheme}{www}{host}{path}"
    assert written(address) == address


@given(HOSTS)
def test_all_spellings_of_a_host_are_one_site(host: str) -> None:
    spellings = (
        host,
        host.upper(),
        f" {host} ",
        f"//{host}",
        f"<{host}>",
        f"https://{host}/",
        f"https://x:y@{host}:443",
    )
    assert {written(spelling) for spelling in spellings} == {f"https://{host}"}


@given(HOSTS, HOSTS)
def test_two_sites_are_never_made_one(one: str, other: str) -> None:
    said = website(f"{one} {other}")
    assert (one == other) == isinstance(said, Answer)


@given(st.text(max_size=60) | st.text("htps:/.,@ wacmeo#?", max_size=40))
def test_any_text_is_answered_and_a_second_pass_changes_nothing(text: str) -> None:
    said = website(text)
    if isinstance(said, Failed):
        assert said.code in CODES
    else:
        assert isinstance(said, Answer)
        assert written(said.value["website"] or "") == said.value["website"]


def test_secrets_are_never_kept() -> None:
    assert "secret" not in str(website("https://jo:secret@acme.com/x"))


def test_an_archive_of_another_site_is_the_archive() -> None:
    assert (
        written("https://web.archive.org/web/2020/http://acme.com")
        == "https://web.archive.org/web/2020/http://acme.com"
    )


@pytest.mark.parametrize("host", ["linkedin.com", "de.linkedin.com", "gmail.com", "m.facebook.com"])
def test_a_site_for_everybody_is_no_companys(host: str) -> None:
    assert is_everybodys(host)


@pytest.mark.parametrize(
    "text", ["a" * 64 + ".com", ".".join(["a"] * 130) + ".com", "-acme.com", "acme.com-", "..", "\u0300.com"]
)
def test_what_no_name_system_takes_is_no_host(text: str) -> None:
    assert host_of(text) is None


def test_punycode_nobody_can_read_stays() -> None:
    assert readable("xn--a.com") == "xn--a.com"


def test_a_suffix_alone_is_registered_by_nobody() -> None:
    assert registrable("co.uk") is None


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("acme,com", ("acme.com",)),
        ("acme.con", ("acme.com",)),
        ("jo@acme.de", ("acme.de",)),
        ("acme", ()),
        ("jo@gmx.de", ()),
    ],
)
def test_what_was_probably_meant_is_a_candidate(text: str, candidates: tuple[str, ...]) -> None:
    said = website(text)
    assert isinstance(said, Failed)
    assert said.candidates == candidates
