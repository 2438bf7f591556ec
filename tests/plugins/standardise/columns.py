"""Both forms of a step held against each other: `python tests/plugins/standardise/columns.py email --values 1000000`.

Takes the cells of a file of leads, and mutations of them. Prints how many of both the vectorised form claims, and of
which it says something else than the function; exit code 1 if there are.
"""

from __future__ import annotations

import argparse
import inspect
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import polars as pl

from lustrum import Answer, Failed, Step
from lustrum_plugins.standardise.city import city
from lustrum_plugins.standardise.company import company
from lustrum_plugins.standardise.country import country
from lustrum_plugins.standardise.email import email
from lustrum_plugins.standardise.text import text as text_step

LEADS = Path(__file__).parents[3] / "fixtures" / "leads.csv"
CHUNK = 20_000
TEXT = "company"
"""The column whose cells are texts, where there is none of the step's name."""
STEPS: Mapping[str, Step[..., Any]] = {
    "email": email,
    "company": company,
    "text": text_step,
    "city": city,
    "country": country,
}
OPTIONS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "email": (
        {},
        {"fix_typos": True, "known_domains": ("lumen.de", "blue-lamp.co.uk", "Ab", "")},
        {"repair": False, "placeholders": "keep"},
        {"lower_local": True, "disposable": "fail", "placeholders": "empty"},
        {"domain": "ascii", "fix_typos": True, "repair": False},
    ),
    "company": (
        {},
        {"legal_form": "standardise"},
        {"legal_form": "remove", "trading_name": "use"},
        {"case": "keep", "trading_name": "drop"},
        {"legal_form": "remove", "case": "keep"},
        {"legal_form": "standardise", "case": "keep"},
    ),
    "city": ({},),
    "country": ({}, {"format": "name"}, {"format": "alpha_3"}),
    "text": (
        {"placeholders": "fail"},
        {"lines": "join", "placeholders": "empty"},
        {"mojibake": "keep", "entities": "read", "unicode": "NFKC"},
    ),
}
SIGNS = " ..@@--,,;:!?'\"()<>[]{}&%_+*/|\\\t\n\xa0\u00ad\u200b\u0301\uff20äßéİıſĳŁКﬁ０Ａ株式会社АО"
OTHERS: Mapping[str, Mapping[str, Sequence[str | None]]] = {
    "city": {
        "country": (None, "US", "Deutschland", "NL", "Belgium", "Canada", "n/a"),
        "state": ("NY", None, "California", "BC", None),
    }
}
"""The other fields that a step reads."""
BITS: Mapping[str, str] = {
    "email": "@|.|..|mailto:|<|>|>;|Jo <| at | (at) |[at]| dot |,com|xn--|&lt;|gmail.com|gmial.com|gmail.con"
    "|googlemail.co|yaho.com|blue-lamp.co.uk|mailinator.com|test|test@test.com|n/a|.test|.co|1|INFO|noemail|?subject=Hi|%40|ö.de",
    "company": " GmbH| AG| Inc.|, inc| LLC| & Co. KG| & co| Ltd| SA| S.A.| s.r.l.| SE|PT | limited| Private| liability"
    "| company| corporation| of | and | THE |und |+|&amp;| joint stock company| Aktiengesellschaft"
    "| (haftungsbeschränkt)| d/b/a | t/a |www.|.com|@|IBM|kpmg |A.B.|x&y|n/a|self|test| 24"
    "|Łódź |ĞI|o'|Mc|-| Pty|株式会社|ООО | 有限公司| בע\"מ| Ε.Π.Ε.|ΟΔΟΣ|Nguyễn |Weiß |李 |Ș| doıng busİness as |dž|ﾡ|…",
    "country": "the |, US| (UK)|/|republic of | island|🇮🇹|n/a|no|Ã©|é|-|d'|CA, |I'm from |, ",
    "text": "  |\n|\r\n|\r|\n\n\n| \n \n |\t|\x1f|&amp;|n/a|test|(|)|…|Ã¼|é|-|?",
    "city": ", NY| NY|10115 |/|(|)| - |Germany|ij|IJ| de | la |'s-|d'|n/a|city|Ã¼|é|-|www.|@|ST.|MC|12| II|*|…",
}
COLUMNS = ("_claimed", "value", "_code", "_message", "_reason", "_candidates")


def mutated(texts: Iterable[str], bits: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Give each text with one to four slips of the hand: signs put in, left out and swapped, case, bits of others."""
    for text in texts:
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
            start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
            new = chance.choice(
                [
                    text[:start] + chance.choice(SIGNS) + text[start:],
                    text[:start] + text[start + 1 :],
                    text[:start] + text[start : start + 1].swapcase() + text[start + 1 :],
                    text[:start] + chance.choice(bits) + text[start:],
                    text[:start] + text[start : start + 2][::-1] + text[start + 2 :],
                    chance.choice((str.upper, str.lower, str.title))(text),
                    text[:start] + text[end:],
                    text + chance.choice(bits),
                    chance.choice(bits) + text,
                ]
            )
            text = new
        if text:
            yield text


def differences(name: str, texts: list[str], options: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Count the texts that the vectorised form claims, and name those of which it says something else."""
    step = STEPS[name]
    assert step.vectorised is not None
    parameters = inspect.signature(step.function).parameters.values()
    defaults = {option.name: option.default for option in parameters if option.kind is option.KEYWORD_ONLY}
    others = {field: list(islice(cycle(values), len(texts))) for field, values in OTHERS.get(name, {}).items()}
    inputs = pl.DataFrame({name: texts, **others}, schema=dict.fromkeys([name, *others], pl.String))
    said = step.vectorised(inputs, **{**defaults, **options})
    cells = [said[column].to_list() if column in said.columns else [None] * len(texts) for column in COLUMNS]
    rows = zip(inputs.rows(), *cells, strict=True)
    claimed = [(given, tuple(word or None for word in words)) for given, sure, *words in rows if sure]
    told = [(given, fast, _told(step(*given, **options))) for given, fast in claimed]
    return len(claimed), [f"{given} {options}: {fast}, not {slow}" for given, fast, slow in told if fast != slow]


def _told(reply: str | Answer[str] | Failed | None) -> tuple[object, ...]:
    if isinstance(reply, Failed):
        return None, reply.code, reply.message, None, list(reply.candidates) or None
    if isinstance(reply, Answer):
        return reply.value or None, None, None, reply.reason or None, list(reply.candidates) or None
    return reply or None, None, None, None, None


def main() -> int:
    """Ask both forms about the cells of a file, and about mutations of them, with each set of options in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("leads", type=Path, nargs="?", default=LEADS)
    parser.add_argument("--values", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    leads = pl.read_csv(asked.leads, infer_schema=False).rename(str.lower)
    field = asked.step if asked.step in leads.columns else TEXT
    cells = cycle(leads[field].drop_nulls().unique(maintain_order=True))
    chance, options = random.Random(asked.seed), OPTIONS[asked.step]  # noqa: S311  # repeatable, not secret
    bits = BITS[asked.step].split("|")
    size = min(CHUNK, asked.values // len(options) // 2)
    tally, otherwise = Counter[str](), list[str]()
    for number in range(asked.values // size // 2):
        plain = list(islice(cells, size))
        for kind, texts in {"as they are": plain, "mutated": list(mutated(plain, bits, chance))}.items():
            claimed, found = differences(asked.step, texts, options[number % len(options)])
            tally.update({f"claimed {kind}": claimed, kind: len(texts)})
            otherwise += found
    shares = [
        f"{tally[kind]:,} {kind}, {tally[f'claimed {kind}'] / tally[kind]:.1%} claimed" for kind in list(tally)[1::2]
    ]
    sys.stdout.write("\n".join([*otherwise[:50], *shares, f"{len(otherwise)} differences", ""]))
    return bool(otherwise)


if __name__ == "__main__":
    sys.exit(main())
