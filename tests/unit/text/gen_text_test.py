#!/usr/bin/env python3
"""tools/gen_text.py refuses every hole in a catalogue and writes the same table for the same input."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

GENERATOR = sys.argv.pop(1)
GOOD = {"a.b": {"en": "Hello {who}", "zh-Hans": "你好，{who}"},
        "error.a.c": {tag: {"title": "t", "cause": "c", "remedy": "r {{x}}"} for tag in ("en", "zh-Hans")}}


class GenText(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def run_on(self, *documents):
        files = []
        for number, document in enumerate(documents):
            path = self.root / f"{number}.json"
            path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
            files.append(str(path))
        return subprocess.run([sys.executable, GENERATOR, "--out", str(self.root / "out"), *files],
                              capture_output=True, text=True)

    def refused(self, word, *documents):
        done = self.run_on(*documents)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(word, done.stderr)
        self.assertFalse((self.root / "out").exists())

    def test_writes_table_and_page_catalogues(self):
        done = self.run_on(GOOD)
        self.assertEqual(done.returncode, 0, done.stderr)
        table = (self.root / "out/catalogue_table.cpp").read_text(encoding="utf-8")
        self.assertIn('"error.a.c.remedy"sv', table)
        self.assertEqual(json.loads((self.root / "out/i18n/zh-Hans.json").read_text(encoding="utf-8"))["a.b"], "你好，{who}")

    def test_refuses_a_missing_language(self):
        self.refused("languages", {"a.b": {"en": "x"}})

    def test_refuses_an_unknown_language(self):
        self.refused("languages", {"a.b": {"en": "x", "zh-Hans": "x", "de": "x"}})

    def test_refuses_an_error_without_remedy(self):
        self.refused("remedy", {"error.a.c": {tag: {"title": "t", "cause": "c"} for tag in ("en", "zh-Hans")}})

    def test_refuses_an_empty_text(self):
        self.refused("empty", {"a.b": {"en": " ", "zh-Hans": "x"}})

    def test_refuses_placeholders_that_differ(self):
        self.refused("placeholders differ", {"a.b": {"en": "{x}", "zh-Hans": "{y}"}})

    def test_refuses_a_lone_brace(self):
        self.refused("brace", {"a.b": {"en": "{ x", "zh-Hans": "x"}})

    def test_refuses_a_key_in_two_files(self):
        self.refused("already in", GOOD, {"a.b": GOOD["a.b"]})

    def test_refuses_a_key_twice_in_one_file(self):
        self.refused("twice", '{"a.b": {"en": "x", "zh-Hans": "x"}, "a.b": {"en": "x", "zh-Hans": "x"}}')

    def test_refuses_what_is_no_json(self):
        self.refused("0.json", "{")


if __name__ == "__main__":
    unittest.main()
