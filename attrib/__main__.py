"""``python -m attrib``: the command line, as ``accelerate launch`` too starts it."""

from attrib.cli import main

if __name__ == "__main__":
    main()
