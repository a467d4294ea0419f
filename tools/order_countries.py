"""Write content/country_order.json: the countries in each language's own alphabetical order;
and content/country_names.json: what each calls itself.

Run it from the root of the project, with Node on the path:

    .venv/bin/python tools/order_countries.py

Run it again when a country or a language is added, or when Babel is updated (new CLDR names).
Node is needed on the developer's machine only: the result is committed. Names come from Babel,
which the site shows them with; the order from tools/order_countries.mjs, because Python has no
ICU collation and pyuca sorts 16 of our 36 languages wrongly.
"""

import json
import subprocess
import sys
from pathlib import Path

from babel import Locale

from campaign import languages
from content import countries

ROOT = Path(__file__).resolve().parent.parent
COUNTRIES = ROOT / "content" / "seed" / "directory" / "countries.json"
SORTER = ROOT / "tools" / "order_countries.mjs"


def codes_of_countries() -> list[str]:
    """Return the codes of all countries of the directory as shipped."""
    return [
        country["code"]
        for country in json.loads(COUNTRIES.read_text(encoding="utf-8"))
        if country["scope"] == "country"
    ]


def names_by_language() -> dict[str, dict[str, str]]:
    """Return the CLDR name of every country of the directory, by language and code."""
    codes = codes_of_countries()
    return {
        language.code: {code: Locale.parse(language.code).territories[code] for code in codes}
        for language in languages.ALL
    }


def main() -> None:
    """Write the own names; sort all names with Node and write one line for each language."""
    own = {code: countries.own_names_of_cldr(code) for code in codes_of_countries()}
    write(countries.OWN_NAMES, own)
    names = names_by_language()
    sorted_by_node = subprocess.run(
        ["node", str(SORTER)], input=json.dumps(names), capture_output=True, text=True, check=False
    )
    if sorted_by_node.returncode:
        sys.exit(sorted_by_node.stderr)
    order = json.loads(sorted_by_node.stdout)
    for language, by_code in names.items():
        if sorted(order[language]) != sorted(by_code):
            sys.exit(f"{language}: Node returned other countries than it was given.")
    write(countries.ORDER, order)


def write(path: Path, lists: dict[str, list[str]]) -> None:
    """Write lists by name, one a line."""
    lines = [
        f" {json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in lists.items()
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
