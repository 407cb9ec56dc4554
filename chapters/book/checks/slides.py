"""Each slide fits, has few words and little code and a note with its minutes, gives away no hole, and asks for
nothing from outside."""
import slides


def check(refill):
    yield from slides.check(refill)
