"""The design's layers: imports point down, only the command line talks, and using it is light."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import attrib

PACKAGE = Path(attrib.__file__).parent

# Each module of the package, or sub-package, by layer; a module imports from lower layers only, and
# within a sub-package as it likes. ``attrib/__init__`` is the door: it may reach anything.
LAYERS = {
    0: {"article", "errors", "parts"},
    1: {"assessment", "calibration", "classes", "dataformats", "duplicates", "graphform"}
    | {"policy", "readers", "selection", "sentences", "settings", "windows"},
    2: {
        "corpus",
        "diversity",
        "export",
        "floors",
        "metrics",
        "modelfolder",
        "screening",
        "writers",
    },
    3: {"agreement", "card", "datasplit", "runtime", "sampling", "tables"},
    4: {"checker", "datacheck", "overview"},
    5: {"batch", "evaluate", "finetune"},
    6: {"train"},
    7: {"cli"},
    8: {"__main__"},
}
LAYER_OF = {name: layer for layer, names in LAYERS.items() for name in names}

# Modules that only the extra [train] brings; ``finetune`` and what stands on it may have them.
HEAVY = {"torch", "transformers", "datasets", "accelerate", "sklearn", "scipy", "matplotlib"}


def modules() -> Iterator[tuple[str, Path]]:
    """Each module by its dotted name below ``attrib``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules()}
TOP_LEVEL = {name.partition(".")[0] for name in MODULES} - {""}


def imported(tree: ast.Module) -> Iterator[str]:
    """The dotted names of all modules that are imported anywhere in ``tree``, lazily or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner.removeprefix("attrib.") in MODULES else module


def own(names: Iterator[str]) -> set[str]:
    """Those of ``names`` that are of the package, as the part below ``attrib``."""
    return {name.split(".")[1] for name in names if name.startswith("attrib.")}


def test_every_module_has_its_layer() -> None:
    assert set(LAYER_OF) == TOP_LEVEL, "give each module of attrib/ a layer in LAYERS"


@pytest.mark.parametrize("module", sorted(set(MODULES) - {""}))
def test_imports_point_down(module: str) -> None:
    top = module.partition(".")[0]
    upward = {
        name
        for name in own(imported(MODULES[module]))
        if name != top and LAYER_OF[name] >= LAYER_OF[top]
    }
    assert not upward


def test_nothing_imports_the_door() -> None:
    # Modules that import from ``attrib`` itself would hide where a thing comes from.
    assert [m for m, tree in MODULES.items() if "attrib" in set(imported(tree)) and m] == []


def loose_talk(tree: ast.Module) -> Iterator[str]:
    """What in ``tree`` prints, exits, reads flags or asks: the command line's work."""
    forbidden = {"print", "input", "exit", "quit", "breakpoint"}
    attributes = {
        ("sys", name) for name in ("exit", "stdout", "stderr", "stdin", "argv", "__stdout__")
    } | {("os", "_exit"), ("os", "abort")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in forbidden:
                yield node.func.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in attributes:
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id == "SystemExit":
            yield node.id
    yield from {"typer", "click", "argparse"} & set(imported(tree))


def is_cli(module: str) -> bool:
    return module.partition(".")[0] == "cli"


# A worker process of the HTML reader, which speaks with its parent over its pipes.
PIPES = {"readers.extraction": {"sys.stdin", "sys.stdout"}}


@pytest.mark.parametrize("module", [m for m in MODULES if not is_cli(m)])
def test_only_the_command_line_prints_exits_or_reads_flags(module: str) -> None:
    assert set(loose_talk(MODULES[module])) - PIPES.get(module, set()) == set()


@pytest.mark.parametrize(
    "code",
    [
        "print('x')",
        "import sys\ndef f():\n    sys.exit(1)",
        "def f():\n    raise SystemExit(1)",
        "import typer",
        "import os\nos._exit(2)",
        "import sys\nsys.stderr.write('x')",
    ],
)
def test_loose_talk_would_be_found(code: str) -> None:
    assert list(loose_talk(ast.parse(code)))


def test_upward_and_lazy_imports_would_be_found() -> None:
    code = "def f():\n    from attrib.checker import load\n    import attrib.cli.score\n"
    assert own(imported(ast.parse(code))) == {"checker", "cli"}


def loaded(*arguments: str) -> set[str]:
    """The top-level modules in memory when ``attrib`` with ``arguments`` is done."""
    program = (
        "import json, sys\n"
        "sys.argv[0] = 'attrib'\n"
        "from attrib.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    code = end.code\n"
        "names = sorted({name.partition('.')[0] for name in sys.modules})\n"
        "print(json.dumps([code, names]), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout
    code, names = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    return set(names)


def test_help_loads_neither_an_engine_nor_a_splitter() -> None:
    helps = [[name, "--help"] for name in ("score", "batch", "report")]
    for arguments in (["--help"], ["--version"], *helps):
        names = loaded(*arguments)
        assert "typer" in names
        unwanted = HEAVY | {"onnxruntime", "tokenizers", "nupunkt", "numpy", "trafilatura"}
        unwanted |= {"pyarrow", "filelock", "ray"}
        assert names & unwanted == set(), arguments


def test_scoring_a_text_file_loads_nothing_of_the_training(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("The dam is safe, the mayor said. It rained.", encoding="utf-8")
    for fmt in ("text", "json"):
        names = loaded("score", str(path), "--format", fmt)
        assert {"onnxruntime", "tokenizers"} <= names
        assert names & (HEAVY | {"trafilatura", "onnx", "pandas", "pyarrow"}) == set(), fmt
