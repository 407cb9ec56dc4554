"""learn grade --class: a small class, one of whose students would hurt the teacher's machine."""
import contextlib
import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from unittest import mock

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "chapters", "book"))
import class_report  # noqa: E402
import classroom  # noqa: E402
import holes  # noqa: E402
import intake  # noqa: E402
import learner  # noqa: E402
import places  # noqa: E402
import sandbox  # noqa: E402

FIRST = places.find_chapter("1")
HOSTILE = r"""
#include <arpa/inet.h>
#include <cstdio>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
namespace {
int const before_all_tests = [] {
  ::remove("@file@");
  if (std::FILE* f = std::fopen("@file@", "w")) std::fclose(f);
  if (std::FILE* f = std::fopen("@neighbour@", "w")) std::fclose(f);
  sockaddr_in to{.sin_family = AF_INET, .sin_port = htons(@port@), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  if (::connect(::socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0)
    std::fprintf(stderr, "connected\n");
  char const* const places[] = {"/tmp/huge", "@file@.huge", "/dev/shm/huge", "/huge"};
  static char const much[1 << 20] = {1};
  for (auto place : places)
    for (int f = ::open(place, O_CREAT | O_WRONLY, 0666); f >= 0 && ::write(f, much, sizeof much) > 0;) {}
  for (;;) ::fork();
  return 0;
}();
} // namespace
"""


class Intake(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = folder.name
        self.room = self.made("ana/work/01-bencode/bencode")

    def made(self, path):
        os.makedirs(os.path.join(self.top, path))
        return os.path.join(self.top, path)

    def test_only_plain_sources_of_a_sensible_size_are_taken_and_the_rest_is_told(self):
        with open(os.path.join(self.top, "secret"), "w", encoding="utf-8") as f:
            f.write("secret")
        os.symlink(f.name, os.path.join(self.room, "link.cpp"))
        os.symlink("/dev/zero", os.path.join(self.room, "device.cpp"))
        os.mkfifo(os.path.join(self.room, "pipe.cpp"))
        os.makedirs(os.path.join(self.room, "folder.cpp"))
        for name, data in (("good.cpp", b"int x;\n"), ("huge.hpp", b"x" * (intake.LARGEST + 1)), ("odd.cpp", b"\xff"),
                           (".#good.cpp", b""), ("notes.txt", b""), ("-Wl,x.cpp", b"")):
            with open(os.path.join(self.room, name), "wb") as f:
                f.write(data)
        one, = intake.students(self.class_folder(), [FIRST])
        one.remarks.clear()
        to = self.made("to")
        self.assertEqual(intake.take(one, FIRST, to), {"src/bencode/good.cpp": "int x;\n"})
        self.assertEqual(os.listdir(os.path.join(to, "bencode")), ["good.cpp"])
        self.assertEqual(one.remarks, [
            "bencode/device.cpp is a link, or no file: not taken", "bencode/folder.cpp is no plain file: not taken",
            "bencode/huge.hpp has more than 512 KiB: not taken", "bencode/link.cpp is a link, or no file: not taken",
            "bencode/odd.cpp is not UTF-8: not taken", "bencode/pipe.cpp is no plain file: not taken"])

    def class_folder(self):
        os.rename(os.path.join(self.top, "ana"), os.path.join(self.made("class"), "ana"))
        self.room = os.path.join(self.top, "class", "ana", "work", "01-bencode", "bencode")
        return os.path.join(self.top, "class")

    def test_folders_that_are_links_are_not_followed(self):
        at = self.class_folder()
        os.symlink(os.path.join(at, "ana"), os.path.join(at, "ben"))
        os.makedirs(os.path.join(at, "cy", "work", "01-bencode"))
        os.symlink(self.room, os.path.join(at, "cy", "work", "01-bencode", "bencode"))
        os.makedirs(os.path.join(at, "dora"))
        os.symlink(os.path.join(at, "ana", "work", "01-bencode"), os.path.join(at, "dora", "01-bencode"))
        there = {one.name: one for one in intake.students(at, [FIRST])}
        self.assertEqual({name: intake.started(one, FIRST) for name, one in there.items()},
                         {"ana": True, "ben": False, "cy": False, "dora": False})
        self.assertEqual(there["ben"].remarks, ["is a link, which is not followed"])

    def test_a_memory_that_is_not_as_learn_wrote_it_is_a_remark(self):
        memory = os.path.join(self.top, "ana", "work", ".learn.json")
        for odd in (b"{", b"[]", b'{"hints": {"1.1": "x"}}', b"[" * 100000):
            with self.subTest(odd=odd[:30]):
                with open(memory, "wb") as f:
                    f.write(odd)
                one = intake.student(0, os.path.join(self.top, "ana"), [FIRST])
                self.assertEqual((one.remarks, one.state["hints"]), ([".learn.json is not as learn wrote it"], {}))
        with open(memory, "wb") as f:
            f.write(b'{"hints": {"1.1": 2}}')
        one = intake.student(0, os.path.join(self.top, "ana"), [FIRST])
        self.assertEqual((one.remarks, one.state["hints"]), ([], {"1.1": 2}))


class Words(unittest.TestCase):
    def learn(self, *words):
        done = subprocess.run([os.path.join(ROOT, "chapters", "learn"), "grade", *words], text=True, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=600)
        return done.returncode, done.stdout, done.stderr

    def test_every_bad_use_is_one_sentence_and_status_2(self):
        with tempfile.TemporaryDirectory() as empty:
            for words in (["--class"], ["--class", "/nowhere"], ["--class", empty], ["--class", empty, "99"], ["--trust"],
                          ["--seconds", "5"], ["--class", empty, "--seconds", "x"], ["--class", empty, "--seconds", "0"],
                          ["-o", empty], ["--class", empty, "--nonsense"], ["--class", empty, "1", "2"]):
                with self.subTest(words=words):
                    status, said, complaint = self.learn(*words)
                    self.assertEqual((status, said, complaint.count("\n")), (2, "", 1), complaint)

    def test_without_a_sandbox_nothing_is_graded_and_the_teacher_is_told_what_to_install(self):
        with mock.patch.object(sandbox.shutil, "which", lambda _: None), mock.patch.object(sandbox.building, "set_up"):
            with self.assertRaisesRegex(learner.Sorry, "install --no-install-recommends bubblewrap; or say --trust"):
                sandbox.need()

    def test_names_are_harmless_in_a_terminal_and_in_a_spreadsheet(self):
        self.assertEqual(class_report.plain("=1+1"), "'=1+1")
        self.assertEqual(class_report.plain("ana\x1b[2J\n"), "ana?[2J?")
        self.assertEqual(class_report.plain("Ñandú \udcff"), "Ñandú \ufffd")

    def test_how_a_program_ended_is_read_from_the_status_of_a_shell(self):
        for status, report, told in (("139", "<Catch>", "crashed: SIGSEGV"), ("152", "<Catch>", "an endless loop?"),
                                     ("137", "<Catch>", "not ended after 9 seconds"), ("", "", "not ended after 9 seconds")):
            self.assertIn(told, sandbox.ended_as(status, report, "", "", 9)[3])
        for status in ("0", "3", "139"): # so many tests failed
            self.assertIsNone(sandbox.ended_as(status, "<Catch></Catch>", "", "", 9)[3])


class Class(unittest.TestCase):
    """The reference, a wrong hole, a mistake, an endless loop, and one that is hostile."""

    @classmethod
    def setUpClass(cls):
        if why := sandbox.trouble():
            if os.environ.get("CI") == "true" and not shutil.which("bwrap"):
                raise AssertionError("CI runs every test, and cannot without bubblewrap")
            raise unittest.SkipTest(f"no sandbox: {why}")
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.students, cls.out = (os.path.join(cls.folder.name, name) for name in ("class", "out"))
        cls.file, cls.listener = os.path.join(cls.folder.name, "teacher's file"), socket.create_server(("127.0.0.1", 0))
        cls.addClassCleanup(cls.listener.close)
        with open(cls.file, "w", encoding="utf-8") as f:
            f.write("mine")
        for name, lines in (("ana", None), ("ben", "  while (peek() != std::byte{'e'}) any(depth);"), ("cy", "  nonsense;"),
                            ("dora", "  for (;;) {}")):
            cls.hand_in(name, {"1.2": [lines]} if lines else {})
        room = cls.hand_in("eva", {})
        code = HOSTILE.replace("@file@", cls.file).replace("@port@", str(cls.listener.getsockname()[1]))
        with open(os.path.join(room, "hostile.cpp"), "w", encoding="utf-8") as f:
            f.write(code.replace("@neighbour@", os.path.join(cls.students, "ana", "work", ".learn.json")))
        # An archive gives only what is needed, as this file is.
        with open(os.path.join(room, "decode_wire.cpp"), "a", encoding="utf-8") as f:
            f.write('#include "hostile.cpp"\n')
        os.symlink(cls.file, os.path.join(room, "link.cpp"))
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            cls.status = classroom.grade(cls.students, FIRST, cls.out, False, 8)
        cls.said = said.getvalue()
        with open(os.path.join(cls.out, "class.json"), encoding="utf-8") as f:
            cls.reports = {s["student"]: s for s in json.load(f)["students"]}

    @classmethod
    def hand_in(cls, name, bodies):
        room = os.path.join(cls.students, name, "work", FIRST.name, FIRST.rooms[0])
        shutil.copytree(os.path.join(ROOT, "src", FIRST.rooms[0]), room)
        for hole in holes.of_chapter(FIRST):
            path = os.path.join(room, os.path.basename(hole.path))
            text = holes.refill(holes.read(path), bodies)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        return room

    def chapter(self, name):
        return self.reports[name]["chapters"][0]

    def test_good_work_has_all_points_and_no_failure_of_others_changes_that(self):
        self.assertEqual(self.status, 0)
        self.assertEqual(self.reports["ana"]["points"], self.reports["ana"]["of"])
        self.assertTrue(all(t["passed"] for t in self.chapter("ana")["tests"]))

    def test_a_wrong_hole_has_no_points_and_the_others_have_theirs(self):
        points = {h["hole"]: h["points"] for h in self.chapter("ben")["holes"]}
        self.assertEqual(points.pop("1.2"), 0)
        self.assertGreater(sum(points.values()), 0)
        self.assertNotIn("ben", [s["student"] for s in self.reports.values() if s["out_of_time"]])

    def test_what_does_not_compile_is_told_with_its_line(self):
        self.assertRegex(self.chapter("cy")["said"], r"^work/01-bencode/bencode/decode_wire.cpp:\d+:\d+: error: .*nonsense")

    def test_an_endless_loop_costs_its_time_and_no_more(self):
        self.assertEqual(self.reports["dora"]["out_of_time"], [FIRST.name])
        self.assertLess(self.chapter("dora")["seconds"], classroom.COMPILING + 60)
        self.assertTrue(any("has not ended after" in t["said"] for t in self.chapter("dora")["tests"]))

    def test_hostile_code_is_alone(self):
        with open(self.file, encoding="utf-8") as f:
            self.assertEqual(f.read(), "mine")
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["class", "out", "teacher's file"])
        self.assertEqual(os.listdir(os.path.join(self.students, "ana", "work")), [FIRST.name])
        self.listener.settimeout(0)
        with self.assertRaises(BlockingIOError):
            self.listener.accept()
        self.assertTrue(self.chapter("eva")["compiles"]) # so it did run
        self.assertEqual(self.reports["eva"]["points"], 0)
        self.assertNotIn("connected", json.dumps(self.reports["eva"]))
        self.assertIn("bencode/link.cpp is a link, or no file: not taken", self.reports["eva"]["remarks"])
        self.assertEqual(self.left(), [])

    def left(self):
        """Processes of a student that are still there."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as f:
                if b"/class-" in (words := f.read()) and b"test_" + FIRST.name.encode() in words:
                    found.append(pid)
        return found

    def test_the_reports_agree(self):
        with open(os.path.join(self.out, "class.csv"), encoding="utf-8", newline="") as f:
            rows = list(csv.DictReader(f))
        self.assertEqual([r["student"] for r in rows], ["ana", "ben", "cy", "dora", "eva"])
        self.assertEqual([r[FIRST.name] for r in rows if r["student"] in ("ana", "cy")], [rows[0]["of"], "no build"])
        for row in rows:
            self.assertEqual(int(row["points"]), self.reports[row["student"]]["points"])
            self.assertRegex(self.said, rf"(?m)^{row['student']} .* {row['of']}\b")
        suites = {s.get("name"): s for s in xml.parse(os.path.join(self.out, "junit.xml")).getroot()}
        self.assertEqual(suites["cy/01-bencode"].get("errors"), "1")
        self.assertEqual(suites["ana/01-bencode"].get("failures"), "0")
        self.assertIn("3 of 5", self.said)


if __name__ == "__main__":
    unittest.main()
