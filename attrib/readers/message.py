"""Foreign names inside messages: one line, printable, and not too long."""

from collections.abc import Iterable

MAX_NAMES = 12


def shown(name: str, limit: int = 5_000) -> str:
    """Return ``name`` with unprintable characters escaped, cut to ``limit`` characters."""
    cut = name if len(name) <= limit else f"{name[:limit]}…"
    if cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)


def listed(names: Iterable[str]) -> str:
    """Return ``names`` as one comma-separated line, the first dozen of them; "none" for none."""
    words = [shown(name, 40) for name in names]
    more = f" and {len(words) - MAX_NAMES} more" if len(words) > MAX_NAMES else ""
    return ", ".join(words[:MAX_NAMES]) + more or "none"
