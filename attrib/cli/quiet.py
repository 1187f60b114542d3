"""A library that would talk on stderr by itself, kept quiet."""

from contextlib import suppress


def quieten() -> None:
    """Keep transformers from drawing bars and from giving advice of its own."""
    with suppress(ModuleNotFoundError):  # told by what needs it
        import transformers

        transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
