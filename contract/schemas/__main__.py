"""python -m contract.schemas [--check]"""

import sys

from contract.schemas import FOLDER, documents, render


def main() -> int:
    """Writes the documents, or says which ones drifted."""
    stale = [
        name
        for name, document in documents().items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text(encoding="utf-8") != render(document)
    ]
    if "--check" in sys.argv[1:]:
        if stale:
            sys.stderr.write(f"contract/schemas: {', '.join(stale)} differ from the types; run `make schemas`\n")
        return 1 if stale else 0
    for name in stale:
        (FOLDER / name).write_text(render(documents()[name]), encoding="utf-8")
    sys.stdout.write(f"contract/schemas: {len(stale)} written\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
