"""Each slide fits, has a note with its minutes, and asks for nothing from outside."""
import slides


def check(refill):
    yield from slides.check(refill)
