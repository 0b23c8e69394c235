#!/usr/bin/env python3
"""Fields that are hard to quote, as Python's csv module writes them, with the same fields as JSON.

    python make_table.py
"""
import csv
import json
import pathlib

here = pathlib.Path(__file__).parent
rows = [
    ["file", "text", "note"],
    ["a.wav", "plain", ""],
    ["b.wav", "a, b", "says \"no\""],
    ["c.wav", "two\nlines", "é ó ’ 你好"],
    ["d.wav", "", ""],
    ["e.wav", "\"", ",,"],
    ["f.wav", "trailing ", "🎤"],
]
for name, terminator in (("unix", "\n"), ("excel", "\r\n")):
    with open(here / f"{name}.csv", "w", newline="", encoding="utf-8-sig" if name == "excel" else "utf-8") as file:
        csv.writer(file, lineterminator=terminator).writerows(rows)
(here / "table.json").write_text(json.dumps(rows, ensure_ascii=False) + "\n")
