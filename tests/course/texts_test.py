"""The checks of the texts find what they are for: each is shown a text that is wrong."""
import os
import re
import select
import shutil
import sys
import tempfile
import unittest
from unittest import mock

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "chapters", "book"))
import anchors  # noqa: E402
import recorded  # noqa: E402
import regions  # noqa: E402
import slide_rules  # noqa: E402
import terminal  # noqa: E402
import turns  # noqa: E402
from checks import captures as check_captures  # noqa: E402
from checks import diagrams as check_diagrams  # noqa: E402
from checks import fences as check_fences  # noqa: E402
from checks import links as check_links  # noqa: E402

README = os.path.join(ROOT, "README.md")
CHAPTER = "chapters/04-handshake/README.md"
BUG = "chapters/04-handshake/bugs/1-ascii-19.md"


def folder_with(test, files):
    """A folder with these files, {path: content}, until the test is over."""
    folder = tempfile.TemporaryDirectory()
    test.addCleanup(folder.cleanup)
    for name, content in files.items():
        path = os.path.join(folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)
    return folder.name


class Recorded(unittest.TestCase):
    def wrong(self, command):
        found = []
        recorded.refilled(f"```console run\n$ {command}\n```\n", "text", found)
        return found

    def test_outputs_that_are_not_what_the_command_says_are_told_and_written_again(self):
        old = ("```console run\n$ echo one; echo $TMP\nONE\n$ echo kept > $TMP/f\n```\n\n"
               "```console run\n$ cat $TMP/f\n```\n")
        wrong = []
        new = recorded.refilled(old, "text", wrong)
        self.assertEqual(new, old.replace("ONE", "one\n$TMP").replace("cat $TMP/f\n", "cat $TMP/f\nkept\n"))
        self.assertEqual(len(wrong), 2)
        again = []
        self.assertEqual(recorded.refilled(new, "text", again), new)
        self.assertEqual(again, [])

    def test_a_program_that_is_missing_is_told_and_the_text_stays(self):
        old, wrong = "```console run\n$ no-such-program-here\nold\n```\n", []
        self.assertEqual(recorded.refilled(old, "text", wrong), old)
        self.assertIn("not there", wrong[0][1])

    @unittest.skipUnless(shutil.which("dash"), "there is no dash")
    def test_a_command_that_only_bash_understands_is_told(self):
        self.assertIn("not there", self.wrong("[[ a = a ]] && echo one")[0][1])

    def test_a_command_that_takes_too_long_is_not_one_that_says_something_else(self):
        with mock.patch.object(recorded, "PATIENCE", 5):
            (mended, sentence), = self.wrong("echo one; tail -f /dev/null")
        self.assertFalse(mended)
        self.assertRegex(sentence, "took too long: .* after 5 seconds, and said until then: one$")
        (mended, sentence), = self.wrong("echo one")
        self.assertTrue(mended)
        self.assertIn("says something else", sentence)

    def test_what_a_command_leaves_running_is_ended(self):
        with tempfile.TemporaryDirectory() as tmp:
            number = int(recorded.run("tail -f /dev/null & echo $!", tmp, tmp))
        try:
            process = os.pidfd_open(number)
        except ProcessLookupError:
            return
        self.addCleanup(os.close, process)
        self.assertTrue(select.select([process], [], [], 60)[0])

    def test_a_command_that_says_something_else_on_a_slow_machine_is_told(self):
        for command in ("cotorra tracker --listen 127.0.0.1:6969", "cotorra tracker --listen=6969",
                        "timeout 2 cotorra", "timeout -s INT 2 cotorra", "true & sleep 1"):
            (mended, sentence), = self.wrong(command)
            self.assertFalse(mended)
            self.assertRegex(sentence, "may be taken|slow machine")
        for command in ("true --listen 127.0.0.1:0", "true --listen 0", "true --listen 127.0.0.1:$port",
                        "t=9; timeout $t true", "true --timeout 9", "until true; do sleep 0.1; done"):
            self.assertEqual(self.wrong(command), [], command)


class Fences(unittest.TestCase):
    def wrong(self, text, name=CHAPTER):
        return list(check_fences.wrong_in(text, name))

    def test_the_known_forms_are_silent(self):
        for info in ("cpp from=src/a.cpp", "cpp from=src/a.cpp#f", "console run", "console from=x.transcript",
                     'cpp from=src/a.cpp#"task<bool> reader::fill"'):
            self.assertEqual(self.wrong(f"a\n\n```{info}\nbody\n```\nb\n"), [])
        self.assertEqual(self.wrong("```before\nx\n```\n\n```after\ny\n```\n", BUG), [])
        self.assertEqual(self.wrong("    ```cpp from=x\n    ```\n", check_fences.SHOWS_FENCES), [])

    def test_a_misspelt_fence_is_told_with_its_line_and_what_to_write(self):
        for info, advice in (("cpp form=src/a.cpp#f", "from=FILE"), ("cpp from=a.cpp #f", "from=FILE"),
                             ("cpp From=a.cpp", "from=FILE"), ("console runn", "```console run"),
                             ("console", "```console run"), ("console run x", "```console run"),
                             ("cpp", "from=FILE#NAME"), ("", "four spaces"), ("before", "four spaces")):
            (line, sentence), = self.wrong(f"a\n\n```{info}\nbody\n```\n")
            self.assertEqual(line, 3)
            self.assertIn(advice, sentence)
        self.assertIn("```before", self.wrong("```befor\nx\n```\n", BUG)[0][1])

    def test_fences_that_no_check_sees_are_told(self):
        for text, sentence in (("   ```console run\n   $ x\n   ```\n", "indented"),
                               ("    ```console run\n    ```\n", "indented"),
                               ("> ```console run\n> ```\n", "quoted"),
                               ("~~~console run\n~~~\n", "tildes")):
            self.assertIn(sentence, self.wrong(text)[0][1])

    def test_a_fence_that_never_ends_is_told(self):
        self.assertEqual([line for line, _ in self.wrong("x\n```console run\n$ y\n```z\n")], [2])


class Regions(unittest.TestCase):
    FILE = "src/handshake/handshake_wire.cpp"

    def test_a_hole_is_a_region_and_can_be_shown_empty(self):
        body = regions.region(self.FILE, '"hole 4.1"')
        empty = regions.region(self.FILE, "encode", empty=True)
        whole = regions.region(self.FILE, "encode")
        self.assertNotIn("hole", body + empty)
        self.assertEqual(empty.replace('todo("4.1");\n', body.replace("\n", "\n  ").removesuffix("  ")), whole)
        self.assertRaises(LookupError, regions.region, self.FILE, "hole 4.99")

    def test_the_word_empty_stands_behind_a_name_only(self):
        self.assertEqual(list(check_fences.wrong_in("```cpp from=a.cpp#f empty\n```\n", CHAPTER)), [])
        for info in ("cpp from=a.cpp empty", "cpp from=a.cpp#f emtpy", "console from=a.transcript#x empty"):
            self.assertEqual(len(list(check_fences.wrong_in(f"```{info}\n```\n", CHAPTER))), 1, info)


class Slides(unittest.TestCase):
    ASK = '\n<!-- _class: ask -->\n\n## Your turn: hole 4.2\n\n```cpp\ntodo("4.2");\n```\n'
    LINES = "\n".join(slide_rules.lines_of_holes()["4.2"][0])
    ANSWER = f"\n## The answer\n\n```cpp\n{LINES}\n```\n"

    def wrong(self, *slides):
        return list(slide_rules.wrong(slides))

    def test_a_slide_that_asks_and_the_next_one_that_tells_are_silent(self):
        self.assertEqual(self.wrong("\n# Title\n", self.ASK, self.ANSWER, self.ANSWER), [])

    def test_a_solution_on_the_slide_that_asks_or_before_it_is_told(self):
        line = next(iter(slide_rules.lines_of_holes()["4.2"][1]))
        for given_away in (self.ASK + f"\n```cpp\n    {line};\n```\n", self.ASK + f"\nWrite `{line}`\n"):
            told, = self.wrong(given_away, self.ANSWER)
            self.assertIn("slide 1 shows a line of hole 4.2", told)
        told, = self.wrong(self.ANSWER)
        self.assertIn("no slide has asked for it", told)
        self.assertEqual(self.wrong(f"\n# A note tells\n<!-- 1 min. {line} -->\n"), [])

    def test_a_solution_that_does_not_follow_is_told(self):
        self.assertIn("does not show its line", self.wrong(self.ASK, "\n# Later\n")[0])
        self.assertIn("nothing follows", self.wrong(self.ASK)[0])
        half = self.ANSWER.replace(self.LINES.split("\n")[0] + "\n", "")
        self.assertIn("does not show its line", self.wrong(self.ASK, half)[0])
        unknown = self.ASK.replace("hole 4.2", "hole 4.99")
        self.assertIn("there is none", self.wrong(unknown, self.ANSWER)[0])

    def test_class_and_heading_go_together(self):
        for one in (self.ASK.replace("ask -->", "code -->"), self.ASK.replace("Your turn: hole 4.2", "Write it now")):
            self.assertIn("has both", self.wrong(one, self.ANSWER)[0])

    def test_too_many_words_or_lines_are_told(self):
        words, code = "word " * 50, "x\n" * 12
        note = "<!-- 1 min. " + "said " * 99 + "-->"
        picture = "![" + "seen " * 99 + "](a.svg)"
        self.assertEqual(self.wrong(f"\n{words}\n\n```cpp\n{code}```\n\n{note}\n\n{picture}\n"), [])
        self.assertIn("51 words", self.wrong(f"\n{words}| one |\n")[0])
        self.assertIn("13 lines", self.wrong(f"\n```cpp\n{code}x\n```\n")[0])
        self.assertIn("13 lines", self.wrong("\n" + "    x\n" * 13)[0])

    def test_borders_inside_of_a_fence_are_none(self):
        self.assertEqual(slide_rules.split("\na\n\n---\n\n```\n---\n```\n"), ["\na\n\n", "\n```\n---\n```\n"])

    def test_turns_are_drawn_as_far_as_the_slide_goes(self):
        lines = [(None, "a", "one"), (None, "b", "two"), (None, "b", "three"), (None, "a", "four")]
        self.assertEqual(turns.turns(lines), [("a", 0, 1), ("b", 1, 3), ("a", 3, 4)])
        first = turns.draw(lines, "A title", 100, 1)
        self.assertIn(">one<", first)
        self.assertNotIn(">two<", first)
        size = re.compile(r'viewBox="[^"]*"')
        self.assertEqual(size.search(first)[0], size.search(turns.draw(lines, "A title", 100))[0])


class Links(unittest.TestCase):
    def wrong(self, text):
        return check_links.in_text(text, README)

    def test_anchors_are_the_headings(self):
        text = "# The `68` bytes\n\n## What, again?\n\n## What, again?\n\n```sh\n# not this\n```\n"
        self.assertEqual(anchors.in_text(text), {"the-68-bytes", "what-again", "what-again-1"})

    def test_links_that_lead_nowhere_are_told(self):
        for to, why in (("no/such/file.md", "there is no"), ("#no-such-heading", "no heading"),
                        ("../../etc", "there is no|out of"), ("chapters/GLOSSARY.md#nope", "no heading"),
                        ("chapters/04-handshake#nope", "no heading"), ("src/main.cpp#L99999", "lines"),
                        ("src/main.cpp#main", "no heading")):
            self.assertRegex(check_links.wrong(README, to), why)
        for to in ("tests", "https://www.bittorrent.org/beps/bep_0003.html", "README.md", "src/main.cpp#L1",
                   "chapters/04-handshake#the-answer", "mailto:a@example.com"):
            self.assertIsNone(check_links.wrong(README, to))

    def test_every_way_to_write_a_link_is_read(self):
        for text, sentence in (("[a](gone.md)", "no gone.md"),
                               ("[a](gone.md 'title')", "no gone.md"),
                               ("[a](gone_(b).md)", r"no gone_\(b\).md"),
                               ("[a](<gone one.md>)", "no gone one.md"),
                               ("[a][b]", r"nothing says where \[b\]"),
                               ("[a][]", r"nothing says where \[a\]"),
                               ("[b]: gone.md", "no gone.md"),
                               ("[a](gone one.md)", "spaces"),
                               ("[a]()", "empty"),
                               ('<a href="gone.md">a</a>', "no gone.md"),
                               ("<a\nhref=gone.md>a</a>", "no gone.md"),
                               ('<a href="">a</a>', "nowhere"),
                               ("[![a good picture](gone.svg)](tests)", "no gone.svg"),
                               ('<img src="gone.svg" alt="a good picture">', "no gone.svg")):
            found = self.wrong("one\n\n" + text)
            self.assertEqual([line for line, _ in found], [3], text)
            self.assertRegex(found[0][1], sentence)
        for text in ("[a][b]\n\n[b]: tests", "[a][]\n\n[A]: <tests> 'title'", "[b]\n\n[b]: tests",
                     "`[a](b) [c][d]`", '<a href="tests" class=x>', "[^1]", "[a]",
                     "```\n[a](b)\n```", "[a](tests (title))"):
            self.assertEqual(self.wrong(text), [], text)

    def test_a_picture_without_words_is_told(self):
        start = "chapters/00-the-swarm/start.svg"
        for text in (f"![short]({start})", f'<img src="{start}">', f'<img src="{start}" alt="">',
                     f"[![short]({start})](tests)", f"![short][p]\n\n[p]: {start}"):
            self.assertIn("in words", self.wrong(text)[0][1])
        for text in (f"![a good picture]({start})", f"<img alt='a good picture' src={start}>"):
            self.assertEqual(self.wrong(text), [])

    def test_lines_are_counted_behind_fences_and_notebooks_are_read(self):
        self.assertEqual(self.wrong("```\na\nb\n```\n[a](gone.md)")[0][0], 5)
        ends = {os.path.splitext(path)[1] for path, _ in check_links.texts()}
        self.assertEqual(ends, {".md", ".ipynb"})


class Captures(unittest.TestCase):
    def strays(self, files, texts=()):
        return list(check_captures.strays(folder_with(self, files), texts))

    def test_a_capture_that_nobody_explains_is_told(self):
        for name, content in (("stray.dat", b"text"), ("stray.bin", b"\0"), ("stray", b"text"),
                              ("stray.txt", b"a\0b"), ("stray.svg", b"\xff\xfe"), ("bugs/stray.bin", b"x")):
            told = self.strays({f"04-handshake/{name}": content})
            self.assertEqual(len(told), 2, told)
            self.assertIn("no recipe", told[0])
            self.assertIn("no text shows it", told[1])

    def test_a_capture_with_a_recipe_in_a_text_is_silent(self):
        capture = {"04-handshake/handshake.bin": b"\x13"}
        self.assertEqual(self.strays(capture, ["cotorra show handshake.bin"]), [])
        self.assertEqual(len(self.strays(capture, ["cotorra show other.bin"])), 1)

    def test_texts_and_the_sample_and_what_python_leaves_are_no_captures(self):
        files = {"04-handshake/README.md": "ñ\n".encode(), "04-handshake/bugs/1-x.md": b"x",
                 "04-handshake/__pycache__/a.pyc": b"\0", "04-handshake/.gitattributes": b"x",
                 "00-the-swarm/sample/perro.jpg": b"\xff", "book/x.bin": b"\0"}
        self.assertEqual(self.strays(files), [])

    def test_a_folder_that_nobody_explains_is_told(self):
        told, = self.strays({"04-handshake/more/a.md": b"x"})
        self.assertIn("04-handshake/more: ", told)

    def test_bytes_without_an_owner_are_told(self):
        shown = mock.Mock(returncode=0, stdout='{"bytes": [{"offset": 0, "length": 1, "name": "a"},'
                                               '{"offset": 2, "length": 1, "name": "left over"}]}')
        folder = folder_with(self, {"x.bin": b"1234"})
        with mock.patch.multiple(check_captures, CHAPTERS=folder), \
                mock.patch.object(check_captures.captures, "program", lambda: "cotorra"), \
                mock.patch.object(check_captures.subprocess, "run", lambda *_, **__: shown):
            told = " ".join(check_captures.unexplained("x.bin"))
        for sentence in ("byte 1 has no owner", "1 bytes from byte 2 are left over", "end at byte 3 of 4"):
            self.assertIn(sentence, told)


class Terminal(unittest.TestCase):
    def test_a_recording_that_no_text_shows_is_told(self):
        one, other = (os.path.join(ROOT, "chapters", "00-the-swarm", name) for name in ("one", "other"))
        told, = terminal.strays([one + ".txt", other + ".txt"], {one + ".svg": "README.md"}, [other + ".svg"])
        self.assertRegex(told, r"other\.txt: no text shows")

    def test_a_picture_of_which_there_is_no_recording_is_told(self):
        one, other = (os.path.join(ROOT, "chapters", "00-the-swarm", name) for name in ("one", "other"))
        told = list(terminal.strays([], {one + ".svg": "README.md"}, [other + ".svg"]))
        self.assertRegex(told[0], r"one\.svg, which README\.md shows: there is no recording, one\.txt")
        self.assertRegex(told[1], r"other\.svg: there is no recording")

    def test_pictures_of_terminals_are_found_in_the_texts(self):
        self.assertIn(os.path.join(ROOT, "chapters", "00-the-swarm", "start.svg"), terminal.shown())
        self.assertTrue(terminal.is_terminal("/gone.svg", "A terminal in which it ran"))
        drawn = os.path.join(ROOT, "chapters", "04-handshake", "handshake.svg")
        self.assertFalse(terminal.is_terminal(drawn))


class Diagrams(unittest.TestCase):
    def test_a_picture_or_a_trace_that_nobody_draws_or_shows_is_told(self):
        strays = check_diagrams.strays
        picture, trace, _ = check_diagrams.diagram.PICTURES[0]
        self.assertEqual(list(strays([picture], [trace], [f"![a]({os.path.basename(picture)})"])), [])
        stray = "chapters/04-handshake/stray"
        told = list(strays([picture, stray + ".svg"], [trace, stray + ".jsonl"], ["stray.svg"]))
        wanted = f"{picture}: no text", f"{stray}.svg: nobody draws", f"{stray}.jsonl: there is no"
        self.assertEqual([said[:len(start)] for said, start in zip(told, wanted, strict=True)], list(wanted))


if __name__ == "__main__":
    unittest.main()
