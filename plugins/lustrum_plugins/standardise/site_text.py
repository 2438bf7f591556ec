"""Finding the addresses of web sites in what people write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.site_hosts import host_of

_LONGEST = 2048
_AROUND = "<>()[]{}\"'“”„«»`|,;!*.:"
_APART = re.compile(r"[\s|;]+")
_SCHEME = re.compile(r"(?<![^\W_])(?:h+t{1,3}p+(s?)\s*(?:[:;]+\s*[/\\]*|[/\\]+:*[/\\]*))+", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))", re.IGNORECASE)
_HOST = re.compile(r"(?:[^/?#@\\]*@)?(\[[^\]]*\]|[^/?#:\\]*)(?::(\d*))?(.*)", re.DOTALL)
_TRACKING = re.compile(
    r"utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|li_fat_id|yclid|igshid|mc_cid|mc_eid|_hs\w+|_ga|mkt_tok",
    re.IGNORECASE,
)
_USUAL_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Site:
    """The address of a site in its parts; `host` as the name system writes it, `rest` from the first slash on."""

    scheme: str
    host: str
    port: str
    rest: str

    def written(self, host: str) -> str:
        """Write the whole address with its host in these letters."""
        port = f":{self.port}" if self.port and self.port != _USUAL_PORTS[self.scheme] else ""
        return f"{self.scheme}://{host}{port}{self.rest}"

    @property
    def bare(self) -> Site:
        """The address without a path, with which two spellings of one site agree."""
        return replace(self, scheme="https", host=self.host.removeprefix("www."), rest="")


def sites_in(text: str) -> list[Site]:
    """Find the addresses in a text, each once.

    >>> [site.written(site.host) for site in sites_in("Acme.com/ or http:/www.beta.de?gclid=1")]
    ['https://acme.com', 'http://www.beta.de']
    >>> sites_in("acme"), sites_in("jo@acme.com")
    ([], [])
    """
    plain = _SCHEME.sub(lambda found: f"http{found[1].lower()}://", one_line(text))
    found = [site for piece in _pieces(plain) if (site := _site(piece.strip(_AROUND)))]
    return list({site.bare: site for site in reversed(found)}.values())[::-1]


def _pieces(text: str) -> Iterator[str]:
    for piece in _APART.split(text):
        yield from [piece] if "/" in piece.partition(",")[0].partition("://")[2] else piece.split(",")


def _site(piece: str) -> Site | None:
    scheme, slashes, rest = piece.partition("://") if piece.startswith("http") else ("", "", piece.removeprefix("//"))
    if not slashes and (_OTHER_SCHEME.match(rest) or "@" in rest.partition("/")[0]):
        return None
    read = _HOST.fullmatch(rest)
    host = host_of(unicodedata.normalize("NFKC", read[1])) if read and len(piece) <= _LONGEST else None
    if read is None or host is None:
        return None
    port = read[2] or ""
    return Site(scheme or ("http" if port == _USUAL_PORTS["http"] else "https"), host, port, _path(read[3]))


def _path(rest: str) -> str:
    """Leave of a path and query what leads to another page: no fragment, no tracking, no lonely slash."""
    page, _, _ = rest.replace("\\", "/").partition("#")
    path, _, query = page.partition("?")
    kept = "&".join(each for each in query.split("&") if each and not _is_tracking(each))
    if kept:
        return f"{path or '/'}?{kept}"
    return "" if path == "/" else path


def _is_tracking(parameter: str) -> bool:
    name = next((name for name, _ in parse_qsl(parameter, keep_blank_values=True)), "")
    return bool(_TRACKING.fullmatch(name))
