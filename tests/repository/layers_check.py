"""Holds every #include of src/ to layers.toml, both ways: our folders and third-party libraries.

Usage: layers_check.py REPOSITORY. Prints each breach as file:line and exits 1; a folder that is not listed may depend
on nothing.
"""

import pathlib
import re
import sys
import tomllib

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def allowed(target: str, rule: dict) -> bool:
    folder = target.split("/")[0]
    return any(entry in (folder, target) for entry in rule.get("may_use", []))


def main(root: pathlib.Path) -> int:
    layers = tomllib.loads((root / "layers.toml").read_text())
    folders = {p.name for p in (root / "src").iterdir() if p.is_dir()}
    owners = {}
    for folder, rule in layers.items():
        for library in rule.get("libraries", []):
            owners.setdefault(library, set()).add(folder)
    breaches = []
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        folder = path.relative_to(root / "src").parts[0]
        rule = layers.get(folder, {})
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, target = match.groups()
            where = f"{path.relative_to(root)}:{number}"
            if quote == '"':
                if target.split("/")[0] not in folders:
                    breaches.append(f"{where}: include \"{target}\" is not relative to src/")
                elif target.split("/")[0] != folder and not allowed(target, rule):
                    breaches.append(f"{where}: {folder}/ may not include {target}")
            else:
                for library, users in owners.items():
                    named = target == library or target == library + ".h" or target.startswith(library + "/")
                    if named and folder not in users and library != "fmt":
                        breaches.append(f"{where}: only {', '.join(sorted(users))}/ may use {library}")
    for folder in sorted(folders - layers.keys()):
        breaches.append(f"layers.toml: src/{folder} is not listed")
    for folder in sorted(layers.keys() - folders):
        breaches.append(f"layers.toml: [{folder}] has no folder in src/")
    for folder in sorted(folders):
        if not (root / "src" / folder / "README.md").exists():
            breaches.append(f"src/{folder}: no README.md that names its purpose, its door and its place")
    print("\n".join(breaches) if breaches else f"{len(folders)} folders keep to layers.toml")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
