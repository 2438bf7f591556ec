from __future__ import annotations

import pytest

from lustrum_plugins.standardise.mail_domains import is_disposable, suggest_domain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gamil.com", "gmail.com"),
        ("gmailc.om", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("gmaill.con", "gmail.com"),
        ("#gmail.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("yahho.com", "yahoo.com"),
        ("comcast.ney", "comcast.net"),
        ("comcast.nry", "comcast.net"),
        ("outlok.com", "outlook.com"),
        ("mail.blue-lamp.ogr", "mail.blue-lamp.org"),
    ],
)
def test_an_obvious_slip_is_suggested(typed: str, meant: str) -> None:
    assert suggest_domain(typed) == meant


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "mail.com",
        "ymail.com",
        "fmail.com",
        "gmail.de",
        "hotmail.fr",
        "yahoo.com.br",
        "aon.com",
        "gmx.fr",
        "gm",
        "blue-lamp.co",
        "blue-lamp.xyz",
        "blue-lamp.abcd",
        "example.рф",
        "",
    ],
)
def test_a_domain_that_may_be_meant_is_left_alone(domain: str) -> None:
    assert suggest_domain(domain) is None


def test_two_domains_equally_near_are_no_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lustrum_plugins.standardise.mail_domains._with_typos", lambda: ("lampa.com", "lampo.com"))
    assert suggest_domain("lampi.com") is None


def test_domains_below_a_throw_away_domain_count() -> None:
    assert is_disposable("x.y.mailinator.com")
    assert not is_disposable("com")
