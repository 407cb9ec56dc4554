"""What students hand in, copied without harm: only plain files with the names of sources, each and all of them of a
sensible size. A link, a device or a pipe in a student's tree is told, and never followed or opened."""
import os
import re
import stat
from dataclasses import dataclass, field

import learner
import sizes

SOURCE = re.compile(r"[A-Za-z0-9_][\w.+-]*\.[ch]pp")
LARGEST = 512 << 10  # bytes of a file
MOST = 300           # files of a room


class Refused(Exception):
    """Why something of a student is not taken, in a few words."""


@dataclass
class Student:
    number: int
    name: str
    work: str = ""                              # the folder with NN-name/ROOM in it; "" if it was refused
    remarks: list = field(default_factory=list)
    state: dict = field(default_factory=lambda: {key: {} for key in learner.State.KINDS})


def is_folder(path):
    """A real folder, not a link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def content(path, most):
    """The bytes of a plain file."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as e:
        raise Refused("is a link, or no file" if os.path.islink(path) else f"cannot be read: {e.strerror}") from None
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise Refused("is no plain file")
    with os.fdopen(opened, "rb") as f:
        data = f.read(most + 1)
    if len(data) > most:
        raise Refused(f"has more than {most >> 10} KiB")
    return data


def students(folder, chapters):
    """The students of a class, one for each folder in it."""
    if not os.path.isdir(folder):
        raise learner.Sorry(f"there is no folder {folder}")
    names = sorted(e.name for e in os.scandir(folder) if not e.name.startswith(".") and (e.is_symlink() or e.is_dir()))
    if not names:
        raise learner.Sorry(f"{folder} has no folders, and should have one for each student")
    return [student(number, os.path.join(folder, name), chapters) for number, name in enumerate(names)]


def student(number, path, chapters):
    one = Student(number, os.path.basename(path))
    if not is_folder(path):
        one.remarks.append("is a link, which is not followed")
        return one
    inner = os.path.join(path, "work")
    one.work = inner if is_folder(inner) else path
    if not any(is_folder(os.path.join(one.work, c.name)) for c in chapters):
        one.remarks.append("has no chapter in it")
    memory = os.path.join(one.work, ".learn.json")
    if os.path.lexists(memory):
        try:
            one.state |= learner.State.words_of(content(memory, LARGEST))
        except (Refused, ValueError, RecursionError):
            one.remarks.append(".learn.json is not as learn wrote it")
    else:
        one.remarks.append("no .learn.json: hints and solutions that were seen are not known")
    return one


def started(one, chapter):
    return bool(one.work) and is_folder(os.path.join(one.work, chapter.name)) and \
        any(is_folder(os.path.join(one.work, chapter.name, room)) for room in chapter.rooms)


def take(one, chapter, to):
    """Copies the student's rooms of a chapter to a folder: {"src/room/file": text}. What is refused becomes a remark."""
    found = {}
    for room in chapter.rooms:
        at = os.path.join(one.work, chapter.name, room)
        if not is_folder(at):
            if os.path.lexists(at):
                one.remarks.append(f"{room} is a link, or no folder: not taken")
            continue
        os.makedirs(os.path.join(to, room))
        names = [e.name for e in os.scandir(at) if SOURCE.fullmatch(e.name)]
        if len(names) > MOST:
            one.remarks.append(f"{room} has more than {MOST} sources: not all are taken")
        for name in sorted(names)[:MOST]:
            try:
                data = content(os.path.join(at, name), LARGEST)
                found[f"src/{room}/{name}"] = data.decode()
            except Refused as e:
                one.remarks.append(f"{room}/{name} {e}: not taken")
            except UnicodeDecodeError:
                one.remarks.append(f"{room}/{name} is not UTF-8: not taken")
            else:
                learner.write(os.path.join(to, room, name), found[f"src/{room}/{name}"])
    return found


def filled(found, numbers):
    """The numbers of the holes that are not empty."""
    empty = {label for text in found.values() for label in sizes.todos(text)}
    return tuple(n for n in numbers if n not in empty)
