"""A handle as people write it (`@name`, a profile's or a site's address) -> the one form we keep.

`normalise_handle` is idempotent, and every way of writing one account leads to the same handle.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from crawler.language import say

_SPIDERS = Path(__file__).parent / "spiders"
_SCHEME = re.compile(r"(?i)^([a-z][a-z0-9+.-]*):?//+")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NEVER_IN_ADDRESSES = re.compile(r"[\s\\<>\"]")
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|igshid?|si|ref|amp)$")
_HOST = re.compile(
    r"^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$"
)


def normalise_handle(channel: str, written: str) -> str:
    """The handle of `written` on `channel`.

    Instagram and its like: the name in lower case without `@` (YouTube: `@name` or `UC…`;
    Facebook: name or numeric id). News: `https://host[:port]/path` without trailing slash,
    `http://` where written. A channel without a form of its own keeps the text.

    Raises: ValueError with a sentence that says what to write instead.
    """
    text = _visible(written)
    if not text:
        raise ValueError(
            say("kosong; tulis nama akun atau alamatnya", "empty; write the account's name or address")
        )
    if channel == "news":
        return _site(text)
    form = _FORMS.get(channel)
    return form.read(text) if form else text.removeprefix("@")


def channels_with_spiders() -> frozenset[str]:
    """Channels that can be crawled: the file names in crawler/spiders."""
    return frozenset(path.stem for path in _SPIDERS.glob("*.py") if not path.stem.startswith("_"))


def known_channels() -> frozenset[str]:
    """Channels that may stand in a registry: those with a form here or a spider, but for the media's own register."""
    return (frozenset(_FORMS) | {"news"} | channels_with_spiders()) - {"media"}


def same_place(channel: str, handle: str) -> str:
    """What two registered handles must not share: a site is one site by http and by https."""
    return f"{channel}:{handle.partition('://')[2] or handle}"


def web_address_problem(written: str) -> str | None:
    """Why `written` is not a complete http(s) address, or None."""
    text = written.strip()
    if not _SCHEME.match(text):
        return say("harus diawali https://", "must begin with https://")
    try:
        _host(_split(text))
    except ValueError as wrong:
        return str(wrong)
    return None


def _visible(written: str) -> str:
    """Compatibility forms folded; marks that copying leaves behind and outer space dropped."""
    folded = unicodedata.normalize("NFKC", written)
    return "".join(char for char in folded if unicodedata.category(char) != "Cf").strip()


# -- addresses of sites ---------------------------------------------------------------------


def _site(text: str) -> str:
    parts = _split(text)
    host = _host(parts)
    if "." not in host and ":" not in host and host != "localhost" and not _SCHEME.match(text):
        raise ValueError(
            say(
                f"'{text}' bukan alamat situs; tulis misalnya https://dinas.klatenkab.go.id",
                f"'{text}' is not a site's address; write for example https://dinas.klatenkab.go.id",
            )
        )
    if any(not _TRACKING.match(key) for key in parse_qs(parts.query, keep_blank_values=True)):
        raise ValueError(
            say("tulis alamat situs tanpa bagian sesudah '?'", "write the address without the part after '?'")
        )
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}{_path(parts.path)}"


def _split(text: str) -> SplitResult:
    """The parts of an http(s) address, `https` when no scheme is written."""
    if _NEVER_IN_ADDRESSES.search(text) or not text.isprintable():
        raise ValueError(
            say("alamat tidak boleh berisi spasi atau tanda \\ < > \"",
                "an address must not contain spaces or any of \\ < > \"")
        )  # fmt: skip
    written = _SCHEME.match(text)
    scheme = written[1].lower() if written else "https"
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(
            say(
                f"{scheme}:// tidak dapat dibuka; tulis https://…",
                f"{scheme}:// cannot be opened; write https://…",
            )
        )
    parts = _parts(scheme, text[written.end() :] if written else text.lstrip("/"))
    if parts is None:
        raise ValueError(say(f"'{text}' bukan alamat yang benar", f"'{text}' is not a valid address"))
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            say("alamat tidak boleh berisi nama pengguna atau sandi",
                "an address must not contain a user name or password")
        )  # fmt: skip
    return parts


def _parts(scheme: str, rest: str) -> SplitResult | None:
    """None when there is no host or the port is none."""
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    """The host in lower case and ASCII (IDNA)."""
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host:  # urlsplit has checked the address in brackets
        return host
    try:
        encoded = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        encoded = ""
    if not _HOST.match(encoded):
        raise ValueError(say(f"'{host}' bukan nama situs yang benar", f"'{host}' is not a valid host name"))
    return encoded


def _path(path: str) -> str:
    """A path without empty, `.` and `..` segments, escapes in one way, no slash at its end."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(_escaped(segment))
    return "".join(f"/{segment}" for segment in kept)


def _escaped(segment: str) -> str:
    """Percent escapes in capitals, and only where they are needed."""
    raw = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", segment)
    quoted = quote(raw, safe="%!$&'()*+,;=:@-._~")
    return re.sub(
        r"%[0-9A-Fa-f]{2}", lambda found: quote(unquote(found[0], "latin-1"), "-._~", "latin-1"), quoted
    )


# -- names on social channels ---------------------------------------------------------------


def _first_segment(parts: SplitResult) -> str:
    return unquote(next(filter(None, parts.path.split("/")), ""))


def _marked_segment(parts: SplitResult) -> str:
    """tiktok.com/@name; a first segment without @ is not a profile."""
    first = _first_segment(parts)
    return first if first.startswith("@") else ""


def _behind_user_marker(parts: SplitResult) -> str:
    """instagram.com/_u/name opens the app."""
    segments = [one for one in parts.path.split("/") if one and one != "_u"]
    return unquote(segments[0]) if segments else ""


def _telegram_name(parts: SplitResult) -> str:
    """t.me/name, t.me/s/name, name.t.me."""
    host = (parts.hostname or "").removesuffix(".t.me")
    if host not in ("t.me", "www.t.me", "telegram.me", "telegram.dog"):
        return host
    segments = [one for one in parts.path.split("/") if one]
    return segments[1] if segments[:1] == ["s"] and len(segments) > 1 else "".join(segments[:1])


def _youtube_name(parts: SplitResult) -> str:
    """youtube.com/@name, youtube.com/channel/UC…; other forms do not name a channel for certain."""
    segments = [unquote(one) for one in parts.path.split("/") if one]
    if segments[:1] == ["channel"]:
        return "".join(segments[1:2])
    return _marked_segment(parts)


def _facebook_name(parts: SplitResult) -> str:
    """facebook.com/name, profile.php?id=1, pages/Title/1, people/Title/1, p/Title-1."""
    segments = [unquote(one) for one in parts.path.split("/") if one]
    if segments[:1] == ["profile.php"]:
        return "".join(parse_qs(parts.query).get("id", []))
    if segments[:1] in (["pages"], ["people"]):
        return segments[2] if len(segments) > 2 else ""
    if segments[:1] == ["p"]:
        return "".join(segments[1:2]).rpartition("-")[2]
    return "".join(segments[:1])


def _youtube_case(name: str) -> str:
    """Channel ids keep their case, handles have none."""
    if re.fullmatch(r"UC[A-Za-z0-9_-]{22}", name):
        return name
    bare = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return f"@{bare.removeprefix('@')}"


@dataclass(frozen=True)
class _Form:
    """How names look on one channel, and where in its addresses they stand."""

    hosts: re.Pattern[str]
    name: re.Pattern[str]
    example: str
    reserved: frozenset[str] = frozenset()
    pick: Callable[[SplitResult], str] = _first_segment
    fold: Callable[[str], str] = lambda name: name.removeprefix("@").lower()

    def read(self, text: str) -> str:
        """The name in `text`, an address or a bare name."""
        is_address = "/" in text or self.hosts.fullmatch(text.lower()) is not None
        name = self.fold(self._from_address(text) if is_address else text)
        if name in self.reserved:
            raise ValueError(
                say(
                    f"'{text}' bukan profil; tulis alamat profilnya, misalnya {self.example}",
                    f"'{text}' is not a profile; write the profile, for example {self.example}",
                )
            )
        if not self.name.fullmatch(name):
            raise ValueError(
                say(
                    f"'{text}' bukan nama akun yang benar; tulis misalnya {self.example}",
                    f"'{text}' is not a valid account name; write for example {self.example}",
                )
            )
        return name

    def _from_address(self, text: str) -> str:
        parts = _split(text)
        if not self.hosts.fullmatch((parts.hostname or "").removesuffix(".")):
            raise ValueError(
                say(
                    f"'{parts.hostname}' bukan kanal ini; tulis misalnya {self.example}",
                    f"'{parts.hostname}' is not this channel; write for example {self.example}",
                )
            )
        return self.pick(parts)


def _hosts(*domains: str) -> re.Pattern[str]:
    """These domains, with or without the subdomains the channels use (www., m., id-id. …)."""
    return re.compile(rf"(?:[a-z0-9-]+\.)?(?:{'|'.join(map(re.escape, domains))})")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INSTAGRAM_NAME = re.compile(r"[a-z0-9._]{1,30}")
_FORMS = {
    "instagram": _Form(
        _hosts("instagram.com", "instagr.am"), _INSTAGRAM_NAME, "@dinaskesehatanklaten",
        _words("p reel reels explore stories accounts tv share s about developer direct legal privacy "
               "web api graphql oauth login static challenge igtv topics emails"),
        _behind_user_marker,
    ),
    "threads": _Form(
        _hosts("threads.net", "threads.com"), _INSTAGRAM_NAME, "@dinaskesehatanklaten",
        pick=_marked_segment,
    ),
    "telegram": _Form(
        _hosts("t.me", "telegram.me", "telegram.dog"), re.compile(r"[a-z][a-z0-9_]{3,31}"), "https://t.me/pemkabklaten",
        _words("joinchat share addstickers proxy socks iv login"), _telegram_name,
    ),
    "youtube": _Form(
        _hosts("youtube.com"), re.compile(r"@[\w.·-]{3,30}|UC[A-Za-z0-9_-]{22}"),
        "@pemkabklaten / https://www.youtube.com/channel/UC…", pick=_youtube_name, fold=_youtube_case,
    ),
    "facebook": _Form(
        _hosts("facebook.com", "fb.com", "fb.me"), re.compile(r"[a-z0-9.]{5,50}|[0-9]{2,20}"),
        "https://www.facebook.com/pemkabklaten",
        _words("groups share sharer sharer.php watch events photo photo.php photos story.php permalink.php "
               "login login.php reel reels stories hashtag marketplace gaming videos posts media"),
        _facebook_name,
    ),
    "tiktok": _Form(
        _hosts("tiktok.com"), re.compile(r"[a-z0-9._]{2,24}"), "@pemkabklaten",
        pick=_marked_segment,
    ),
    "x": _Form(
        _hosts("x.com", "twitter.com"), re.compile(r"[a-z0-9_]{1,15}"), "@pemkabklaten",
        _words("home i search intent share hashtag explore login settings messages notifications compose"),
    ),
}  # fmt: skip
