"""A student's first hour, in a fresh copy of the project: from nothing to a hole that is filled."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "chapters", "book"))
import holes  # noqa: E402
import places  # noqa: E402

FIRST = places.find_chapter("1")


def fresh_copy(to):
    left_out = shutil.ignore_patterns("build", "work", ".git", "__pycache__", "*.pyc", "corpus")
    shutil.copytree(ROOT, to, ignore=left_out, symlinks=True)


class FirstHour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = os.path.join(cls.folder.name, "my cotorra (2)")  # as a browser may name it
        fresh_copy(cls.root)
        cls.commands = 0

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def learn(self, *words, status=None):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("COTORRA_") or k == "COTORRA_NO_SETUP"}
        if shutil.which("ccache"): # what is the same here is not compiled again
            environment |= {"CMAKE_CXX_COMPILER_LAUNCHER": "ccache", "CCACHE_BASEDIR": self.root,
                            "CCACHE_NOHASHDIR": "1"}
        done = subprocess.run(["chapters/learn", *words], cwd=self.root, env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=3000)
        self.assertNotIn("Traceback", done.stderr)
        type(self).commands += 1
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def fill(self, only=None):
        """What a student writes: here, what the reference has in those holes."""
        for room in FIRST.rooms:
            for name in os.listdir(os.path.join(self.root, "src", room)):
                mine = os.path.join(self.root, "work", FIRST.name, room, name)
                with open(os.path.join(self.root, "src", room, name), encoding="utf-8") as f:
                    bodies = {h.number: h.body for h in holes.in_text(f.read()) if only is None or h.number in only}
                with open(mine, encoding="utf-8") as f:
                    text = f.read()
                with open(mine, "w", encoding="utf-8") as f:
                    f.write(holes.refill(text, bodies))

    def test_the_first_hour(self):
        first = holes.of_chapter(FIRST)[0].number
        # Four commands to the first hole that is filled.
        self.assertIn("next: chapters/learn start", self.learn(status=0))
        self.learn("start", "1", status=0)
        # Emacs has a file open; and the student has kept a copy beside, which is not what is tested.
        mine = os.path.join(self.root, "work", FIRST.name)
        os.symlink("me@here.4711", os.path.join(mine, FIRST.rooms[0], ".#decode_wire.cpp"))
        shutil.copytree(mine, mine + "-old", symlinks=True)
        said = self.learn("test", "1", status=1)
        self.assertIn(f"hole {first} is empty", said)
        self.assertIn(f"next: fill hole {first}", said)
        self.fill([first])
        said = self.learn("test", "1", status=1)
        self.assertNotIn(f"hole {first} is empty", said)
        self.assertRegex(said, r"next: fill hole 1\.[2-9]")
        self.assertLess(self.commands, 5)
        self.assertIn("1 of ", self.learn())

        self.misspelt()
        self.prints(first)
        self.points_of_a_part(first)
        self.fill()
        self.assertIn(" pass with your bencode", self.learn("test", "1", status=0))
        self.assertIn("done: all tests pass", self.learn())
        self.assertIn("letter by letter", self.learn("compare", "1", status=0))
        self.points_of_all(first)
        self.learn("debug", "1", "--nonsense", status=2)
        self.wrong_lines()
        self.hunt()
        self.in_the_way()

    def misspelt(self):
        """What does not compile is shown with its line, and no failing test besides."""
        path = os.path.join(self.root, "work", FIRST.name, FIRST.rooms[0], "decode_wire.cpp")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace("\nnamespace cotorra", "\nnonsense;\nnamespace cotorra", 1))
        said = self.learn("test", "1", status=1)
        self.assertRegex(said, r"(?m)^work/01-bencode/bencode/decode_wire.cpp:\d+:\d+: error:.*nonsense")
        self.assertIn("It does not compile", said)
        self.assertIn("no build", self.learn("grade", "1", status=0))
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def wrong_lines(self):
        """The hole whose lines are wrong is named, and no other; a forgotten co_await is told in plain words."""
        path = os.path.join(self.root, "work", FIRST.name, FIRST.rooms[0], "decode_wire.cpp")
        talk = os.path.join(os.path.dirname(path), "read_talk.cpp")
        kept = {}
        for file in (path, talk):
            with open(file, encoding="utf-8") as f:
                kept[file] = f.read()
        for other in ("3", "6"): # rooms without a line of code beside it
            self.learn("start", other, "--from-scratch", status=0)
        for file, number, lines, told in (
                (path, "1.2", ["  while (peek() != std::byte{'e'}) any(++depth);"], r"wrong +hole 1\.2"),
                # another hole is right, but not as the reference has it, and what was left of todo is a comment
                (path, "1.2", ['  // todo("1.2");', "  while (peek() != std::byte{'e'}) any(++depth);"], r"wrong +hole 1\.2"),
                (talk, "1.5", ["  number n = number::integer();", "  std::byte b = next();"], r"means .*co_await it")):
            with self.subTest(hole=number):
                with open(file, "w", encoding="utf-8") as f:
                    text = holes.refill(kept[file], {number: lines})
                    f.write(text.replace("!first && !disorder_ && previous >= key", "!disorder_ && !first && !(previous < key)"))
                said = self.learn("test", "1", status=1)
                self.assertRegex(said, told)
                self.assertNotRegex(said, rf"wrong +hole (?!{number})")
                with open(file, "w", encoding="utf-8") as f:
                    f.write(kept[file])

    def prints(self, hole):
        """What a student prints to find a mistake is shown, and the results are found beside it."""
        path = os.path.join(self.root, "work", FIRST.name, FIRST.rooms[0], "decode_wire.cpp")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        lines = text.split("\n")
        mark = next(i for i, line in enumerate(lines) if f"// hole {hole}:" in line)
        lines[mark + 1:mark + 1] = ['__builtin_printf("<TestCase> of mine\\n");', f'todo("{hole}");']
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
        said = self.learn("test", "1", status=1)
        self.assertIn(f"hole {hole} is empty", said)
        self.assertIn("it printed, at the end:\n  <TestCase> of mine\n", said)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def in_the_way(self):
        """build/ that is a file is told, and stays."""
        build = os.path.join(self.root, "build")
        os.rename(build, build + ".old")
        with open(build, "w", encoding="utf-8"):
            pass
        said = self.learn("test", "1", status=1)
        self.assertRegex(said, r"^build\S* is, or is in, a file where a folder should be: move that file away\n$")
        self.assertTrue(os.path.isfile(build))

    def points_of_a_part(self, first):
        """One hole is filled: the others have no points, and what fails is in all reports."""
        self.learn("hint", first, status=0)
        chapter = self.graded()
        self.assertTrue(all(h["points"] == 0 for h in chapter["holes"] if h["hole"] != first))
        own = next(h for h in chapter["holes"] if h["hole"] == first)
        self.assertTrue(own["filled"])
        self.assertEqual(own["passed"], not own["failed"])
        suite = xml.parse(os.path.join(self.root, "work", "grade", "junit.xml")).getroot()
        suite = next(s for s in suite if s.get("name") == FIRST.name)
        self.assertEqual(suite.get("tests"), str(len(suite.findall("testcase"))))
        self.assertEqual(suite.get("failures"), str(len(suite.findall("testcase/failure"))))
        self.assertGreater(int(suite.get("failures")), 0)
        self.assertGreater(int(suite.get("tests")), int(suite.get("failures")))

    def points_of_all(self, first):
        chapter = self.graded()
        points = {h["hole"]: h["points"] for h in chapter["holes"]}
        self.assertEqual(points.pop(first), 3)  # of four, as it took a hint
        self.assertEqual(set(points.values()), {4})
        self.assertEqual(chapter["points"], chapter["of"] - 1)

    def graded(self):
        self.learn("grade", "1", status=0)
        with open(os.path.join(self.root, "work", "grade", "grade.json"), encoding="utf-8") as f:
            return next(c for c in json.load(f)["chapters"] if c["chapter"] == FIRST.name)

    def hunt(self):
        self.learn("break", "1", "1", status=0)
        said = self.learn("break", "1", "--test", status=1)
        self.assertIn(" failed", said)
        self.assertNotIn("fails at the same place", said)
        shutil.copytree(os.path.join(self.root, "src", "bencode"),
                        os.path.join(self.root, "work", "broken", FIRST.name, "bencode"), dirs_exist_ok=True)
        self.assertIn("It is noted that you have found bug 01-1.", self.learn("break", "1", "--test", status=0))
        said = self.learn("break", "1", "--tell", status=0)
        self.assertIn("Bug 01-1", said)
        self.assertNotIn("It is noted that you were told", said)  # it was found before


if __name__ == "__main__":
    unittest.main()
