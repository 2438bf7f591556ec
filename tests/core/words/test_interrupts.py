"""An interrupt by a signal is told from one that code raises, whatever passes it on."""

from __future__ import annotations

import _thread
import os
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from lustrum.words.interrupts import is_from_outside


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def raise_it() -> None:
    raise KeyboardInterrupt


def send() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(10)


def ask_main() -> None:
    _thread.interrupt_main()
    while True:
        pass


def handled() -> None:
    def handle(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt(number, frame)

    signal.signal(signal.SIGINT, handle)
    send()


def passed_on(act: Callable[[], None]) -> None:
    try:
        act()
    except KeyboardInterrupt:
        time.sleep(0)
        raise


def named_again(act: Callable[[], None]) -> None:
    try:
        act()
    except KeyboardInterrupt as error:
        raise error  # as some write it


def another(act: Callable[[], None]) -> None:
    try:
        act()
    except KeyboardInterrupt:
        raise KeyboardInterrupt from None


def cleaned_up(act: Callable[[], None]) -> None:
    try:
        act()
    finally:
        time.sleep(0)


@pytest.mark.parametrize("way", [None, passed_on, named_again, another, cleaned_up])
@pytest.mark.parametrize(("act", "outside"), [(raise_it, False), (send, True), (ask_main, True), (handled, True)])
def test_a_signal_is_from_outside_and_a_raise_is_not(
    act: Callable[[], None], outside: bool, way: Callable[[Callable[[], None]], None] | None
) -> None:
    with pytest.raises(KeyboardInterrupt) as error:
        act() if way is None else way(act)
    assert is_from_outside(error.value) is outside


def test_one_that_was_never_raised_is_from_outside() -> None:
    assert is_from_outside(KeyboardInterrupt())
