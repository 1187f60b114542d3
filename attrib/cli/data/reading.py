"""How labelled data is read: the options that the commands of ``attrib data`` share."""

from typing import TYPE_CHECKING, Annotated

import typer

from attrib.dataformats import DataFormat
from attrib.errors import DataError

if TYPE_CHECKING:
    from attrib.corpus.formats import DataOptions

_FORMATS = f"What the inputs are, if they do not tell themselves: {', '.join(DataFormat)}."
_LABELS = (
    "What a label name stands for: attributed, attributed_unnamed, unattributed, contested, or - "
    "to leave it out. Repeat it for more names."
)

SourceFormat = Annotated[DataFormat | None, typer.Option("--from", metavar="FORMAT", help=_FORMATS)]
LabelNames = Annotated[
    list[str] | None, typer.Option("--label", metavar="NAME=LABEL", help=_LABELS)
]


def data_options(labels: list[str] | None, text_column: str | None) -> "DataOptions":
    """Return what the user says of the data.

    Raises:
        typer.BadParameter: if a pair in ``labels`` is none.
    """
    from attrib.corpus.formats import DataOptions
    from attrib.corpus.names import label_names

    try:
        return DataOptions(label_names(labels or []), text_column)
    except DataError as error:
        raise typer.BadParameter(str(error), param_hint="--label") from error
