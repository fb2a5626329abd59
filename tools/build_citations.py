"""Which laws are there, and which articles do they have? Writes knowledge/citations.yaml.

    python tools/build_citations.py STATUTES.jsonl[.gz] > knowledge/citations.yaml

Only names, dates and article numbers are kept, no text.
"""

import sys
from pathlib import Path

from storage.statutes import read_statutes, written


def main() -> None:
    """Print the index of the statutes file."""
    sys.stdout.write(written(read_statutes(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
