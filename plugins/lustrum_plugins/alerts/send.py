"""`send.alert`: tell somebody about a lead."""

from __future__ import annotations

from lustrum import Alert, Skip, Template, step


@step("send.alert")
def alert(*, to: Template, subject: Template, text: Template = "") -> Alert | Skip:
    """Send an alert about a lead to the people who should act.

    Options:

    * `to`: for whom it is: addresses, or a name that you and who delivers the alerts have agreed on. Tokens may stand
      in it: `"{{lead.owner_email:default=sales@acme.example}}"`.
    * `subject`: what it is about, in a few words. Tokens may stand in it, as in `text`.
    * `text`: what there is to say, on as many lines as it takes.

    `to` and `subject` are written on one line: line ends and runs of spaces, as tokens bring them, become one space.
    The text keeps its lines, without empty space around it.

    An alert is an effect: it happens once for a lead and what the tokens show, however often the campaign runs. No
    field is written. lustrum lists the alerts of a run; an observer plugin, or whoever reads the list, delivers them.

    Skips with `empty` where nothing is left of `to`, or of both `subject` and `text`, once their tokens are rendered.

    >>> alert(to="sales@acme.example", subject="Ada  asked for a demo")
    Alert(to='sales@acme.example', subject='Ada asked for a demo', text='')
    >>> alert(to=" ", subject="Ada asked for a demo")
    Skip(reason='empty')
    """
    whom, line, lines = _one_line(to), _one_line(subject), text.strip()
    return Alert(whom, line, lines) if whom and (line or lines) else Skip("empty")


def _one_line(text: str) -> str:
    return " ".join(text.split())
