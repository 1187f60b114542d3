"""What the exit code of a command says."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command. A breached policy (1) is told before failed inputs (3).

    130 is what a shell gives for a program that Ctrl-C stopped.
    """

    DONE = 0
    POLICY_BREACHED = 1
    UNUSABLE = 2
    SOME_INPUTS_FAILED = 3
    STOPPED = 130
