"""learn start: a chapter's rooms in work/, and where in them there is something to write."""
import holes
import learner
import sizes
from learner import shown


def begin(chapter, wanted, again):
    found, n = holes.of_chapter(chapter), chapter.number
    if not found:
        print(f"Chapter {n} has no holes: it is to be read, in chapters/{chapter.name}/README.md")
        return 0
    at = shown(learner.folder(chapter))
    if learner.started(chapter):
        here, option = learner.size(chapter), f" --{wanted}" if wanted else ""
        if not again:
            lost = learner.missing(chapter)
            learner.put_back(chapter, lost)
            for path in lost:
                print(f"{shown(path)} was gone, and is back as it was at the start.")
            print(f"{at} is there already{f' (begun as {here})' if wanted and wanted != here else ''}, and stays as it is.")
            print(f"To go on:      chapters/learn test {n}")
            print(f"To begin anew: chapters/learn start {n}{option} --again     (what is there is moved, not deleted)")
            return 0
        learner.put_aside(learner.folder(chapter), chapter.name)
    learner.start(chapter, wanted or sizes.HOLES)
    has_begun(chapter, at)
    print(f"\nThe text is chapters/{chapter.name}/README.md.\nnext: chapters/learn test {n}")
    return 0


def has_begun(chapter, at):
    """Says what is there now, and where there is something to write."""
    size, rooms = learner.size(chapter), " and ".join(chapter.rooms)
    if size == sizes.SCRATCH:
        print(f"{at} has the headers of {rooms} now. What they declare is yours to write, in .cpp files beside them:")
        print("begin with one function that one test needs; all .cpp files there are built, whatever their names.")
        return
    places = [(label, f"{shown(path)}:{i + 1}") for path in learner.files(chapter)
              for i, line in enumerate(holes.read(path).split("\n")) for label in sizes.todos(line)]
    titles = {h.number: h.title for h in holes.of_chapter(chapter)}
    print(f"{at} has {rooms} now, with {len(places)} {'holes to fill' if size == sizes.HOLES else 'functions to write'}:")
    for label, place in sorted(places, key=lambda p: by_number(p[0])):
        print(f"  {label:<4} {titles.get(label, '')}\n       {place}" if label in titles else f"  {label:<28} {place}")
    print("What comes in, what must hold afterwards and what is an error stands there, as a comment.")
    if size == sizes.BLANK:
        print("A name in it that your function does not have is that of one possible solution. A function without a number\n"
              "is a helper of theirs: its header or its callers say what it is for. Helpers are yours to add.")


def by_number(label):
    """Holes in the order of their numbers, then functions in the order of the files."""
    return holes.by_number(label) if label[0].isdigit() else (1000,)
