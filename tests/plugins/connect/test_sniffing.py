from __future__ import annotations

import pytest

from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.sniffing import find_dialect


@pytest.mark.parametrize(
    ("sample", "delimiter", "quote"),
    [
        ("a,b\n1,2\n", ",", '"'),
        ("a;b\n1,5;2,5\n", ";", '"'),
        ("a\tb\n1,5\t2;3\n", "\t", '"'),
        ("a|b\n1|2\n", "|", '"'),
        ('a,b\n"1;2","3;4"\n', ",", '"'),
        ('id;"name, first";mail\n1;"Doe, Jo";x\n2;"Roe, Al";y\n', ";", '"'),
        ("'a','b'\n'1','2'\n", ",", "'"),
        ("a,b\n1,'x, y'\n2,'z, w'\n", ",", "'"),
        ("a,b\n1,'s-Hertogenbosch\n2,O'Hara\n3,'Bob'\n", ",", '"'),
        ("name\nDoe, Jo\nRoe\n", ";", '"'),
        ("email\na@example.com\n", ",", '"'),
        ("a,b,c,d\n1,2,3\n", ",", '"'),
        ("a,b,c\n1,2,3\n\n1,2\n,,,\n", ",", '"'),
        ("a;b;c\n", ";", '"'),
        ("", ",", '"'),
        ("\n\n", ",", '"'),
        ('"a,b\n', ",", '"'),
        ('a,b\n1,"x\n2,y\n', ",", '"'),
    ],
)
def test_the_most_regular_table_wins(sample: str, delimiter: str, quote: str) -> None:
    assert find_dialect(sample, whole=True) == Dialect(delimiter, quote)


def test_a_record_cut_off_at_the_end_of_the_sample_does_not_count() -> None:
    assert find_dialect('a,b;c\n1,2;3\n4,"5', whole=False) == Dialect(",", '"')


def test_what_is_declared_is_not_searched() -> None:
    assert find_dialect("a;b\n", whole=True, delimiters=[","]) == Dialect(",", '"')
    assert find_dialect("a;b\n", whole=True, quotes=["'"]) == Dialect(";", "'")
    assert find_dialect("a;b\n", whole=True, delimiters=["x"], quotes=["y"]) == Dialect("x", "y")
