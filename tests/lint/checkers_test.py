"""The checkers in tools/ on small trees that break one rule each. Usage: checkers_test.py TOOLS_FOLDER"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(sys.argv.pop(1)).resolve()

LAYERS = {"layers": {"low": [], "high": ["low"], "far/inner": ["low"]}, "platform_macros_only_in": ["low"]}


def error(en="{vm} {{x}}", zh="虚拟机 {vm}"):
    return {"en": dict.fromkeys(("title", "cause", "remedy"), en), "zh-Hans": dict.fromkeys(("title", "cause", "remedy"), zh)}


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")

    def run_check(self, name):
        done = subprocess.run([sys.executable, TOOLS / f"check_{name}.py", self.root], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def passes(self, name):
        code, output = self.run_check(name)
        self.assertEqual(code, 0, output)

    def refuses(self, name, text):
        code, output = self.run_check(name)
        self.assertEqual(code, 1, output)
        self.assertIn(text, output)


class Layers(Tree):
    def setUp(self):
        super().setUp()
        self.write("tools/layers.json", LAYERS)
        self.write("src/low/a.h", "#pragma once\n#ifdef _WIN32\n#endif\n")
        self.write("src/high/b.cpp", '#include "low/a.h"\n#include "high/c.h"\n#include "beside.h"\n// #include "far/inner/d.h"\n')
        self.write("src/high/beside.h", "// _WIN32 in a comment\n")

    def test_allowed_includes_pass(self):
        self.passes("layers")

    def test_an_include_upwards_is_refused(self):
        self.write("src/low/b.cpp", '\n#include "high/b.h"\n')
        self.refuses("layers", "src/low/b.cpp:2: low must not include high")

    def test_the_longest_layer_name_counts(self):
        self.write("src/far/inner/d.cpp", '#include "high/b.h"\n')
        self.refuses("layers", "far/inner must not include high")

    def test_an_unknown_folder_is_refused(self):
        self.write("src/stray/d.cpp", "")
        self.refuses("layers", "src/stray/d.cpp: this folder is no layer")

    def test_a_platform_macro_outside_its_folder_is_refused(self):
        self.write("src/high/d.cpp", "#if defined(_WIN32)\n#endif\n")
        self.refuses("layers", "src/high/d.cpp:1: _WIN32")


class Catalogue(Tree):
    def setUp(self):
        super().setUp()
        self.write("i18n/a.json", {"error.vm.gone": error("{vm}"), "check.a": {"en": "a {x}", "zh-Hans": "甲 {x}"}})
        self.write("src/a.cpp", 'return fail("vm.gone", {{"vm", name}}); Message{"check.a"}; // fail("no.such")\n')

    def test_a_whole_catalogue_passes(self):
        self.passes("i18n")

    def test_an_error_without_entry_is_refused(self):
        for use in ('fail("no.such")', 'Error{"no.such"}', 'Error error{\n"no.such"}'):
            self.write("src/b.cpp", use)
            self.refuses("i18n", "error.no.such is not in the catalogue")

    def test_a_missing_argument_is_refused(self):
        self.write("src/b.cpp", 'return fail("vm.gone", {{"name", x}});')
        self.refuses("i18n", "src/b.cpp:1: error.vm.gone needs ['vm'] too")

    def test_a_message_without_entry_is_refused(self):
        for use in ('Message{"no.such"}', 'x = "step.no_such";'):
            self.write("src/b.cpp", use)
            self.refuses("i18n", "no" if "no.such" in use else "step.no_such is not in the catalogue")

    def test_an_unused_error_is_refused(self):
        self.write("i18n/b.json", {"error.old.code": error("{vm}")})
        self.refuses("i18n", "error.old.code: no source names this code")

    def test_a_key_defined_twice_is_refused(self):
        self.write("i18n/b.json", {"check.a": {"en": "a", "zh-Hans": "甲"}})
        self.refuses("i18n", "check.a stands in i18n/a.json too")
        self.write("i18n/b.json", '{"check.b": {"en": "a", "zh-Hans": "甲"}, "check.b": {"en": "a", "zh-Hans": "甲"}}')
        self.refuses("i18n", "check.b stands twice")

    def test_different_placeholders_are_refused(self):
        self.write("i18n/b.json", {"check.b": {"en": "{one}", "zh-Hans": "{two}"}})
        self.refuses("i18n", "check.b: different placeholders")

    def test_a_missing_language_or_part_is_refused(self):
        self.write("i18n/b.json", {"check.b": {"en": "x"}})
        self.refuses("i18n", "check.b: needs exactly the languages")
        broken = error("{vm}")
        del broken["en"]["remedy"]
        self.write("i18n/b.json", {"error.vm.b": broken})
        self.refuses("i18n", "error.vm.b: needs exactly")

    def test_an_untranslated_error_is_refused(self):
        self.write("i18n/b.json", {"error.vm.gone2": error("same", "same")})
        self.refuses("i18n", "holds no Chinese")


HELP = """Usage
  exhyperv COMMAND [OPTIONS]

Commands
  status   Look
  gpu add  Give

Options of every command
  --host URI  Which host
  -y, --yes   Do not ask

Examples
  exhyperv status
"""
HELP_OF_ADD = """Options
  --vm VM      The VM (required)
  --dry-run    Change nothing

Options of every command
  --host URI  Which host
"""


class Commands(Tree):
    def setUp(self):
        super().setUp()
        self.write("help.json", {"--help": HELP, "gpu add --help": HELP_OF_ADD, "status --help": HELP})
        self.program = self.root / "program"
        self.write("program", f"#!{sys.executable}\nimport json, pathlib, sys\n"
                              "print(json.loads((pathlib.Path(__file__).parent / 'help.json').read_text())[' '.join(sys.argv[1:-2])])\n")
        self.program.chmod(0o755)
        self.write("i18n/a.json", {"error.a": error("Run: exhyperv status", "运行：exhyperv gpu add X --vm {vm}。")})

    def run_check(self, name):
        done = subprocess.run([sys.executable, TOOLS / f"check_{name}.py", self.program, self.root], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_commands_that_can_be_typed_pass(self):
        self.write("docs/a.md", "Do `exhyperv --host sim: gpu add \"a b\" --vm=x --dry-run -y`, then exhyperv status. --vm is another matter.\n")
        self.write("README.md", "exhyperv gpu … is for those on whose host exhyperv is.\n")
        self.passes("commands")

    def test_an_option_that_does_not_exist_is_refused(self):
        self.write("docs/a.md", "\nRun exhyperv gpu add --dryrun now.\n")
        self.refuses("commands", "docs/a.md:2: --dryrun is no option of gpu add")
        self.write("docs/a.md", "`exhyperv status --vm x`")
        self.refuses("commands", "--vm is no option of status")
        self.write("docs/a.md", "`exhyperv --loud status`")
        self.refuses("commands", "--loud is no option of every command")

    def test_a_command_that_does_not_exist_is_refused_in_each_language(self):
        self.write("i18n/b.json", {"cli.b": {"en": "exhyperv status", "zh-Hans": "运行“exhyperv gpu give”"}})
        self.refuses("commands", "i18n/b.json: cli.b (zh-Hans): there is no command gpu give")


class TestLists(Tree):
    def setUp(self):
        super().setUp()
        self.write("tests/CMakeLists.txt", "foreach(suite unit/a)\nendforeach()\n")
        self.write("tests/unit/a/CMakeLists.txt", "exhyperv_test(a SOURCES a_test.cpp sub/b_test.cpp)\n")
        self.write("tests/unit/a/a_test.cpp", "")
        self.write("tests/unit/a/sub/b_test.cpp", "")

    def test_named_files_pass(self):
        self.passes("test_lists")

    def test_a_forgotten_file_is_refused(self):
        self.write("tests/unit/a/c_test.cpp", "")
        self.refuses("test_lists", "tests/unit/a/c_test.cpp: no CMakeLists.txt names it")

    def test_a_commented_file_is_refused(self):
        self.write("tests/unit/a/CMakeLists.txt", "exhyperv_test(a SOURCES a_test.cpp # sub/b_test.cpp\n)\n")
        self.refuses("test_lists", "sub/b_test.cpp")

    def test_globbed_folders_pass_but_not_globbed_sources(self):
        self.write("tests/CMakeLists.txt", "add_subdirectory(unit/a)\nadd_subdirectory(parts)\n")
        self.write("tests/parts/CMakeLists.txt", "file(GLOB parts RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} */CMakeLists.txt)\n")
        self.write("tests/parts/b/CMakeLists.txt", "exhyperv_test(b SOURCES b.cpp)\n")
        self.write("tests/parts/b/b.cpp", "")
        self.passes("test_lists")
        self.write("tests/parts/b/CMakeLists.txt", "file(GLOB sources *.cpp)\n")
        self.refuses("test_lists", "tests/parts/b/b.cpp")

    def test_a_forgotten_suite_is_refused(self):
        self.write("tests/unit/b/CMakeLists.txt", "")
        self.refuses("test_lists", "tests/unit/b: no CMakeLists.txt above adds this folder")


if __name__ == "__main__":
    unittest.main()
