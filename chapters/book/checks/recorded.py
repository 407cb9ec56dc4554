"""The outputs in the texts are what the commands say."""
import recorded


def check(refill):
    yield from recorded.check(refill)
