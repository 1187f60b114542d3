"""Time a cold ``attrib score`` of a 1,000-word article against importing torch and transformers.

    python scripts/cold_start.py [--pairs 7]

Both run in turn in fresh processes; the figure to quote is the median of the ratios, pair by pair.
Needs the extra [train] for the other side of the pair.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

IMPORT = "import torch, transformers; transformers.AutoModelForTokenClassification"
SCORE = "from attrib.cli import main; main()"
WORDS = 1000
ARTICLES = Path(__file__).parents[1] / "tests" / "articles"


def main() -> None:
    """Print each pair and the medians."""
    parser = argparse.ArgumentParser(description="Time a cold start against torch's import.")
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        article = Path(folder) / "article.txt"
        article.write_text(thousand_words(), encoding="utf-8")
        commands = (
            [sys.executable, "-c", SCORE, "score", str(article)],
            [sys.executable, "-c", IMPORT],
        )
        for command in commands:
            seconds(command)  # warms the file cache
        pairs = [(seconds(commands[0]), seconds(commands[1])) for _ in range(arguments.pairs)]
    for pair in [*pairs, (median(s for s, _ in pairs), median(i for _, i in pairs))]:
        print("score {:5.2f} s   import {:5.2f} s   ratio {:.3f}".format(*pair, pair[0] / pair[1]))
    print(f"median of the ratios {median(s / i for s, i in pairs):.3f}")


def thousand_words() -> str:
    """Return the first invented articles, run together and cut after 1,000 words."""
    paragraphs, count = [], 0
    for path in sorted(ARTICLES.glob("*.txt")):
        for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
            words = paragraph.split()[: WORDS - count]
            count += len(words)
            paragraphs.append(" ".join(words))
            if count == WORDS:
                return "\n\n".join(paragraphs) + "\n"
    raise SystemExit(f"{ARTICLES}: expected {WORDS} words of articles, found {count}")


def seconds(command: Sequence[str]) -> float:
    """Return the wall time of ``command`` in a fresh process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
