"""A report as workflow commands, which GitHub Actions shows as annotations on a pull request.

Their form: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, and
for escaping the ``toCommandValue`` functions of https://github.com/actions/toolkit.
"""

from typing import TextIO

from attrib.article import Report
from attrib.selection import Selection
from attrib.writers.characters import one_line, visible
from attrib.writers.findings import findings


def write(report: Report, selection: Selection, stream: TextIO) -> None:
    """Write one command a finding, each on a line of its own."""
    for finding in findings(report, selection):
        properties = {
            "file": finding.path,
            "line": str(finding.line),
            "endLine": str(finding.end_line),
            "title": finding.rule.title,
        }
        fields = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        message = _message(f"{finding.message} “{one_line(finding.verdict.text)}”")
        stream.write(f"::{finding.rule.severity.github} {fields}::{message}\n")


def _message(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
