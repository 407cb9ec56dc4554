"""chapters/learn without a build: its words, its memory, and that it never loses what somebody wrote."""
import json
import os
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Learn(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = os.path.join(folder.name, "work")

    def learn(self, *words):
        """(exit status, what was said, what was complained of)"""
        done = subprocess.run([os.path.join(ROOT, "chapters", "learn"), *words], text=True,
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
                      ["hint"], ["hint", "4"], ["hint", "4.99"], ["hint", "4.x"], ["show", "99.1"], ["compare"],
                      ["compare", "4"], ["break"], ["break", "4", "nonsense"], ["break", "4", "--test"],
                      ["break", "4", "--tell"], ["break", "4", "--test", "--tell"], ["debug"], ["debug", "99"],
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

    def test_a_memory_that_cannot_be_read_is_told(self):
        os.makedirs(self.work)
        with open(os.path.join(self.work, ".learn.json"), "w", encoding="utf-8") as f:
            f.write("{")
        status, _, complaint = self.learn("hint", "4.2")
        self.assertEqual(status, 2)
        self.assertIn("cannot be read", complaint)


if __name__ == "__main__":
    unittest.main()
