"""A picture as text: what all diagrams of the course have in common. Plain SVG with a title and a
description for readers who cannot see it, colours for light and dark, and nothing from outside."""
from html import escape

STYLE = """
  text { font: 13px system-ui, "DejaVu Sans", sans-serif; paint-order: stroke; stroke-width: 4px; stroke-linejoin: round; }
  text.soft { font-size: 11px; }
  text.head { font-weight: 600; font-size: 15px; }
  text.hex { font: 11px ui-monospace, "DejaVu Sans Mono", monospace; }
  .life { stroke-width: 1.5; }
  .gap { stroke-width: 1; stroke-dasharray: 2 5; }
  .arrow { stroke-width: 1.8; }
  .open { stroke-width: 1.5; }
"""
# Said without variables, which not every viewer understands.
COLOURS = """  .paper { fill: PAPER; }
  text { fill: INK; stroke: PAPER; }
  text.soft, text.hex { fill: SOFT; }
  .life, .gap { stroke: SOFT; }
  .a { stroke: ONE; fill: ONE; } .b { stroke: TWO; fill: TWO; } .c { stroke: THREE; fill: THREE; }
  .a.open, .b.open, .c.open { fill: none; }
"""
LIGHT = {"PAPER": "#ffffff", "INK": "#1b1f24", "SOFT": "#5b6470", "ONE": "#0b5cad", "TWO": "#a23b00", "THREE": "#2f6f3e"}
DARK = {"PAPER": "#14181d", "INK": "#e8eaed", "SOFT": "#a3acb7", "ONE": "#6cb2f5", "TWO": "#f2a36b", "THREE": "#7fcf92"}


def coloured(by):
    text = COLOURS
    for name, colour in by.items():
        text = text.replace(name, colour)
    return text


def number(x):
    return f"{x:.1f}".rstrip("0").rstrip(".")


class Picture:
    def __init__(self, title, description, width):
        self.title, self.description, self.width = title, description, width
        self.parts = []

    def add(self, tag, content=None, **values):
        words = "".join(f' {k.rstrip("_").replace("_", "-")}="{v if isinstance(v, str) else number(v)}"'
                        for k, v in values.items())
        self.parts.append(f"<{tag}{words}/>" if content is None else f"<{tag}{words}>{escape(content)}</{tag}>")

    def text(self, x, y, words, kind="", anchor="start"):
        values = {"class": kind} if kind else {}
        self.add("text", words, x=x, y=y, text_anchor=anchor, **values)

    def line(self, x1, y1, x2, y2, kind):
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)

    def rect(self, x, y, width, height, kind):
        self.add("rect", x=x, y=y, width=width, height=height, class_=kind)

    def whole(self, height):
        style = f"{STYLE}{coloured(LIGHT)}  @media (prefers-color-scheme: dark) {{\n{coloured(DARK)}  }}\n"
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(self.width)} {number(height)}" '
                f'width="{number(self.width)}" height="{number(height)}" role="img" aria-labelledby="title desc">\n'
                f'<title id="title">{escape(self.title)}</title>\n<desc id="desc">{escape(self.description)}</desc>\n'
                f"<style>{style}</style>\n"
                '<rect class="paper" width="100%" height="100%"/>\n' + "\n".join(self.parts) + "\n</svg>\n")
