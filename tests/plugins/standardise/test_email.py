from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum_plugins.standardise.email import email
from lustrum_plugins.standardise.email_key import match_key

CELLS = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(["jo", "@", "example.com", "<", ">", '"', "'", " ", ",", ";", "mailto:", "(at)", "."])
    ).map("".join),
)


def code(reply: str | Answer[str] | Failed | None) -> str:
    assert isinstance(reply, Failed), reply
    return reply.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jo.Doe@EXAMPLE.com", "Jo.Doe@example.com"),
        ("  jo@example.com. ", "jo@example.com"),
        ("Jo Doe <jo@example.com>", "jo@example.com"),
        ('"Doe, Jo" <jo@example.com>;', "jo@example.com"),
        ("E-Mail: jo@example.com", "jo@example.com"),
        ("mailto:jo@example.com?subject=Hi", "jo@example.com"),
        ("(jo@example.com)", "jo@example.com"),
        ("jo@example.com>", "jo@example.com"),
        ("'jo@example.com", "jo@example.com"),
        ("o'neill@example.com", "o'neill@example.com"),
        ("jo[at]example[dot]com", "jo@example.com"),
        ("jo＠example.com", "jo@example.com"),
        ("jo@example,com", "jo@example.com"),
        ("jo@example.com / JO@example.com".lower(), "jo@example.com"),
        ("jo@xn--mnchen-3ya.example", "jo@münchen.example"),
    ],
)
def test_what_surrounds_an_address_is_taken_off(text: str, expected: str) -> None:
    assert email(text) == expected


@pytest.mark.parametrize(
    "text", ["jo@example.com.", "Jo <jo@example.com>", "jo@example.com,jo@example.com", " jo@example.com"]
)
def test_without_repair_only_an_address_as_it_stands_is_one(text: str) -> None:
    assert code(email(text, repair=False)) == "not_an_email"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "placeholder"),
        ("n/a", "placeholder"),
        ("test@test.com", "placeholder"),
        ("asdf@asdf.org", "placeholder"),
        ("noemail@example.com", "placeholder"),
        ("jo", "not_an_email"),
        ("jo@", "not_an_email"),
        ("@example.com", "not_an_email"),
        ("jo@@example.com", "not_an_email"),
        ("jo doe@example.com", "not_an_email"),
        ("jo@example", "not_an_email"),
        ("jo@127.0.0.1", "not_an_email"),
        ('"jo doe"@example.com', "not_an_email"),
        ("x" * 65 + "@example.com", "not_an_email"),
        ("jo@example.com ann@example.com", "ambiguous"),
    ],
)
def test_what_is_no_single_address_fails_with_its_code(text: str, expected: str) -> None:
    assert code(email(text)) == expected


def test_several_addresses_are_the_candidates() -> None:
    reply = email("Jo <jo@example.com>, Ann <ann@example.org>")
    assert isinstance(reply, Failed)
    assert reply.candidates == ("jo@example.com", "ann@example.org")


def test_a_typing_error_is_named_and_corrected_only_where_asked_for() -> None:
    assert email("jo@gmial.com") == Answer("jo@gmial.com", reason="did you mean gmail.com?")
    assert email("jo@gmial.com", fix_typos=True) == Answer(
        "jo@gmail.com", reason="domain gmial.com corrected to gmail.com"
    )


def test_a_typing_error_that_breaks_the_address_is_a_candidate() -> None:
    reply = email("jo@gmailcom")
    assert isinstance(reply, Failed)
    assert (reply.code, reply.candidates) == ("not_an_email", ("jo@gmail.com",))
    assert email("jo@gmailcom", fix_typos=True) == Answer(
        "jo@gmail.com", reason="domain gmailcom corrected to gmail.com"
    )


def test_throw_away_mailboxes_fail_only_where_asked_for() -> None:
    assert email("jo@mailinator.com") == "jo@mailinator.com"
    assert code(email("jo@mailinator.com", disposable="fail")) == "disposable"


def test_case_and_script_of_an_address_follow_the_options() -> None:
    assert email("Jo@Example.com", lower_local=True) == "jo@example.com"
    assert email("jo@münchen.example", domain="ascii") == "jo@xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Jo.D.Doe+x@gmail.com", "joddoe@gmail.com"),
        ("jo.doe@googlemail.com", "jodoe@gmail.com"),
        ("jo.doe+x@outlook.com", "jo.doe@outlook.com"),
        ("jo-x@yahoo.com", "jo@yahoo.com"),
        ("jo-x@example.com", "jo-x@example.com"),
        ("jo@ya.ru", "jo@yandex.ru"),
        ("+x@gmail.com", ""),
    ],
)
def test_a_match_key_follows_the_rules_of_the_provider(address: str, key: str) -> None:
    assert match_key(address) == key


@given(CELLS, st.booleans(), st.booleans())
def test_a_second_pass_changes_nothing(text: str, fix_typos: bool, lower: bool) -> None:
    once = email(text, fix_typos=fix_typos, lower_local=lower)
    value = once.value if isinstance(once, Answer) else once
    if isinstance(value, str):
        again = email(value, fix_typos=fix_typos, lower_local=lower)
        assert (again.value if isinstance(again, Answer) else again) == value
