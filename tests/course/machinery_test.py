"""The course's checks find what they are for: each is shown something wrong."""
import contextlib
import fcntl
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "chapters", "book"))
import bugs  # noqa: E402
import building  # noqa: E402
import decoys  # noqa: E402
import grading  # noqa: E402
import hints  # noqa: E402
import holes  # noqa: E402
import mutants  # noqa: E402
import places  # noqa: E402
import sizes  # noqa: E402
import translations  # noqa: E402
import variants  # noqa: E402

import locked_out  # noqa: E402
from checks import bugs as check_bugs  # noqa: E402
from checks import holes as check_holes  # noqa: E402

CODE = """int f(int x) {
  // hole 4.1: twice as much
  int y = x * 2; // really
  return y + 100000;
  // end hole 4.1
}
"""
BUG = """# Bug 04-9: three times as much
file: src/base/hex.cpp
caught by: twice is twice
step: 2
hole: none

```before
  return y;
```

```after
  return y + x;
```

Why people write it.
"""


class Holes(unittest.TestCase):
    def test_an_emptied_hole_has_one_line_and_filled_again_it_is_what_it_was(self):
        emptied = holes.empty(CODE)
        self.assertIn('  // hole 4.1: twice as much\n  todo("4.1");\n  // end hole 4.1\n', emptied)
        self.assertTrue(holes.in_text(emptied)[0].is_empty)
        body = holes.in_text(CODE)[0].body
        self.assertEqual(holes.refill(emptied, {"4.1": body}), CODE)
        self.assertEqual(holes.empty(CODE, {"4.2"}), CODE)

    def test_marks_that_do_not_fit_together_are_told(self):
        for wrong, sentence in ((CODE.replace("  // end hole 4.1\n", ""), "never ends"),
                                (CODE.replace("end hole 4.1", "end hole 4.2"), "has not begun"),
                                (CODE.replace("hole 4.1: twice", "hole four: twice"), "a mark is"),
                                (CODE.replace("  int y", "  // hole 4.2: more\n  int y"), "begins inside")):
            with self.assertRaisesRegex(ValueError, sentence):
                holes.in_text(wrong)

    def test_a_hint_with_a_line_of_the_solution_is_told(self):
        hole = holes.in_text(CODE)[0]
        told = list(check_holes.giveaways(hole, "Write `return y+100000;` there."))
        self.assertEqual(told, ["return y + 100000;"])
        self.assertEqual(list(check_holes.giveaways(hole, "Return what you have made.")), [])

    def test_the_holes_of_the_reference_are_read(self):
        self.assertGreater(len(holes.everywhere()), 10)
        for chapter, hole in holes.everywhere():
            self.assertEqual(int(hole.number.split(".")[0]), chapter.number)

    def test_hints_are_read_with_all_their_lines(self):
        for chapter in places.CHAPTERS:
            for one in hints.of_chapter(chapter).values():
                self.assertEqual(len(one.hints), 3, one.number)
                self.assertGreater(len(one.contract), 60, one.number)
                self.assertNotIn("Fails first", one.contract)


    def test_a_hint_is_told_without_marks(self):
        chapter = places.find_chapter("4")
        self.assertEqual(hints.plain("See [The answer](README.md#the-answer), [x](../../src/a.cpp).", chapter),
                         "See The answer (chapters/04-handshake/README.md#the-answer), x (src/a.cpp).")


class Bugs(unittest.TestCase):
    def read(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".md") as f:
            f.write(text)
            f.flush()
            return bugs.read(f.name)

    def test_a_bug_is_read_and_planted_where_it_fits_once(self):
        bug = self.read(BUG)
        self.assertEqual((bug.number, bug.step, bug.hole, bug.read), ("04-9", "2", "", ""))
        self.assertEqual(bug.planted("{\n  return y;\n}"), "{\n  return y + x;\n}")
        for text in ("nothing", "  return y;\n  return y;\n"):
            with self.assertRaisesRegex(ValueError, "once"):
                bug.planted(text)

    def test_a_bug_without_its_form_is_told(self):
        for old, new, sentence in (("# Bug 04-9:", "# A bug:", "first line"),
                                   ("```after", "```later", "needs a fence"),
                                   ("caught by:", "found by:", "caught by"),
                                   ("base/hex.cpp", "base/no.cpp", "there is no")):
            with self.assertRaisesRegex(ValueError, sentence):
                self.read(BUG.replace(old, new))

    def test_a_bug_that_is_caught_elsewhere_is_told(self):
        bug = self.read(BUG)
        story = "twice is twice   step 2 failed\n  found   six\n  like  fails at the same place as planted bug 04-9: three"
        self.assertEqual(list(check_bugs.caught(bug, variants.Failure("twice is twice", story))), [])
        self.assertIn("no test", next(check_bugs.caught(bug, None)))
        self.assertIn("fails first", next(check_bugs.caught(bug, variants.Failure("another", story))))
        later = variants.Failure("twice is twice", story.replace("step 2", "step 3"))
        self.assertIn("not fail at step 2", next(check_bugs.caught(bug, later)))
        bug = self.read(BUG.replace("step: 2\n", "step: 2\nfound: six\n"))
        said = story + " times as\n      much"
        self.assertEqual(list(check_bugs.caught(bug, variants.Failure("twice is twice", said))), [])
        other = variants.Failure("twice is twice", said.replace("04-9", "04-8"))
        self.assertIn("the same place", next(check_bugs.caught(bug, other)))
        bytes_differ = variants.Failure("twice is twice", said + "\n  wire  byte 1\n  came  00 01   ..")
        self.assertIn('the line "came: 00 01"', next(check_bugs.caught(bug, bytes_differ)))
        bug = self.read(BUG.replace("step: 2\n", "step: 2\nfound: six\ncame: 00 01\n"))
        self.assertEqual(list(check_bugs.caught(bug, bytes_differ)), [])


class Tests(unittest.TestCase):
    XML = ('<Catch><TestCase name="a"><OverallResult success="true"/></TestCase><TestCase name="b &amp; c">'
           '<Expression success="false" type="CHECK" filename="{0}/tests/x.cpp" line="7"><Original>1 == x</Original>'
           '<Expanded>1 == 2</Expanded></Expression><OverallResult success="false"/></TestCase></Catch>').format(ROOT)

    def test_the_first_failure_is_found(self):
        failure = variants.read_failure(self.XML, "a hole\n", None)
        self.assertEqual(failure.test, "b & c")
        self.assertIn("CHECK( 1 == x )  is  1 == 2   (tests/x.cpp:7)", failure.text)
        self.assertIn("a hole", failure.text)
        self.assertIsNone(variants.read_failure(self.XML.replace("false", "true"), "", None))

    def test_a_program_that_stops_in_the_middle_has_failed_in_its_last_test(self):
        cut = self.XML[:self.XML.index("<Expression")]
        failure = variants.read_failure(cut, "", "the program crashed: SIGSEGV")
        self.assertEqual(failure.test, "b & c")
        self.assertEqual(failure.text.split("\n")[0], "the program crashed: SIGSEGV")
        self.assertIn("means     an address was used where nothing is", failure.text)
        self.assertTrue(failure.ended)

    def test_each_test_of_a_chapter_can_be_named(self):
        self.assertEqual(variants.spec("a, [b] and \"c\""), "a\\, \\[b] and \\\"c\\\"")


    def ended(self, line, spread=300):
        """How a program ended that is this line of Python; it has two seconds of work."""
        with tempfile.TemporaryDirectory() as folder, mock.patch.multiple(variants, PATIENCE=2, SPREAD=spread):
            program = os.path.join(folder, "test")
            with open(program, "w", encoding="utf-8") as f:
                f.write(f"#!{sys.executable}\nimport time\n{line}\n")
            os.chmod(program, 0o755)
            return variants.run_tests(program, [])[3]

    def test_a_loop_and_a_wait_and_a_crash_and_a_slow_machine_are_told_apart(self):
        self.assertIn("after 2 seconds of work: an endless loop", self.ended("while True: pass"))
        self.assertIn("after 2 seconds: a wait", self.ended("time.sleep(900)", spread=1))
        self.assertIn("crashed: SIGABRT", self.ended("import os; os.abort()"))
        self.assertIsNone(self.ended("time.sleep(2.5)"))


    def run_script(self, script, **limits):
        """The failure of a program that is these lines of Python; its results go to `out`."""
        limits = {"PATIENCE": 60} | limits
        with tempfile.TemporaryDirectory() as folder, mock.patch.multiple(variants, **limits):
            program = os.path.join(folder, "test")
            with open(program, "w", encoding="utf-8") as f:
                f.write(f"#!{sys.executable}\nimport os, sys, time\n"
                        f"out = open(sys.argv[sys.argv.index('-o') + 1], 'w')\n{script}\n")
            os.chmod(program, 0o755)
            return variants.first_failure([program])

    def test_what_the_learner_prints_is_shown_beside_the_results_and_not_taken_for_them(self):
        said = self.run_script("print('\\ffrom another test\\f<Catch><TestCase name=\"x\">\\n' + 'many\\n' * 30 + 'last')\n"
                               f"out.write({self.XML!r})").text
        self.assertTrue(said.startswith("CHECK( 1 == x )  is  1 == 2"), said)
        self.assertTrue(said.endswith("it printed, at the end:\n" + "  many\n" * 19 + "  last"), said)

    def test_output_without_end_is_neither_kept_nor_waited_for(self):
        script = "out.write('<Catch><TestCase name=\"a\">'); out.flush()\nwhile True: print('again' * 1000)"
        failure = self.run_script(script, PATIENCE=1, SPREAD=60)
        self.assertEqual(failure.test, "a")
        self.assertLess(len(failure.text), 10000)
        self.assertIn("an endless loop?\nit printed, at the end:\n  ", failure.text)
        self.assertIn("\n  againagain", failure.text)

    def test_what_a_test_has_started_ends_with_it(self):
        with tempfile.NamedTemporaryFile() as f:
            script = f"import fcntl; f = open('{f.name}'); fcntl.flock(f, fcntl.LOCK_EX); os.fork(); time.sleep(3600)"
            self.assertIn("a wait that nobody ends?", self.run_script(script, PATIENCE=1, SPREAD=1).text)
            signal.alarm(600) # the lock is held as long as one of them is there
            fcntl.flock(f, fcntl.LOCK_EX)
            signal.alarm(0)

    def test_the_tests_behind_one_that_never_ends_run_alone(self):
        said = io.StringIO()
        with mock.patch.multiple(variants, results=lambda _: [("a", None)], PATIENCE=0, SPREAD=0, MEMORY=None,
                                 first_failure=lambda _, words: variants.Failure(words[0], f"{words[0]} fails")), \
                mock.patch.object(grading.testing, "names", lambda _: ["a", "b", "c"]), contextlib.redirect_stdout(said):
            self.assertEqual(grading.testing.every_result(None, "exe"), {"a": None, "b": "b fails", "c": "c fails"})
        self.assertIn("it and the 1 behind it run alone", said.getvalue())

    def test_a_program_that_asks_for_all_memory_gets_a_part(self):
        self.assertIn("MemoryError", self.run_script("x = bytearray(1 << 30)", MEMORY=1 << 29).text)

    def test_a_program_that_has_run_no_test_has_not_passed(self):
        self.assertIn("has run no test", self.run_script("out.write('<Catch></Catch>')").text)


class Grades(unittest.TestCase):
    CHAPTER = places.find_chapter("6")
    BELONGING = {"6.1": {"a", "b"}, "6.2": {"b", "c"}}

    def graded(self, red, **state):
        """The chapter, all its holes filled, when these tests fail."""
        numbers = tuple(h.number for h in holes.of_chapter(self.CHAPTER))
        results = dict.fromkeys([*"abcd", *numbers]) | dict.fromkeys(red, "it fails")
        belonging = {n: {n} for n in numbers} | self.BELONGING
        with mock.patch.object(grading.testing, "belonging", lambda _: belonging):
            kinds = {key: {} for key in grading.learner.State.KINDS}
            return grading.graded(self.CHAPTER, kinds | state, grading.Evidence(True, True, "", numbers, results))

    def holes_of(self, *args, **state):
        return {h["hole"]: h for h in self.graded(*args, **state)["holes"]}

    def test_all_tests_that_belong_to_a_hole_earn_its_points(self):
        whole = self.graded([])
        self.assertEqual(whole["points"], whole["of"])
        for red, left in (("a", {"6.1": 0, "6.2": 4}), ("b", {"6.1": 0, "6.2": 0}), ("c", {"6.1": 4, "6.2": 0})):
            with self.subTest(red=red):
                graded = self.holes_of([red])
                self.assertEqual({n: graded[n]["points"] for n in left}, left)
                self.assertEqual(graded["6.1"]["tests"], ["a", "b"])
                self.assertEqual(graded["6.1"]["failed"], [red] if red in "ab" else [])

    def test_a_test_that_belongs_to_no_hole_costs_points(self):
        wrong = self.graded(["d"])
        self.assertTrue(all(h["passed"] for h in wrong["holes"]))
        self.assertLess(wrong["points"], wrong["of"])

    def test_what_was_shown_or_compared_has_no_points_and_a_hint_costs_one(self):
        graded = self.holes_of([], shown={"6.1": "then"}, compared={"6.2": "then"}, hints={"6.3": 1})
        self.assertEqual([graded[n]["points"] for n in ("6.1", "6.2", "6.3", "6.4")], [0, 0, 3, 4])

    def test_bugs_that_were_found_and_told_are_in_the_report(self):
        report = self.graded([], found={"06-2 (seed x)": "then", "04-1": "then"}, told={"06-3": "now"})
        self.assertEqual(report["bugs"], {"found": {"06-2 (seed x)": "then"}, "told": {"06-3": "now"}})
        self.assertIn('name="planted bugs found" value="06-2 (seed x)"', grading.junit({"x": report}))

    def test_the_tests_of_a_hole_are_its_first_one_and_those_that_wrong_lines_fail(self):
        belonging = grading.testing.belonging(self.CHAPTER)
        first = {n: h.fails_first for n, h in hints.of_chapter(self.CHAPTER).items()}
        self.assertTrue(all(first[n] in tests for n, tests in belonging.items()))
        self.assertGreater(max(len(tests) for tests in belonging.values()), 1)
        self.assertLessEqual(set().union(*belonging.values()), set(grading.testing.names(self.CHAPTER)))


class Warnings(unittest.TestCase):
    BUILT = "[1/2] Building CXX object CMakeFiles/mine_handshake.dir/work/04-handshake/handshake/talk.cpp.o\n"
    WARNED = ("../../work/04-handshake/handshake/talk.cpp:56:24: warning: ignoring returned value of type "
              "'cotorra::io::task<>' {aka 'x<y>'}, declared with attribute 'nodiscard' [-Wunused-result]\n")

    def after(self, *builds):
        """The warnings of chapter 4 after builds that said these lines."""
        state = mock.MagicMock(words={"warnings": {}})
        state.__getitem__.side_effect = state.words.__getitem__
        with mock.patch.multiple(building, State=lambda: state, WORK=os.path.join(ROOT, "work"),
                                 remembering=lambda: contextlib.nullcontext(state)):
            for said in builds:
                building.remember_warnings(said, os.path.join(ROOT, "build", "debug"))
            return building.warnings(places.find_chapter("4"))

    def test_a_forgotten_co_await_is_told_until_its_file_is_built_without(self):
        told = ["work/04-handshake/handshake/talk.cpp:56:24: warning: ignoring returned value of type "
                "'cotorra::io::task<>' [-Wunused-result]\n  did you forget co_await?"]
        self.assertEqual(self.after([self.BUILT, self.WARNED]), told)
        self.assertEqual(self.after([self.BUILT, self.WARNED], ["ninja: no work to do.\n"]), told)
        self.assertEqual(self.after([self.BUILT, self.WARNED], [self.BUILT]), [])

    def test_warnings_of_other_files_are_not_the_learners(self):
        self.assertEqual(self.after([self.BUILT, self.WARNED.replace("work/04-handshake", "src")]), [])


class Decoys(unittest.TestCase):
    def test_a_decoy_is_in_another_place_than_the_bug_and_fits_the_reference(self):
        for chapter in places.CHAPTERS:
            there = bugs.of_chapter(chapter)
            for seed in range(20):
                bug, decoy = decoys.drawn(chapter, there, f"seed {seed}")
                text = holes.read(os.path.join(ROOT, decoy.file))
                changed = decoys.applied([decoy], decoy.file, text)
                self.assertNotEqual(changed, text)
                self.assertTrue(decoy.fits(bug, holes.read(os.path.join(ROOT, bug.file))))
                if bug.file == decoy.file:
                    self.assertNotEqual(bug.planted(changed), changed)

    def test_comparisons_are_turned_in_code_and_nowhere_else(self):
        found = list(decoys.turned("x.cpp", 'if (a != b) // if (c != d)\n// if (a != b)\nf("if (a != b)");\nif (a.x() < 3)\n'))
        self.assertEqual([d.lines for d in found], [("if (!(a == b)) // if (c != d)",), ("if (3 > a.x())",)])


class Translations(unittest.TestCase):
    def test_a_compiler_is_translated(self):
        for said, told in (
                ("error: cannot convert ‘cotorra::task<int>’ {aka ‘asio::awaitable<int>’} to ‘int’", "co_await it"),
                ("error: conversion from ‘cotorra::task<std::byte>’ to non-scalar type ‘std::byte’ requested", "co_await it"),
                ("error: no match for ‘operator!=’ (operand types are ‘const std::byte’ and ‘char’)", "neither a char"),
                ("error: a ‘return’ statement is not allowed in coroutine; did you mean ‘co_return’?", "co_return")):
            self.assertIn(told, translations.of_compiler(said) or "", said)
        self.assertIsNone(translations.of_compiler("error: expected ‘;’ before ‘}’ token"))

    def test_sanitizers_are_translated(self):
        report = ("==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6 at pc 0x5\n"
                  "READ of size 1 at 0x602000000015 thread T0\n"
                  f"    #0 0x5 in std::vector /usr/include/c++/12/bits/vector.tcc:4\n    #1 0x6 in f {ROOT}/src/base/hex.cpp:17\n"
                  "0x6 is located 0 bytes after 5-byte region [0x1,0x6)\n")
        self.assertEqual(translations.of_run(report, None),
                         "you read 1 byte behind the end of 5 bytes, at src/base/hex.cpp:17")
        report = report.replace("heap-buffer-overflow", "stack-use-after-scope")
        self.assertIn("after its scope had ended", translations.of_run(report, None))
        self.assertEqual(translations.of_run(f"{ROOT}/src/base/hex.cpp:9:3: runtime error: signed integer overflow", None),
                         "what C++ leaves undefined happened at src/base/hex.cpp:9: signed integer overflow")
        self.assertIn("give the result a name", translations.of_run("", "the program crashed: SIGILL"))
        self.assertIn("index is not below", translations.of_run("Assertion '__n < this->size()' failed.", None))
        self.assertIsNone(translations.of_run("a hole", None))


class Sizes(unittest.TestCase):
    CODE = """namespace cotorra::x {
namespace {

using keys = int;
int helper(int n) {
  // hole 4.2: count
  return n + 1;
  // end hole 4.2
}

} // namespace

int f(int n,
      int m) {
  return helper(n) + m;
}

struct s {
  explicit s(int n) : n_(n) {}
  int get() const {
    return n_;
  }
  int n_;
};

} // namespace cotorra::x
"""

    def test_functions_are_found_with_their_bodies(self):
        self.assertEqual([(f.name, f.last - f.body) for f in sizes.functions(self.CODE)], [("helper", 3), ("f", 1), ("get", 1)])

    def test_a_function_with_a_hole_is_emptied_and_its_contract_stays(self):
        out = sizes.blank("src/x/plain.cpp", self.CODE, {"4.2": "`n` comes in."})
        self.assertIn('int helper(int n) {\n  // 4.2 count. n comes in.\n  todo("4.2");\n}', out)
        self.assertIn("return helper(n) + m;", out)

    def test_a_file_of_design_is_emptied_to_its_declarations(self):
        with mock.patch.object(sizes, "DESIGN", {"src/x/y.cpp"}):
            out = sizes.blank("src/x/y.cpp", self.CODE, {"4.2": "`n` comes in."})
        self.assertEqual(sizes.todos(out), ["f", "get"])
        self.assertNotIn("int helper", out)
        self.assertIn("// 4.2 count. n comes in.", out)
        self.assertIn("using keys = int;", out)


class Mutants(unittest.TestCase):
    def test_the_mutants_of_a_line(self):
        made = dict(mutants.of_line("  if (a < b && f(0)) ++n; // a < b"))
        self.assertEqual(sorted(made.values()), sorted([
            "  if (a <= b && f(0)) ++n; // a < b", "  if (a < b || f(0)) ++n; // a < b", "  if (a < b && f(1)) ++n; // a < b",
            "  if (a < b && f(0)) --n; // a < b", "  if (!(a < b && f(0))) ++n; // a < b"]))
        self.assertEqual(dict(mutants.of_line("  out.push_back(x);")), {"`out.push_back(x);` is gone": "  ;"})
        for line in ("  // a < b", "  return;", '  malformed("a < b");', "  using x = y;"):
            self.assertEqual(list(mutants.of_line(line)), [], line)

    def test_mutants_are_made_in_functions_alone(self):
        for mutant in mutants.of_chapter(places.find_chapter("6")):
            self.assertNotIn("static_assert", mutant.what)
            self.assertTrue(mutant.function)


class Build(unittest.TestCase):
    def test_a_second_build_in_the_same_folder_waits_and_says_so(self):
        with tempfile.TemporaryDirectory() as at:
            first = os.open(at, os.O_RDONLY)
            fcntl.flock(first, fcntl.LOCK_EX)
            said = mock.MagicMock(side_effect=lambda *_, **__: fcntl.flock(first, fcntl.LOCK_UN))
            with mock.patch("builtins.print", said), building.locked(at):
                with self.assertRaises(BlockingIOError):
                    fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.assertIn("another learn builds in", said.call_args[0][0])
            os.close(first)

    def test_a_build_folder_that_came_from_elsewhere_is_made_anew(self):
        for began, left in ((ROOT, 2), ("/somewhere/else", 0)):
            with tempfile.TemporaryDirectory() as at, contextlib.redirect_stdout(io.StringIO()) as said:
                os.mkdir(os.path.join(at, "CMakeFiles"))
                with open(os.path.join(at, "CMakeCache.txt"), "w", encoding="utf-8") as f:
                    f.write(f"CMAKE_HOME_DIRECTORY:INTERNAL={began}\n")
                building.clear_if_moved(at)
                self.assertEqual((len(os.listdir(at)), "made anew" in said.getvalue()), (left, left == 0))

    def test_a_folder_in_which_nobody_may_write_is_told(self):
        try_it = "import sys, building\nwith building.locked(sys.argv[1]): print('locked')"
        for below in (".", "build"):
            with self.subTest(below=below):
                at = os.path.normpath(os.path.join(locked_out.folder(self), below))
                done = subprocess.run(locked_out.python("-c", try_it, at), cwd=os.path.dirname(building.__file__),
                                      capture_output=True, text=True)
                self.assertIn(f"PermissionError: [Errno 13] Permission denied: '{at}'", done.stderr)

    def test_a_ccache_that_does_not_work_is_not_used(self):
        for works, said in ((": >\"$5\"", "ccache "), ("exit 1", " 1")):
            with self.subTest(works=works), tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "ccache"), "w", encoding="utf-8") as f:
                    f.write(f"#!/bin/sh\n{works}\n")
                os.chmod(f.name, 0o755)
                env = {k: v for k, v in os.environ.items() if k not in ("CMAKE_CXX_COMPILER_LAUNCHER", "CCACHE_DISABLE")}
                line = '. tests/support/setup.sh; use_ccache; echo "${CMAKE_CXX_COMPILER_LAUNCHER:-} ${CCACHE_DISABLE:-}"'
                done = subprocess.run(["bash", "-c", line], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                                      env=env | {"PATH": folder + ":" + env["PATH"]})
                self.assertEqual(done.stdout, said + "\n")

    def test_a_folder_whose_name_cmake_cannot_take_is_told(self):
        for name, bad in (("a b (1)'", False), ("a#b", True), ("[a", True), ("a;b", True), ("a\\b", True)):
            with self.subTest(name=name), tempfile.TemporaryDirectory() as folder:
                at = os.path.join(folder, name, "tests", "support")
                os.makedirs(at)
                shutil.copy(os.path.join(ROOT, "tests", "support", "setup.sh"), at)
                done = subprocess.run(["bash", "-c", ". ./setup.sh; cmake() { echo configured >&2; }; configure debug"],
                                      cwd=at, text=True, stderr=subprocess.PIPE)
                self.assertEqual("CMake cannot build in" in done.stderr, bad, done.stderr)

    def test_each_chapter_teaches_rooms_that_are_there(self):
        for chapter in places.CHAPTERS:
            for room in chapter.rooms:
                self.assertTrue(os.path.isdir(os.path.join(ROOT, "src", room)), room)
        self.assertIs(places.find_chapter("4"), places.find_chapter("handshake"))
        self.assertIsNone(places.find_chapter("99"))


if __name__ == "__main__":
    unittest.main()
