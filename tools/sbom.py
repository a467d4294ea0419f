"""Print what the site is made of, as a CycloneDX 1.6 bill of materials: `make sbom` runs this.

Everything comes from the lock, requirements.txt: exact versions, the digests of every file that may
be installed, and what needs what. Licences come from the installed packages. The same lock gives
the same bytes.
"""

import json
import re
import sys
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
"""Of addresses (RFC 9562, 6.6)."""

Package = dict[str, Any]


def read(lock: str) -> dict[str, Package]:
    """Return the packages of a lock by name: version, marker, digests, and who needs them.

    Raises ValueError for a line that is understood by nobody, so that none is left out.
    """
    found: dict[str, Package] = {}
    for line in lock.splitlines():
        text = line.strip()
        if match := PINNED.match(line):
            name = match[1].lower().replace("_", "-")
            found[name] = {"version": match[2], "marker": match[3], "digests": [], "via": []}
        elif text.startswith("--hash="):
            algorithm, _, digest = text.removeprefix("--hash=").rstrip("\\ ").partition(":")
            found[list(found)[-1]]["digests"].append((algorithm, digest))
        elif text.startswith("#") and found:
            needed_by = text.removeprefix("#").strip().removeprefix("via").strip()
            found[list(found)[-1]]["via"] += [needed_by] if needed_by else []
        elif text:
            raise ValueError(f"The lock has a line that says nothing: {line}")
    return found


def bill(packages: dict[str, Package], name: str, version: str) -> dict[str, Any]:
    """Return the bill of materials (CycloneDX 1.6, JSON)."""
    root = f"pkg:generic/{name}@{version}"
    addresses = {key: f"pkg:pypi/{key}@{package['version']}" for key, package in packages.items()}
    needs: dict[str, list[str]] = {root: [], **{address: [] for address in addresses.values()}}
    for key, package in packages.items():
        for via in package["via"]:
            needs[addresses.get(via, root)].append(addresses[key])
    components = [_component(key, package, addresses[key]) for key, package in packages.items()]
    digest = uuid.uuid5(NAMESPACE, json.dumps([root, components], sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{digest}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": root, "name": name, "version": version}
        },
        "components": components,
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(set(refs))} for ref, refs in needs.items()
        ],
    }


def _component(name: str, package: Package, address: str) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": package["version"],
        "purl": address,
        # One package has many files; each digest is that of one of them.
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{name}/{package['version']}/",
                "hashes": [
                    {"alg": algorithm.upper().replace("SHA", "SHA-"), "content": digest}
                    for algorithm, digest in sorted(package["digests"])
                ],
            }
        ],
    }
    if package["marker"]:
        component["properties"] = [{"name": "pip:marker", "value": package["marker"]}]
    if licence := _licence(name):
        component["licenses"] = [{"license": {"name": licence}}]
    return component


def _licence(name: str) -> str:
    """Return the licence that a package declares; empty when it is not installed here."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classified = [
        c.rpartition(" :: ")[2] for c in about.get_all("Classifier", []) if "License" in c
    ]
    declared = about.get("License-Expression") or "; ".join(classified) or about.get("License", "")
    return declared.strip().splitlines()[0] if declared.strip() else ""


def main() -> None:
    """Write the bill to standard output."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = read((ROOT / "requirements.txt").read_text("utf-8"))
    json.dump(bill(packages, project["name"], project["version"]), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
