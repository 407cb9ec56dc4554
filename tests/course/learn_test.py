"""chapters/learn without a build: its words, its memory, and that it never loses what a student wrote."""
import difflib
import json
import os
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml

import locked_out

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Learn(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = os.path.join(folder.name, "work")

    def learn(self, *words, command=lambda *words: words):
        """(exit status, what was said, what was complained of)"""
        done = subprocess.run(command(os.path.join(ROOT, "chapters", "learn"), *words), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=600,
                              env=os.environ | {"COTORRA_WORK": self.work})
        self.assertNotIn("Traceback", done.stderr)
        return done.returncode, done.stdout, done.stderr

    def file(self, name="handshake_talk.cpp"):
        return os.path.join(self.work, "04-handshake", "handshake", name)

    def state(self):
        with open(os.path.join(self.work, ".learn.json"), encoding="utf-8") as f:
            return json.load(f)

    def test_every_bad_use_is_one_sentence_and_status_2(self):
        for words in (["nonsense"], ["start"], ["start", "99"], ["start", "4", "5"],
                      ["start", "4", "--nonsense"], ["test"], ["test", "handshake!"], ["test", "4"], ["test", "--all-mine", "4"], ["test", "--all-mine"],
                      ["start", ""], ["start", "²"], ["start", "4" * 5000], ["hint", "4.²"], ["hint", "².1"],
                      ["hint"], ["hint", "4"], ["hint", "4.99"], ["hint", "4.x"], ["show", "99.1"], ["compare"],
                      ["compare", "4"], ["break"], ["break", "4", "nonsense"], ["break", "4", "--test"],
                      ["break", "4", "--tell"], ["break", "4", "--test", "--tell"], ["break", "4", "--seed"], ["break", "4", "--seed", "x", "--tell"],
                      ["break", "4", "04-1", "--seed", "x"], ["debug"], ["debug", "99"],
                      ["grade", "99"], ["grade", "4", "5"], ["--nonsense"]):
            with self.subTest(words=words):
                status, said, complaint = self.learn(*words)
                self.assertEqual((status, said), (2, ""))
                self.assertEqual(complaint.count("\n"), 1, complaint)

    def test_a_beginner_is_told_what_to_do(self):
        status, said, _ = self.learn()
        self.assertEqual(status, 0)
        self.assertIn("next: chapters/learn start ", said)
        self.assertFalse(os.path.exists(self.work))  # to look is not to write
        self.assertIn("chapters/learn start 1", self.learn("--help")[1])

    def test_start_empties_the_holes_and_says_where_they_are(self):
        status, said, _ = self.learn("start", "4")
        self.assertEqual(status, 0)
        with open(self.file(), encoding="utf-8") as f:
            lines = f.read().split("\n")
        line = next(i + 1 for i, text in enumerate(lines) if 'todo("4.2");' in text)
        self.assertIn(f"handshake_talk.cpp:{line}\n", said)
        self.assertIn("0 of ", self.learn()[1])

    def test_start_again_keeps_the_work_and_again_moves_it(self):
        self.learn("start", "handshake")
        with open(self.file(), "w", encoding="utf-8") as f:
            f.write("mine")
        status, said, _ = self.learn("start", "4")
        self.assertEqual(status, 0)
        self.assertIn("stays as it is", said)
        with open(self.file(), encoding="utf-8") as f:
            self.assertEqual(f.read(), "mine")
        _, said, _ = self.learn("start", "4", "--again")
        old = said.split("is now in ")[1].split("\n")[0]
        with open(os.path.join(old, "handshake", "handshake_talk.cpp"), encoding="utf-8") as f:
            self.assertEqual(f.read(), "mine")
        with open(self.file(), encoding="utf-8") as f:
            self.assertIn('todo("4.2");', f.read())

    def test_hints_come_one_at_a_time_and_are_counted(self):
        heads = [self.learn("hint", "4.2")[1].split("\n")[0] for _ in range(4)]
        self.assertEqual([h.split("hint ")[-1] for h in heads], ["1 of 3", "2 of 3", "3 of 3", heads[3]])
        self.assertIn("There are no more hints", heads[3])
        self.assertEqual(self.state()["hints"], {"4.2": 3})

    def test_a_solution_that_was_shown_is_noted(self):
        _, said, _ = self.learn("show", "4.2")
        self.assertIn("wrong_info_hash", said)
        self.assertIn("worth no points", said)
        self.assertEqual(list(self.state()["shown"]), ["4.2"])

    def test_compare_shows_the_holes_as_differences(self):
        self.learn("start", "4")
        _, said, _ = self.learn("compare", "4")
        self.assertIn('-  todo("4.2");', said)
        self.assertIn("+++ src/handshake/handshake_talk.cpp", said)

    def test_holes_that_are_empty_when_compared_are_noted_and_those_that_are_written_are_not(self):
        self.learn("start", "4")
        with open(self.file(), encoding="utf-8") as f:
            text = f.read()
        with open(self.file(), "w", encoding="utf-8") as f:
            f.write(text.replace('todo("4.2");', "check(theirs);").replace('todo("4.3");', "; // later"))
        _, said, _ = self.learn("compare", "4")
        self.assertIn("It is noted that you have seen what is still empty: 4.1, 4.3, ", said)
        self.assertNotIn("4.2", self.state()["compared"])
        self.assertIn("4.3", self.state()["compared"])
        self.learn("grade")
        with open(os.path.join(self.work, "grade", "grade.json"), encoding="utf-8") as f:
            chapter = next(c for c in json.load(f)["chapters"] if c["chapter"] == "04-handshake")
        self.assertEqual({h["hole"]: h["shown"] for h in chapter["holes"]}["4.1"], True)
        self.assertEqual({h["hole"]: h["shown"] for h in chapter["holes"]}["4.2"], False)

    def test_from_scratch_the_whole_reference_is_uncovered(self):
        self.learn("start", "4", "--from-scratch")
        self.learn("compare", "4")
        self.assertEqual(list(self.state()["compared"]), ["4.1", "4.2", "4.3", "4.4", "4.5"])

    def test_a_seed_draws_the_same_bug_everywhere_and_a_change_that_alters_nothing(self):
        first = self.learn("break", "4", "--seed", "autumn")
        self.assertIn("alters nothing", first[1])
        bug = self.state()["planted"]["04-handshake"]
        folder = os.path.join(self.work, "broken", "04-handshake", "handshake")
        there = self.texts(folder)
        reference = self.texts(os.path.join(ROOT, "src", "handshake"))
        matches = difflib.SequenceMatcher(None, reference, there, autojunk=False).get_opcodes()
        self.assertGreaterEqual(sum(op[0] != "equal" for op in matches), 2)
        self.work += "2" # another machine
        self.learn("break", "4", "--seed", "autumn")
        self.assertEqual(self.state()["planted"]["04-handshake"], bug)
        self.assertEqual(self.texts(os.path.join(self.work, "broken", "04-handshake", "handshake")), there)
        drawn = set()
        for seed in "abcdefgh":
            said = self.learn("break", "4", "--seed", seed)[1]
            self.assertNotIn("is now in", said) # what is untouched is not kept
            drawn.add(self.state()["planted"]["04-handshake"])
        self.assertGreater(len(drawn), 2)

    def texts(self, folder):
        lines = []
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                lines += [f"{name}: {line}" for line in f]
        return lines

    def test_what_was_told_is_noted(self):
        self.learn("break", "4", "--seed", "autumn")
        _, said, _ = self.learn("break", "4", "--tell")
        name = f"{self.state()['planted']['04-handshake']} (seed autumn)"
        self.assertIn("The other change alters nothing:", said)
        self.assertIn(f"It is noted that you were told what bug {name} is.", said)
        self.assertEqual(list(self.state()["told"]), [name])

    def test_a_planted_bug_is_in_a_copy_and_told_when_asked(self):
        self.learn("start", "4")
        with open(self.file(), encoding="utf-8") as f:
            before = f.read()
        status, said, _ = self.learn("break", "4", "04-3")
        self.assertEqual(status, 0)
        self.assertNotIn("04-3", said)
        with open(self.file(), encoding="utf-8") as f:
            self.assertEqual(f.read(), before)
        self.assertIn("Bug 04-3: ", self.learn("break", "4", "--tell")[1])

    def test_grades_of_nothing_are_nothing_in_valid_files(self):
        status, said, _ = self.learn("grade")
        self.assertEqual(status, 0)
        with open(os.path.join(self.work, "grade", "grade.json"), encoding="utf-8") as f:
            report = json.load(f)
        self.assertEqual(report["points"], 0)
        self.assertGreater(report["of"], 0)
        suites = xml.parse(os.path.join(self.work, "grade", "junit.xml")).getroot()
        self.assertEqual(len(suites), len(report["chapters"]))
        self.assertTrue(all(case.find("skipped") is not None for case in suites.iter("testcase")))
        self.assertRegex(said, "(?s)Points: 4 .* 1 less for each hint .* share ")

    def test_a_memory_that_is_not_as_learn_wrote_it_is_told_and_put_aside(self):
        self.learn("start", "4")
        memory = os.path.join(self.work, ".learn.json")
        for odd in (b"{", b"", b"[]", b'{"hints": 3}', b'{"hints": {"4.2": "x"}}', b"\xff\xfe{", b"[" * 100000):
            with self.subTest(odd=odd[:30]):
                with open(memory, "wb") as f:
                    f.write(odd)
                status, said, complaint = self.learn()
                self.assertEqual((status, complaint.count("\n")), (0, 1))
                self.assertIn("work/.learn.json is not as learn wrote it", complaint)
                with open(memory, "rb") as f:
                    self.assertEqual(f.read(), odd)  # to look is not to write
                status, said, _ = self.learn("hint", "4.2")
                self.assertEqual((status, self.state()["hints"]), (0, {"4.2": 1}))
                with open(said.split("is now in ")[1].split("\n")[0], "rb") as f:
                    self.assertEqual(f.read(), odd)
        os.remove(memory)
        os.makedirs(memory)
        self.assertEqual(self.learn("hint", "4.2")[0], 0)
        self.assertEqual(self.state()["hints"], {"4.2": 1})

    def test_where_nothing_can_be_written_is_told(self):
        commands = (["start", "4"], ["hint", "4.2"], ["show", "4.2"], ["break", "4"], ["grade"])
        locked = locked_out.folder(self)
        for work in (locked, os.path.join(locked, "work")):
            self.work = work
            for words in commands:
                with self.subTest(work=work, words=words):
                    status, _, complaint = self.learn(*words, command=locked_out.command)
                    self.assertEqual((status, complaint.count("\n")), (1, 1), complaint)
                    self.assertIn(locked, complaint)
                    self.assertNotIn(".new", complaint)
                    self.assertIn("cannot be", complaint)

    def test_a_file_where_a_folder_should_be_is_told(self):
        os.makedirs(self.work)
        chapter = os.path.join(self.work, "04-handshake")
        for path in (chapter, self.work):
            with self.subTest(path=path):
                if path == self.work:
                    os.remove(chapter)
                    os.rmdir(self.work)
                with open(path, "w", encoding="utf-8") as f:
                    f.write("mine")
                status, _, complaint = self.learn("start", "4")
                self.assertEqual((status, complaint.count("\n")), (1, 1), complaint)
                self.assertIn(f"{path}", complaint)
                self.assertIn("move that file away", complaint)
                self.assertEqual(self.learn()[0], 0)
                with open(path, encoding="utf-8") as f:
                    self.assertEqual(f.read(), "mine")

    def test_a_source_that_is_not_utf_8_is_told_with_its_line(self):
        self.learn("start", "4")
        with open(self.file(), "rb") as f:
            text = f.read()
        for odd in ("// se\xf1al\n".encode("latin-1"), "// 16\n".encode("utf-16-le")):
            with self.subTest(odd=odd):
                with open(self.file(), "wb") as f:
                    f.write(text + odd)
                where = f"handshake_talk.cpp:{text.count(b'%c' % 10) + 1} is not UTF-8"
                for command in ("test", "compare"):
                    status, _, complaint = self.learn(command, "4")
                    self.assertEqual((status, complaint.count("\n")), (1, 1), complaint)
                    self.assertIn(where, complaint)
                status, said, _ = self.learn()
                self.assertEqual(status, 0)
                self.assertIn(where, said)
                self.assertEqual(self.learn("grade", "4")[0], 0)

    def test_files_that_are_gone_are_told_and_come_back(self):
        self.learn("start", "4")
        with open(self.file(), "a", encoding="utf-8") as f:
            f.write("// mine\n")
        os.remove(self.file("handshake_wire.cpp"))
        status, _, complaint = self.learn("test", "4")
        self.assertEqual((status, complaint.count("\n")), (1, 1), complaint)
        self.assertIn("handshake_wire.cpp is gone: chapters/learn start 4", complaint)
        self.assertIn("handshake_wire.cpp was gone, and is back", self.learn("start", "4")[1])
        with open(self.file("handshake_wire.cpp"), encoding="utf-8") as f:
            self.assertIn('todo("4.1");', f.read())
        with open(self.file(), encoding="utf-8") as f:
            self.assertTrue(f.read().endswith("// mine\n"))

    def test_half_mended_rooms_are_moved_and_untouched_ones_are_not(self):
        self.learn("break", "4", "04-1")
        self.assertNotIn("is now in", self.learn("break", "4", "04-2")[1])
        self.assertFalse(os.path.exists(os.path.join(self.work, "old")))
        talk = os.path.join(self.work, "broken", "04-handshake", "handshake", "handshake_talk.cpp")
        with open(talk, "a", encoding="utf-8") as f:
            f.write("// half\n")
        old = self.learn("break", "4", "04-1")[1].split("is now in ")[1].split("\n")[0]
        self.assertTrue(old.startswith(os.path.join(self.work, "old", "broken-04-handshake-")), old)
        with open(os.path.join(old, "handshake", "handshake_talk.cpp"), encoding="utf-8") as f:
            self.assertIn("// half\n", f.read())
        os.remove(talk)
        status, _, complaint = self.learn("break", "4", "--test")
        self.assertEqual((status, complaint.count("\n")), (1, 1), complaint)
        self.assertIn("handshake_talk.cpp is gone", complaint)

    def test_several_terminals_at_once_forget_nothing(self):
        learns = [subprocess.Popen([os.path.join(ROOT, "chapters", "learn"), *words], stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, text=True, env=os.environ | {"COTORRA_WORK": self.work})
                  for words in (["hint", "4.1"], ["hint", "4.1"], ["hint", "4.2"], ["show", "4.3"],
                                ["hint", "4.4"], ["start", "4"], ["start", "4"], ["break", "4", "04-1"])]
        for one in learns:
            self.assertEqual((one.communicate(timeout=600)[1], one.returncode), ("", 0))
        state = self.state()
        self.assertEqual(state["hints"], {"4.1": 2, "4.2": 1, "4.4": 1})
        self.assertEqual((list(state["shown"]), state["planted"]), (["4.3"], {"04-handshake": "04-1"}))
        self.assertEqual([f for f in os.listdir(self.work) if f.endswith(".new")], [])


if __name__ == "__main__":
    unittest.main()
