"""`agentlab verify`: is the record of a promotion as it was signed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentlab.cli.options import Json

__all__ = ["verify"]

RecordFile = Annotated[
    Path, typer.Argument(metavar="RECORD", help="The record of a promotion, a JSON file.")
]
Key = Annotated[
    list[Path] | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="A public key to trust, PEM; repeatable. By default those of agentlab.toml.",
    ),
]


def verify(record: RecordFile, *, key: Key = None, as_json: Json = False) -> None:
    """Check the signature of a promotion's record, and show what it says.

    Exits with 0 if a trusted key signed it as it stands, whatever was decided, else with 1.
    """
    from pydantic import ValidationError

    from agentlab.cli.output import print_json
    from agentlab.core.promotion import Promotion
    from agentlab.errors import InputError
    from agentlab.report.console import open_console
    from agentlab.report.promotion import print_promotion
    from agentlab.signing.ed25519 import read_public_key
    from agentlab.signing.envelope import open_envelope, require_signature
    from agentlab.signing.settings import read_settings

    keys = [read_public_key(path) for path in key] if key else read_settings().public_keys()
    if not keys:
        raise InputError(
            "no key to trust is known; give --key FILE, or trusted_keys in agentlab.toml"
        )
    try:
        data = record.read_bytes()
    except OSError as error:
        raise InputError(f"{record}: cannot be read ({error.strerror})") from error
    envelope = open_envelope(data, "promotion", str(record))
    signer = require_signature(envelope, keys, str(record)).fingerprint
    try:
        promotion = Promotion.model_validate(envelope.payload)
    except ValidationError as error:
        raise InputError(
            f"{record}: is signed by {signer[:16]}, but by another version of agentlab "
            f"({envelope.payload.get('version')}); verify it with that one"
        ) from error
    if as_json:
        print_json({"promotion": promotion.model_dump(mode="json"), "signed_by": signer})
    else:
        print_promotion(promotion, record, open_console(), signer=signer)
