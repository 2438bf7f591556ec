"""The web site of a lead's company."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.email_key import read_address
from lustrum_plugins.standardise.mail_domains import is_free, suggest_domain
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.site_hosts import host_of, is_address_of_machine, is_everybodys, readable, registrable
from lustrum_plugins.standardise.site_text import Site, sites_in

Part = Literal["website", "website_domain"]
Letters = Literal["unicode", "ascii"]


@step("standardise.website", writes=lambda options: options["parts"])
def website(
    website: str,
    *,
    parts: tuple[Part, ...] = ("website",),
    format: Literal["url", "domain"] = "url",  # noqa: A002 - the word that users know
    letters: Letters = "unicode",
    shared: Literal["keep", "fail"] = "keep",
) -> Mapping[str, str | None] | Answer[Mapping[str, str | None]] | Failed:
    """Write the address of a web site, and the domain that its company has registered.

    The address gets its scheme (the one written, else `https`), its host in lower case, and loses what leads nowhere
    else: a user's name and password, the usual port, a lonely slash, fragments, tracking parameters. A scheme that is
    mistyped (`http:/`, `https//`, `htp://`) is mended. `www.` and the path stay: without them some sites do not answer.

    Options: `parts` names the fields to write, of `website` and `website_domain`: one label under a public suffix
    (acme.co.uk, acme.github.io), and nothing for a site where everybody has a page or mailbox (LinkedIn, gmail.com).
    `format: domain` writes the domain in the field `website` too. `letters: ascii` writes international names as
    xn--…. `shared: fail` refuses a page on such a shared site.

    Fails with `placeholder`, `ambiguous` (several sites, which are the candidates), `an_email` (its domain is the
    candidate, if it may be a company's), `shared_site`, `not_a_website` (with what was probably meant as candidate).

    >>> website("HTTP:/www.Acme.com/?gclid=7").value, website("acme.co.uk/about").value
    ({'website': 'http://www.acme.com'}, {'website': 'https://acme.co.uk/about'})
    >>> website("https://shop.acme.co.uk", parts=("website_domain",)).value
    {'website_domain': 'acme.co.uk'}
    >>> website("acme,com").candidates, website("jo@acme.com").code
    (('acme.com',), 'an_email')
    """
    text = one_line(website)
    found = sites_in(text)
    if len(found) != 1:
        return _several(found) if found else _none(text)
    (site,) = found
    if is_everybodys(site.host) and (shared == "fail" or format == "domain"):
        return Failed("shared_site", f"{site.host} is no company's own: everybody can have a page there")
    return _answer(website, site, parts, format, letters)


def _answer(given: str, site: Site, parts: tuple[Part, ...], form: str, letters: Letters) -> Answer | Failed:
    domain = None if is_everybodys(site.host) else registrable(site.host)
    if form == "domain" and domain is None:
        return Failed("shared_site", f"under {site.host} names are registered: it is no company's own")
    shown = readable if letters == "unicode" else str
    name = shown(domain) if domain else None
    address = name if form == "domain" else site.written(shown(site.host))
    told: dict[Part, str | None] = {"website": address, "website_domain": name}
    reason = "" if address == given else "written as a web address"
    if domain is None and "website_domain" in parts:
        reason = f"{site.host} is no company's own"
    return Answer({part: told[part] for part in parts}, reason)


def _several(found: list[Site]) -> Failed:
    listed = tuple(site.written(readable(site.host)) for site in found)
    return Failed("ambiguous", f"the cell holds {len(found)} sites; keep one", listed)


def _none(text: str) -> Failed:
    if is_placeholder(text):
        return Failed("placeholder", "the text only fills the field")
    address = read_address(text.removeprefix("mailto:").strip("<> "))
    if isinstance(address, str):
        domain = address.rpartition("@")[2]
        return Failed("an_email", "this is an e-mail address", () if is_free(domain) else (domain,))
    bare = text.partition("://")[2] or text
    if is_address_of_machine(bare.partition("/")[0]):
        return Failed("not_a_website", f"{bare} is the address of a machine, not of a site")
    return Failed("not_a_website", f"“{text[:80]}” has no host with an ending that exists", _meant(bare))


def _meant(text: str) -> tuple[str, ...]:
    host = text.partition("/")[0].replace(",", ".").replace(" ", "").lower()
    meant = host if host_of(host) else suggest_domain(host)
    return (meant,) if meant and host_of(meant) else ()
