from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.fields import field_name
from lustrum.words.tokens import NAMESPACES, Token, TokenError, TokenText, parse_text
from lustrum.words.tokens.dates import LONGEST

NAMES = st.text("abcdefgh ", min_size=1, max_size=8).filter(lambda text: text.strip() != "")
DEFAULTS = st.none() | st.text("abc:=. +-1d", max_size=5).map(str.strip)
SHIFTS = st.none() | st.timedeltas(-LONGEST, LONGEST)
TOKENS = st.builds(Token, st.sampled_from(NAMESPACES), NAMES.map(field_name), DEFAULTS, SHIFTS)
LITERALS = st.text("abc {}.", min_size=1, max_size=8).filter(lambda text: not text.strip("abc ."))


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("{{lead.first_name}}", Token("lead", "first_name")),
        ("{{lead.First Name:default=there}}", Token("lead", "first_name", "there")),
        ("{{ lead.First Name : default = there }}", Token("lead", "first_name", "there")),
        ("{{my.Region:default=}}", Token("my", "region", "")),
        ("{{my.region:default=a:b=c}}", Token("my", "region", "a:b=c")),
        ("{{campaign.name}}", Token("campaign", "name")),
        ("{{system.date}}", Token("system", "date")),
        ("{{system.dateTime}}", Token("system", "date_time")),
        ("{{system.datetime}}", Token("system", "date_time")),
        ("{{system.date_time}}", Token("system", "date_time")),
        ("{{trigger.Sent By}}", Token("trigger", "sent_by")),
        ("{{trigger.Date of Activity}}", Token("trigger", "date_of_activity")),
    ],
)
def test_either_spelling_names_the_same_token(text: str, token: Token) -> None:
    assert parse_text(text) == TokenText((token,))


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("{{system.date + 3 days}}", Token("system", "date", shift=timedelta(days=3))),
        ("{{lead.Trial End - 2 weeks}}", Token("lead", "trial_end", shift=timedelta(days=-14))),
        ("{{my.deadline + 1 day:default=never}}", Token("my", "deadline", "never", timedelta(days=1))),
        ("{{my.deadline:default=now + 1 day}}", Token("my", "deadline", "now + 1 day")),
        ("{{trigger.date_of_activity +3d }}", Token("trigger", "date_of_activity", shift=timedelta(days=3))),
        ("{{system.dateTime - 1.5 hours}}", Token("system", "date_time", shift=timedelta(minutes=-90))),
        ("{{lead.day + 0 days}}", Token("lead", "day", shift=timedelta())),
    ],
)
def test_a_length_of_time_after_a_space_is_added(text: str, token: Token) -> None:
    assert parse_text(text) == TokenText((token,))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{lead.E-Mail}}", "e_mail"),
        ("{{lead.Tier-2 status}}", "tier_2_status"),
        ("{{lead.Employer - 2}}", "employer_2"),
        ("{{lead.Call-2nd}}", "call_2nd"),
        ("{{lead.- 3 days}}", "3_days"),
    ],
)
def test_a_sign_in_a_name_is_part_of_it(text: str, name: str) -> None:
    assert parse_text(text) == TokenText((Token("lead", name),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{lead.end+3 days}}", r"without a space; put one on each side of \+; .* write \{\{lead.end_3_days\}\}"),
        ("{{lead.Call - 2nd}}", r'there is no unit "nd".*; for the value named so write \{\{lead.call_2nd\}\}'),
        ("{{lead.end + 3 weekz}}", r'no unit "weekz"; did you mean "week"\?'),
        ("{{lead.end + 3 days - 2 hours}}", "adds more than one length of time; write their sum"),
        ("{{lead.end - 99999 years}}", "leaves the calendar; shift it by less"),
        ("{{system.time + 2 days}}", r"a time of day cannot be shifted; shift \{\{system.date_time\}\} instead"),
        ("{{system.time + 2 hours}}", "a time of day cannot be shifted"),
    ],
)
def test_arithmetic_nobody_can_do_is_refused(text: str, message: str) -> None:
    with pytest.raises(TokenError, match=message):
        parse_text(text)


@pytest.mark.parametrize("text", ["", "no token", "{single} } {", "{ {lead.x} }"])
def test_text_without_double_braces_is_literal(text: str) -> None:
    assert parse_text(text).literal == text
    assert parse_text(text).tokens == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{leed.city}}", r'\{\{leed.city\}\}: there is no namespace leed; did you mean "lead"\?'),
        ("{{webinar.name}}", "there is no namespace webinar; there are lead, my, campaign"),
        ("{{city}}", r"\{\{city\}\} is no token; a token looks like"),
        ("{{}}", "is no token"),
        ("{{lead.}}", "names nothing after the dot"),
        ("{{lead.?!}}", "names nothing after the dot"),
        ("{{lead.? + 3 days}}", "names nothing after the dot"),
        ("{{lead.city:defualt=x}}", "after the colon stands a default"),
        ("{{lead.city:default}}", "after the colon stands a default"),
        ("Hello {{lead.city", r'the braces \{\{ in "Hello \{\{lead.city" are no token; .*space between the braces'),
        ('{"a": {"b": 1}}', r"the braces \}\}"),
        ("{{lead.a {{lead.b}}", "is no token"),
        ("{{{lead.x}}", "there is no namespace"),
    ],
)
def test_double_braces_that_are_no_token_are_refused(text: str, message: str) -> None:
    with pytest.raises(TokenError, match=message):
        parse_text(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{company.Company Name}}", r"write \{\{lead.company_name\}\}: company fields are fields of the lead"),
        ("{{Company.Industry}}", r"write \{\{lead.industry\}\}"),
        ("{{company.}}", r"write \{\{lead.name\}\}"),
        ("{{program.Name}}", r"write \{\{campaign.name\}\} .* or define \{\{my.program_name\}\} under my:"),
        ("{{member.Webinar URL}}", r"write \{\{lead.status_webinar\}\} for the status .*\{\{lead.webinar_url\}\}"),
    ],
)
def test_other_namespaces_of_marketo_are_answered_with_what_to_write_instead(text: str, message: str) -> None:
    with pytest.raises(TokenError, match=f"there is no namespace .*; {message}"):
        parse_text(text)


@given(st.lists(TOKENS | LITERALS, max_size=5))
def test_a_text_written_out_reads_the_same(parts: list[str | Token]) -> None:
    tokens = tuple(part for part in parts if isinstance(part, Token))
    text = "".join(map(str, parts))
    if any(token.shift is not None and (token.namespace, token.name) == ("system", "time") for token in tokens):
        return
    assert str(parse_text(text)) == text
    assert parse_text(text).tokens == tokens


@given(st.text("{}lead.myx:default= +-1", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(TokenError):
        parse_text(text)
