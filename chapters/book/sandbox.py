"""A sandbox for code of others: bubblewrap shows it Debian's programs, the project and one student's files, all read-only,
and an empty /tmp. There is no network and no other process, and there is little of anything else.

Kept out: the teacher's files, those of the other students, the network, the teacher's processes; a process is ended
after its seconds, and can take MEMORY bytes; a student has PROCESSES of them and DISK bytes. Not kept out: code that lies
to its own tests, and a bug of the Linux kernel."""
import contextlib
import os
import resource
import shutil
import signal
import subprocess
import time

import building
import variants
from learner import Sorry
from places import ROOT

MEMORY = 1 << 30     # bytes of a test program; a compiler may take twice as many
PROCESSES = 32       # of a student at one time; a thread is one of them
DISK = 256 << 20     # bytes in /tmp
RESULTS = 16 << 20   # bytes of a report of tests
OBJECT = 512 << 20   # bytes of a file that the compiler writes
USERS = 59000        # when root grades, the numbers of the students begin here: Linux does not count root's processes
SYSTEM = ("/usr", "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
          "/etc/hostname") # chapter 02's tests need a file outside
SEEN = tuple(os.path.join(ROOT, part) for part in ("src", "tests", "chapters", "build/debug"))
MISSING = "apt-get install --no-install-recommends bubblewrap"

# The report goes through a pipe that the tests do not have; what needs no new process is done when there can be none.
# (What the shell itself has to say of a program that crashed is nothing for a student.)
REPORT = 'exec 4>&2 2>&-; timeout -s KILL "$1" "$2" -r learn -o /tmp/results.xml --order decl "${@:3}" 2>&4 3>&- 4>&-; ' \
         f'echo $? >&3; exec head -c {RESULTS} /tmp/results.xml >&3 4>&-'


def command(words, number, reads=(), writes=(), hidden=(), folder=ROOT, seen=SEEN):
    """The words that run `words` in a sandbox of the student with this number."""
    root = os.geteuid() == 0
    out = ["bwrap", "--die-with-parent", "--new-session", "--clearenv", "--hostname", "class", "--unshare-ipc",
           "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
           *(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if root else ["--unshare-user", "--disable-userns"])]
    for name, value in (("PATH", "/usr/bin:/bin"), ("HOME", "/tmp"), ("TMPDIR", "/tmp"), ("LANG", "C.UTF-8")):
        out += ["--setenv", name, value]
    out += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", str(DISK), "--tmpfs", "/tmp"]
    for path in parents([*SYSTEM, *seen, *reads, *writes]): # the user of the sandbox is not the one that makes them
        out += ["--perms", "0755", "--dir", path]
    for path in SYSTEM:
        out += ["--ro-bind-try", path, path]
    for name in ("bin", "lib", "lib64", "sbin"):
        out += ["--symlink", f"usr/{name}", f"/{name}"] if os.path.islink(f"/{name}") else ["--ro-bind-try", f"/{name}", f"/{name}"]
    for path in (*seen, *reads):
        out += ["--ro-bind", path, path]
    for path in hidden:
        out += ["--size", "4096", "--tmpfs", path, "--remount-ro", path]
    for path in writes:
        out += ["--bind", path, path]
    user = ["setpriv", f"--reuid={USERS + number}", f"--regid={USERS + number}", "--clear-groups", "--inh-caps=-all"] if root else []
    return [*out, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", folder, "--", *user, "prlimit", f"--nproc={PROCESSES}", *words]


def parents(paths):
    """The folders above, the outer ones first."""
    found = set()
    for path in paths:
        while (path := os.path.dirname(path)) not in ("/", "/usr", "/tmp"):
            found.add(path)
    return sorted(found)


def give(path, number):
    """The student of this number may write there."""
    if os.geteuid() == 0:
        os.chown(path, USERS + number, USERS + number)


def limits(seconds, memory, file):
    """Of each process; and when the machine has no memory left, it is a student's process that ends."""
    variants.LIBC.prctl(1, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="utf-8") as f:
        f.write("1000")


class Beginning(variants.Heard):
    """Reads a stream to its end, and keeps the first of it."""
    most = variants.KEPT

    def run(self):
        while more := self.stream.read1(1 << 16):
            self.kept += more[:self.most - len(self.kept)]
        self.stream.close()


class Report(Beginning):
    most = RESULTS


def start(words, seconds, memory=MEMORY, file=None, **more):
    return subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True,
                            preexec_fn=lambda: limits(seconds, memory, file), **more)


def compiled(words, seconds):
    """(exit status or None if the seconds were not enough, what was said)"""
    process = start(words, seconds, 2 * MEMORY, OBJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    heard = Beginning(process.stdout)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        status = None
    finally:
        variants.end_group(process, [heard])
    return status, heard.kept.decode(errors="replace")


def runner(number, folder, hidden, end):
    """A function that does what variants.run_tests does, in a sandbox, and not much longer than to the end."""
    def run_tests(program, words):
        patience = int(max(variants.PATIENCE, min(variants.PATIENCE * variants.SPREAD, end - time.monotonic())))
        inner = ["bash", "-c", REPORT, "bash", str(patience), program, *words]
        read, write = os.pipe()
        # The number 3 is the pipe's in there, whatever it is here.
        outer = ["bash", "-c", f'exec "$@" 3>&{write}' + f" {write}>&-" * (write != 3), "bash", *command(inner, number, [folder], hidden=hidden)]
        process = start(outer, variants.PATIENCE, pass_fds=[write], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(write)
        heard = [variants.Heard(process.stdout), variants.Heard(process.stderr), Report(os.fdopen(read, "rb"))]
        try:
            process.wait(patience + 5)
        except subprocess.TimeoutExpired:
            pass # timeout(1) was too slow, or is gone: it has no report then
        finally:
            variants.end_group(process, heard)
        status, _, report = heard[2].kept.decode(errors="replace").partition("\n")
        out, err = (h.of_last_test() for h in heard[:2])
        return ended_as(status, report, err, out, patience)
    return run_tests


def ended_as(status, report, err, out, patience):
    """As variants.run_tests has it, from the exit status of a shell."""
    number = int(status) if status.isdigit() else 128 + signal.SIGKILL
    if number == 128 + signal.SIGKILL:
        return -signal.SIGKILL, report, err, f"the test has not ended after {patience} seconds", out
    known = {s.value for s in signal.Signals}
    number = 128 - number if number - 128 in known and "</Catch" not in report else number
    return number, report, err, variants.how_it_ended(number), out


def trouble():
    """Why there can be no sandbox here, in a few words; "" if there can be one."""
    if not shutil.which("bwrap"):
        return "the program bwrap is not installed"
    done = subprocess.run(command(["c++", "--version"], 0, folder="/", seen=()), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    return "" if done.returncode == 0 else (done.stderr.strip() or "its compiler does not run").split("\n")[0]


def need():
    """Installs what is missing. Raises Sorry if there can be no sandbox."""
    if not shutil.which("bwrap"):
        with contextlib.suppress(Sorry):
            building.set_up(["packages_class"])
    if why := trouble():
        raise Sorry(f"there can be no sandbox for the students' code ({why}): {MISSING}; or say --trust if you have "
                    "read all of it", 1)
