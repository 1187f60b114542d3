"""How self-contained pages are made: one jinja environment, everything escaped.

A page asks the network for nothing, and its content security policy names its own style and script
by their hashes, so that nothing an article holds can be run even if it got that far.
"""

import hashlib
from base64 import b64encode
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_SHARED = Path(__file__).parent


def environment(*folders: Path) -> Environment:
    """Return the environment for templates in ``folders`` and this one, with ``csp_hash``."""
    made = Environment(
        loader=FileSystemLoader([*folders, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["csp_hash"] = _csp_hash
    return made


def _csp_hash(source: str) -> str:
    """Return the source expression that allows exactly the inline element holding ``source``."""
    return f"sha256-{b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
