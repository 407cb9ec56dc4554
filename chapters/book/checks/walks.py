"""The small programs print what their texts show; the walks run as their transcripts say, alone and in gdb; the
set-up for an editor names what is there."""
import editor
import programs
import walks


def check(refill):
    yield from programs.check(refill)
    yield from walks.check(refill)
    yield from editor.check()
