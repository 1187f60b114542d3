"""What can go wrong, as one tree of exceptions.

Every message says where, what was expected, what was found and what to do. Library code raises;
only the command line prints and exits.
"""


class AttribError(Exception):
    """Base of every error that attrib raises on purpose."""


class InputError(AttribError):
    """An article cannot be read or scored: missing, empty, binary, broken or too large."""


class DataError(AttribError):
    """Labelled data breaks the labelled-article format."""


class ModelError(AttribError):
    """A model folder is missing, incomplete, damaged or not what it says it is."""


class TrainingError(AttribError):
    """A training cannot go on: no memory for a step, or the folder of another training."""


class BatchError(AttribError):
    """A batch cannot go on: its folder holds another run, is taken, or cannot be written."""
