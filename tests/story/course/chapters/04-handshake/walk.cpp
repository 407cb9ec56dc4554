// The chapter that tests/story pretends to have has a walk, so failures point to it.
