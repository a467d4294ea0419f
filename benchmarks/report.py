"""Measures everything and writes docs/performance.md with its picture: `make bench`."""

import argparse
import os
import platform
import statistics
import tempfile
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from benchmarks import baking, serving, sites, staff
from benchmarks.serving import CONNECTIONS, Server

TARGET = sites.ROOT / "docs"
HEAD = """# Performance

Written by `make bench` on {day}; each table was measured in one go. {cores} cores of {cpu},
Linux {kernel}, Python {python}. Everything ran on this one machine, the program that asks (`wrk`)
and what answers sharing its cores, so only what stands in the same table compares.

"""
UNFINISHED = "This run was cut off here: tables are missing.\n"
PARTS = {
    "baking": "## Baking\n",
    "serving": "## Serving\n",
    "growing": "## Growing\n",
    "staff": "## The staff area\n",
    "visible": "## From approval to readers\n",
    "corrected": "## A corrected number\n",
}
"""What can be measured, and how its part of the document begins."""


def main() -> None:
    """Measure, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="measure this anew, and keep the rest"
    )
    said = parser.parse_args()
    written = said.target / "performance.md"
    kept = _parts(written.read_text()) if said.only else {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("A seeded site ...", flush=True)
        env = sites.build(folder)
        if said.only and "baking" not in said.only:
            sites.bake(env)
        for part in said.only or PARTS:
            print(f"{part} ...", flush=True)
            kept[part] = _measure(part, env, folder, said.target)
            # Each at once: what is cut off after half an hour has measured something.
            text = HEAD.format(**_machine()) + "".join(kept.get(one, "") for one in PARTS)
            written.write_text(text if len(kept) == len(PARTS) else text + UNFINISHED)
    print(f"Written: {written}")


def _parts(text: str) -> dict[str, str]:
    """Return the parts of a document that was written before."""
    starts = {name: text.find(head) for name, head in PARTS.items() if head in text}
    ends = [*sorted(starts.values()), len(text)]
    return {
        name: text[start : ends[ends.index(start) + 1]].removesuffix(UNFINISHED)
        for name, start in starts.items()
    }


def _measure(part: str, env: dict[str, str], folder: Path, target: Path) -> str:
    match part:
        case "baking":
            return _baking(env)
        case "serving":
            servers = serving.measure(folder, env)
            (target / "performance.svg").write_text(_picture(servers))
            return _serving(servers)
        case "growing":
            return _growing(env, folder)
        case "staff":
            return _staff(sites.copy(env, folder / "staff"))
        case "corrected":
            return _corrected(env, folder)
        case _:
            return _visible(env, folder)


def _machine() -> dict[str, object]:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "cpu": models[0] if models else platform.processor(),
        "kernel": ".".join(platform.release().split(".")[:2]),
        "python": platform.python_version(),
    }


def _table(head: list[str], rows: list[list[object]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines) + "\n"


def _serving(servers: list[Server]) -> str:
    ours = servers[0]
    rows: list[list[object]] = []
    for one in servers:
        row: list[object] = [one.name]
        for connections in CONNECTIONS:
            rates = one.rates[connections]
            row += [
                f"**{one.rate(connections):,.0f}** ({min(rates):,.0f} to {max(rates):,.0f})",
                f"{ours.share_of(one, connections):.0%}",
                f"{one.cost(connections):.2f}",
                f"{statistics.median(one.middles[connections]):.1f}",
                f"{statistics.median(one.slowest[connections]):.0f}",
            ]
        rows.append([*row, f"{one.worker:.0f}"])
    head = ["Requests a second"]
    for connections in CONNECTIONS:
        head += [f"{connections} connections", "ours is", "CPU, ms"]
        head += ["half within, ms", "99 % within, ms"]
    return (
        "## Serving\n\n`/en/stop/`, compressed, by two workers; medians of"
        f" {serving.ROUNDS} rounds of {serving.SECONDS} s in turns (4 s for what is rendered live),"
        ' and the spread. "Ours is" the median of what it was of the other in the same round;'
        " CPU is what the server's own"
        " processes take for one answer.\n\n"
        + _table([*head, "largest worker, MB"], rows)
        + "![Requests a second with 16 connections](performance.svg)\n\n"
        "nginx sends gzip (Debian's has no Brotli module); the others Brotli.\n\n"
    )


def _baking(env: dict[str, str]) -> str:
    pages, whole = baking.full(env)
    rows: list[list[object]] = [["everything", f"{pages:,}", whole]]
    for what, name in {"text": "a text in English", "number": "a number in Ireland"}.items():
        touched, times = baking.after_approval(env, what)
        rows.append([f"after an approval: {name}", f"{touched:,}", times])
    return "## Baking\n\nMedians and spread.\n\n" + _table(["Bake", "pages", "time"], rows)


def _growing(env: dict[str, str], folder: Path) -> str:
    rows: list[list[object]] = []
    for one in baking.grown(env, folder):
        rows.append([
            *(one.languages, one.countries, f"{one.revisions:,}"),
            *(f"{queries:.0f} / {ms:.1f} ms" for queries, ms, _ in one.pages.values()),
        ])  # fmt: skip
    pages = [f"`{path}`" for path in ("/en/", "/en/stop/", "/en/report/de/")]
    text = (
        "## Growing\n\nA page rendered live: queries, and the median of 30. All texts are there"
        " in every language; beyond 36 the languages are made up, and no page lists them.\n\n"
        + _table(["Languages", "countries", "live revisions", *pages], rows)
    )
    bakes: list[list[object]] = [
        [f"{count} languages, 46 countries", "", f"{seconds:.1f} s"]
        for count, seconds in baking.by_languages(env, folder).items()
    ]
    bakes += [
        [f"36 languages, {count} countries", f"{pages_:,}", f"{seconds:.1f} s"]
        for count, (pages_, seconds) in baking.by_countries(env, folder).items()
    ]
    return text + _table(["Full bake", "pages", "time"], bakes)


def _visible(env: dict[str, str], folder: Path) -> str:
    rows: list[list[object]] = []
    for what, nodes in baking.visible(env, folder).items():
        rows += [
            [f"{what}: node {number}", *(f"{value:.2f} s" for value in _three(times.all))]
            for number, times in enumerate(nodes, start=1)
        ]
    return (
        "## From approval to readers\n\nTwo nodes, each with a server, a follower and a folder of"
        f" releases of its own, asked every 10 ms after {baking.APPROVALS} approvals of each kind."
        " Both share this machine's cores. A text that stands on every poster touches thousands of"
        " pages: those that are read first are baked first, and whatever is approved meanwhile"
        " waits for the part that is at work.\n\n"
        + _table(["", "median", "fastest", "slowest"], rows)
    )


def _corrected(env: dict[str, str], folder: Path) -> str:
    rows: list[list[object]] = [
        [f"`{path}`, {name}", *(f"{value:.2f} s" for value in _three(times.all))]
        for name, by_path in baking.corrected(env, folder).items()
        for path, times in by_path.items()
    ]
    return (
        "## A corrected number\n\nOne node with its server and its follower, asked every 10 ms"
        f" after {baking.APPROVALS} approvals of a number of Germany. The first bake holds its"
        " pages, cards and posters in German and English, the next one its other languages, and"
        " then come lists and what was left before"
        " (`python -m benchmarks.report --only corrected`).\n\n"
        + _table(["", "median", "fastest", "slowest"], rows)
    )


def _staff(env: dict[str, str]) -> str:
    rows: list[list[object]] = [
        [
            f"`{one.path}`",
            *(f"{one.milliseconds:.0f} ms", f"{one.slowest:.0f} ms", one.queries),
            *(f"{one.kilobytes:.0f} KB", f"{one.sent:.0f} KB"),
        ]
        for one in staff.opened(env)
    ]
    head = ["Page", "median", "slowest", "queries", "size", "sent"]
    return (
        f"## The staff area\n\n{staff.COUNTRIES} countries with services, as a superuser gets the"
        f" pages; {staff.TIMES} times each.\n\n" + _table(head, rows)
    )


def _three(values: list[float]) -> tuple[float, float, float]:
    return statistics.median(values), min(values), max(values)


def _picture(servers: list[Server]) -> str:
    """Return bars of the requests a second, readable on light and dark ground."""
    most = max(one.rate(16) for one in servers)
    lines = []
    for number, one in enumerate(servers):
        y, width = 16 + 30 * number, 300 * one.rate(16) / most
        color = "#0b6e4f" if number == 0 else "#8a8a94"
        lines.append(
            f'<text x="330" y="{y + 15}" text-anchor="end">{escape(one.name)}</text>'
            f'<rect x="340" y="{y}" width="{width:.0f}" height="20" fill="{color}"/>'
            f'<text x="{348 + width:.0f}" y="{y + 15}">{one.rate(16):,.0f}</text>'
        )
    height = 24 + 30 * len(servers)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" role="img"'
        ' aria-label="Requests a second with 16 connections"'
        ' font-family="system-ui, sans-serif" font-size="14">'
        f'<rect width="720" height="{height}" fill="#fff"/>' + "".join(lines) + "</svg>\n"
    )


if __name__ == "__main__":
    main()
