"""package_test.py subdirectory|fetched|installed|pkgconfig|words|click: another project uses our library.

The first four build embedding.cpp outside of the tree and run it; `words` looks at what is installed beside
the library: manual, completion, desktop entry; `click` opens a .torrent and a magnet link as a desktop does."""
import os
import shutil
import subprocess
import sys
import tempfile

IN_CI = os.environ.get("CI") == "true"
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ["COTORRA_BUILD"]

PROJECT = """cmake_minimum_required(VERSION 3.25)
project(embedding LANGUAGES CXX)
{find}
add_executable(embedding "{here}/embedding.cpp")
target_link_libraries(embedding PRIVATE cotorra::metainfo)
{after}
"""
# What a project of ours leaves in the project that uses it: targets that say whose they are, and nothing else.
NOTHING_LEAKS = """
function(targets_of folder)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(tests DIRECTORY ${folder} PROPERTY TESTS)
  foreach(target IN LISTS targets)
    if(NOT target MATCHES "^cotorra|^embedding$")
      message(FATAL_ERROR "the target ${target} leaks")
    endif()
  endforeach()
  if(tests)
    message(FATAL_ERROR "our tests are in the other project: ${tests}")
  endif()
  get_property(below DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(other IN LISTS below)
    targets_of(${other})
  endforeach()
endfunction()
enable_testing()
targets_of(${CMAKE_CURRENT_SOURCE_DIR})
if(CMAKE_CXX_STANDARD OR BUILD_TESTING)
  message(FATAL_ERROR "our settings leak")
endif()
"""
FETCHED = f"""include(FetchContent)
FetchContent_Declare(cotorra SOURCE_DIR "{ROOT}")
FetchContent_MakeAvailable(cotorra)"""


def there(tool):
    """Whether a tool that reads what is installed is here. CI has all of them."""
    found = shutil.which(tool) is not None
    assert found or not IN_CI, f"{tool} is not installed"
    return found


def run(*words, **more):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, **more)
    if done.returncode != 0:
        print(done.stdout[-4000:])
        sys.exit(f"failed: {' '.join(words)}")
    return done.stdout


os.environ.setdefault("COTORRA_LOCAL_ONLY", "1")  # a click on a magnet link must not reach the public DHT


def make_sample(desk):
    content = os.path.join(desk, "holiday.txt")
    with open(content, "w") as f:
        f.write("sun\n")
    torrent = os.path.join(desk, "holiday.torrent")
    run(os.environ["COTORRA"], "create", content, "-o", torrent)
    return torrent


def expect_it_works(program, desk, **more):
    torrent = make_sample(desk)
    name, info_hash = run(program, torrent, **more).splitlines()
    shown = run(os.environ["COTORRA"], "show", "--json", torrent)
    assert name == "holiday.txt" and len(info_hash) == 40 and info_hash in shown, (name, info_hash)
    refused = subprocess.run([program, os.path.join(desk, "holiday.txt")], stderr=subprocess.PIPE, text=True, **more)
    assert refused.returncode == 1 and "byte 0" in refused.stderr, refused.stderr


def embedded(desk, find, after="", options=()):
    project = os.path.join(desk, "project")
    os.mkdir(project)
    with open(os.path.join(project, "CMakeLists.txt"), "w") as f:
        f.write(PROJECT.format(find=find, here=HERE, after=after))
    build = os.path.join(desk, "build")
    run("cmake", "-S", project, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", *options)
    run("cmake", "--build", build, "--target", "embedding")
    expect_it_works(os.path.join(build, "embedding"), desk)


def installed(desk):
    prefix = os.path.join(desk, "prefix")
    for component in ("development", "program"):
        run("cmake", "--install", BUILD, "--prefix", prefix, "--component", component)
    return prefix


def subdirectory(desk):
    embedded(desk, f'add_subdirectory("{ROOT}" cotorra)', NOTHING_LEAKS)


def fetched(desk):
    embedded(desk, FETCHED)


def by_find_package(desk):
    embedded(desk, "find_package(cotorra 0.1 REQUIRED)", options=[f"-DCMAKE_PREFIX_PATH={installed(desk)}"])


def by_pkgconfig(desk):
    prefix = installed(desk)
    found = run("sh", "-c", f"find {prefix} -name cotorra.pc").strip()
    where = {**os.environ, "PKG_CONFIG_PATH": os.path.dirname(found)}
    flags = run("pkg-config", "--cflags", "--libs", "cotorra", env=where)
    program = os.path.join(desk, "embedding")
    run(os.environ.get("CXX", "c++"), "-std=c++20", os.path.join(HERE, "embedding.cpp"), "-o", program, *flags.split())
    expect_it_works(program, desk)


def words(desk):
    prefix = installed(desk)

    def read(path):
        with open(os.path.join(prefix, path), encoding="utf-8") as f:
            return f.read()
    verbs = [line.split()[0] for line in run(os.environ["COTORRA"], "--help").split("Subcommands:\n")[1].splitlines()
             if line.startswith("  ") and not line.startswith("   ")]
    assert "download" in verbs and "tracker" in verbs, verbs
    for verb in verbs:
        if verb != "help":
            assert f"cotorra\\-{verb} \\-" in read(f"share/man/man1/cotorra-{verb}.1"), verb
    if there("man"): # no warning of groff's
        for page in os.listdir(os.path.join(prefix, "share/man/man1")):
            said = run("man", "--warnings", "-l", "-E", "UTF-8", os.path.join(prefix, "share/man/man1", page),
                       env={**os.environ, "MANPAGER": "cat", "LC_ALL": "C.UTF-8"})
            assert "warning:" not in said and "EXIT STATUS" in said, said

    bash = f"""source {prefix}/share/bash-completion/completions/cotorra
        ask() {{ COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _cotorra 2>/dev/null; echo "${{COMPREPLY[*]}}"; }}
        ask cotorra ver; ask cotorra create --piece; ask cotorra announce x --event sta; ask cotorra help see; ask cotorra completion f"""
    answers = run("bash", "-c", bash).splitlines()
    assert answers == ["verify", "--piece-length", "started", "seed", "fish"], answers
    for shell, path in (("zsh", "share/zsh/site-functions/_cotorra"),
                        ("fish", "share/fish/vendor_completions.d/cotorra.fish")):
        script = read(path)
        assert "piece-length" in script and "announce" in script
        if there(shell):
            run(shell, "-n", os.path.join(prefix, path))
    entry = read("share/applications/cotorra.desktop")
    assert "application/x-bittorrent;x-scheme-handler/magnet;" in entry
    if there("desktop-file-validate"):
        run("desktop-file-validate", os.path.join(prefix, "share/applications/cotorra.desktop"))


TERMINAL = """#!/bin/sh
while [ "$1" = -- ] || [ "$1" = -e ] || [ "$1" = -x ]; do shift; done
"$@" </dev/null >"$SCREEN" 2>&1
"""


def click(desk):
    """The user clicks on a file, or on a link: what does the window of the terminal show?"""
    prefix, home, bin_of = installed(desk), os.path.join(desk, "the user's home"), os.path.join(desk, "bin")
    os.makedirs(home)
    os.makedirs(bin_of)
    for name in ("xdg-terminal-exec", "gnome-terminal", "xterm"): # whichever the desktop takes
        with open(os.path.join(bin_of, name), "w", encoding="utf-8") as f:
            f.write(TERMINAL)
        os.chmod(f.name, 0o755)
    with open(os.path.join(home, "some file"), "wb") as f:
        f.write(b"x" * 50000)
    torrent = os.path.join(home, "of $HOME; 100%.torrent")
    run(os.path.join(prefix, "bin/cotorra"), "create", os.path.join(home, "some file"), "-o", torrent)
    screen = os.path.join(desk, "screen")
    os.mkfifo(screen) # its end comes when the terminal closes
    at_a_desktop = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "SCREEN": screen,
                    "PATH": f"{bin_of}:{prefix}/bin:{os.environ['PATH']}"}

    def clicked(what):
        subprocess.run(["gio", "launch", os.path.join(prefix, "share/applications/cotorra.desktop"), what],
                       env=at_a_desktop, stdin=subprocess.DEVNULL, check=True)
        with open(screen, encoding="utf-8") as f:
            return f.read()
    if there("gio"):
        said = clicked(torrent)
        assert f"It is in {home}." in said and "Press Enter to close this window." in said, said
        said = clicked("magnet:?xt=urn:btih:ecf915b9cd0f476f0fd94a617e4d29d077861eb5&dn=a%20b")
        assert "magnet" in said and "It is in" not in said and "Press Enter" in said, said


WAYS = {"subdirectory": subdirectory, "fetched": fetched, "installed": by_find_package,
        "pkgconfig": by_pkgconfig, "words": words, "click": click}
with tempfile.TemporaryDirectory(prefix="cotorra-package-") as at:
    WAYS[sys.argv[1]](at)
