"""A report as a SARIF 2.1.0 log, for code scanning and editors.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
import re
from collections import Counter
from importlib import metadata
from typing import Any, TextIO
from urllib.parse import quote

from attrib.article import Report
from attrib.selection import Selection
from attrib.writers.characters import REPLACEMENT, json_text
from attrib.writers.findings import RULES, Finding, findings
from attrib.writers.rows import probabilities

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # surrogates that stand for no byte of a name
_DRIVE = re.compile("[A-Za-z]:/")


def write(report: Report, selection: Selection, stream: TextIO) -> None:
    """Write one log of one run, with one result a finding."""
    model = report.model
    run = {
        "tool": {"driver": _driver()},
        "results": _results(report, selection),
        "properties": {
            "model": {"name": model.name, "version": model.version, "sha256": model.sha256}
        },
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    stream.write(json_text(log, indent=2) + "\n")


def _driver() -> dict[str, Any]:
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": f"{rule.title}: {rule.look.meaning}"},
            "fullDescription": {"text": rule.help},
            "help": {"text": rule.help},
            "defaultConfiguration": {"enabled": rule.by_default, "level": rule.severity.sarif},
        }
        for rule in RULES
    ]
    return {"name": "attrib", **_version(), "rules": rules}


def _version() -> dict[str, str]:
    """Return the installed version, or nothing where attrib runs from a folder of source."""
    try:
        return {"version": metadata.version("attrib")}
    except metadata.PackageNotFoundError:
        return {}


def _results(report: Report, selection: Selection) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    results = []
    for finding in findings(report, selection):
        digest = _digest(finding)
        seen[digest] += 1
        results.append(_result(finding, f"{digest}:{seen[digest]}"))
    return results


def _result(finding: Finding, fingerprint: str) -> dict[str, Any]:
    shares = probabilities(finding.verdict)
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": RULES.index(finding.rule),
        "level": finding.rule.severity.sarif,
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding.path)},
                    "region": {
                        "startLine": finding.line,
                        "endLine": finding.end_line,
                        "snippet": {"text": finding.verdict.text},
                    },
                }
            }
        ],
        "partialFingerprints": {"sentence/v1": fingerprint},
        "properties": {"confidence": shares[finding.verdict.label]},
    }


def _digest(finding: Finding) -> str:
    """Return what stays the same when lines move: a hash of the file's name and the sentence."""
    what = f"{finding.path}\0{finding.verdict.text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(what).hexdigest()[:32]


def _uri(path: str) -> str:
    """Return ``path`` as a URI: relative as it is, absolute as a ``file:`` one."""
    name = _NO_BYTE.sub(REPLACEMENT, path.replace("\\", "/"))
    uri = quote(name.encode("utf-8", "surrogateescape"), safe="/")
    if _DRIVE.match(name):
        return f"file:///{name[:2]}{quote(name[2:].encode('utf-8', 'surrogateescape'), safe='/')}"
    return f"file://{uri}" if name.startswith("/") else uri
