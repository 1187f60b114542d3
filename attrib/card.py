"""The card of a model folder, written from the facts in its manifest."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from attrib.modelfolder import Manifest


def write_card(folder: Path, manifest: Manifest, about: str = "") -> None:
    """Write ``README.md`` into ``folder``; ``about`` is Markdown that goes below the summary."""
    environment = Environment(
        loader=PackageLoader("attrib", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, from the project's own facts
    )
    environment.filters["figure"] = _figure
    card = environment.get_template("card.md.j2").render(m=manifest, about=about.strip())
    (folder / "README.md").write_text(card, encoding="utf-8")


def _figure(value: Any) -> str:
    """Show a share with three decimals, with its interval where it has one; none as a dash."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        return f"{value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f})"
    return f"{value:.3f}"
