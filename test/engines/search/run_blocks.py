"""Runs the Python blocks of a Markdown page in order, as one session, on a running archive.

A text block right after a Python block is what it prints. Prints the numbers of blocks and of compared outputs, and what
differs, as JSON.

usage: run_blocks.py URL PAGE.md
"""

import contextlib
import io
import json
import os
import pathlib
import re
import sys
import tempfile
import traceback
import warnings

BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)
ADDRESS = "https://archive.example.org"


def lines(text):
    return [line.rstrip() for line in text.rstrip().splitlines()]


def run(url, page):
    session, wrong, compared = {}, [], 0
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    for number, (code, expected) in enumerate(blocks, 1):
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(code.replace(ADDRESS, url), f"block {number}", "exec"), session)
        except Exception:
            wrong.append({"block": code, "raised": traceback.format_exc(limit=-1)})
            continue
        if expected:
            compared += 1
            if lines(printed.getvalue().replace(url, ADDRESS)) != lines(expected):
                wrong.append({"block": code, "printed": printed.getvalue(), "expected": expected})
    return {"blocks": len(blocks), "compared": compared, "wrong": wrong}


warnings.simplefilter("ignore")
url, page = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    results = run(url, page)
    os.chdir("/")
json.dump(results, sys.stdout)
