"""The picture of a run is the picture of what that run said."""
import terminal


def check(refill):
    yield from terminal.check(refill)
