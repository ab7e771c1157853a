"""An authority's answer by RFC 3161 -> when it confirms to have seen a seal, or why it confirms nothing.

The only module that knows `rfc3161_client`, an extra. Certificates need to have been good at the stamp's own time: a
stamp outlives the certificate it was made with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from crawler.errors import Unreadable, WrongUse
from crawler.language import say
from crawler.timestamp_settings import TimestampSettings


@dataclass(frozen=True, slots=True)
class Query:
    """What an authority is asked; its answer must repeat the number `nonce`."""

    body: bytes
    nonce: int | None


def is_installed() -> bool:
    """Whether stamps can be asked for and verified here."""
    try:
        _client()
    except WrongUse:
        return False
    return True


def query_for(sealed: bytes) -> Query:
    """The question for the SHA-256 of `sealed`, with the certificates in the answer. Raises: WrongUse."""
    client = _client()
    builder = client.TimestampRequestBuilder().data(sealed).hash_algorithm(client.HashAlgorithm.SHA256)
    built = builder.build()
    return Query(built.as_bytes(), built.nonce)


def verified(answer: bytes, seal: str, roots: bytes, nonce: int | None = None) -> datetime:
    """The instant at which the authority says to have seen the hex SHA-256 `seal`.

    Raises: Unreadable naming why it does not hold, WrongUse without the extra.
    """
    client = _client()
    try:
        told = client.decode_timestamp_response(answer)
        if told.status != client.PKIStatus.GRANTED:
            raise Unreadable(f"status {told.status} {' '.join(told.status_string)}"[:200].strip())
        verifier = client.VerifierBuilder(roots=certificates(roots), nonce=nonce).build()
        verifier.verify(told, bytes.fromhex(seal))
        instant: datetime = told.tst_info.gen_time
    except (client.VerificationError, ValueError) as why:
        raise Unreadable(str(why)[:200] or "no time stamp") from why
    return instant


def certificates(roots: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file, each once. Raises: ValueError where it holds none."""
    return list({one.public_bytes(Encoding.DER): one for one in x509.load_pem_x509_certificates(roots)}.values())


def why_not_usable(settings: TimestampSettings) -> list[str]:
    """What keeps the authorities of the settings from being asked or believed; contacts nothing."""
    if not settings.authorities:
        return []
    troubles = [] if is_installed() else [_absent()]
    return troubles + [f"{one.roots.name}: {why}" for one in settings.authorities if (why := _flaw(one.roots))]


def command_of(content: Mapping[str, Any], path: str) -> str:
    """How anybody checks the stamp of a ledger line without Tayang, in the folder of the workspace."""
    at = int(datetime.fromisoformat(content["stamped_at"]).timestamp())
    return f"openssl ts -verify -digest {content['hash']} -in {path} -CAfile {content['roots']} -attime {at}"


def _flaw(roots: Path) -> str:
    try:
        certificates(roots.read_bytes())
    except OSError as trouble:
        return str(trouble.strerror)
    except ValueError:
        return say("bukan sertifikat PEM", "no PEM certificates")
    return ""


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise WrongUse(_absent()) from None
    return rfc3161_client


def _absent() -> str:
    return say("untuk cap waktu, pasang: pip install 'tayang[timestamps]'",
               "for time stamps, install: pip install 'tayang[timestamps]'")  # fmt: skip
