"""How does a cost grow? fit() finds a + b * x^k, plot() draws curves as an SVG, with nothing to install."""
import html, math


def fit(points):
    """(a, b, k) of cost = a + b * x^k for [(x, cost)]: the fixed cost does not make a curve look flatter than it is.
    Errors count in proportion, so that the small points say as much as the large ones. Of the curves that go
    through the points about as well as the best, the one that grows least."""
    fits = []
    for k in (i / 50 for i in range(1, 151)):                   # 0.02 to 3
        w = [1 / y ** 2 for _, y in points]
        u = [x ** k for x, _ in points]
        sw, su, suu = sum(w), sum(a * b for a, b in zip(w, u)), sum(a * b * b for a, b in zip(w, u))
        sy = sum(a * y for a, (_, y) in zip(w, points))
        suy = sum(a * b * y for a, b, (_, y) in zip(w, u, points))
        det = sw * suu - su * su
        if det <= 0:
            continue
        a, b = (suu * sy - su * suy) / det, (sw * suy - su * sy) / det
        if a < 0:
            a, b = 0, suy / suu
        if b < 0:
            a, b = sy / sw, 0
        error = math.sqrt(sum(((a + b * x ** k - y) / y) ** 2 for x, y in points) / len(points))
        fits.append((error, a, b, k))
    enough = max(1.2 * min(fits)[0], 0.05)                      # what noise can do
    return next(each[1:] for each in fits if each[0] <= enough)


def exponent(points):
    """How the cost grows: 0 when hardly at all, 1 when linearly. None when there is too little to say."""
    if len(points) < 3:
        return None
    a, b, k = fit(points)
    grown = b * max(x for x, _ in points) ** k
    return k if grown > 0.5 * max(a, min(y for _, y in points)) else 0.0


WIDTH, HEIGHT, LEFT, TOP = 300, 210, 52, 34
COLOURS = {"wall": "#1f6fb4", "cpu": "#c0392b", "memory": "#2e8b57"}


def _number(v):
    if v >= 1000:
        return f"{v / 1000:g}k"
    return f"{v:g}"


def _panel(x0, y0, title, unit, series):
    """One diagram with two logarithmic axes: series is {name: [(x, y)]}."""
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    decades = range(math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)) + 1e-9) + 1)
    low, high, first, last = decades[0], max(decades[-1], decades[0] + 1), math.log(min(xs)), math.log(max(xs))
    w, h = WIDTH - LEFT - 16, HEIGHT - TOP - 36
    at = lambda x, y: (x0 + LEFT + w * (math.log(x) - first) / (last - first),                     # noqa: E731
                       y0 + TOP + h * (high - math.log10(y)) / (high - low))
    out = [f'<text x="{x0 + LEFT}" y="{y0 + 20}" class="title">{html.escape(title)}</text>']
    for d in range(low, high + 1):
        y = at(min(xs), 10 ** d)[1]
        out.append(f'<path d="M{x0 + LEFT} {y:.0f}h{w}" class="grid"/>'
                   f'<text x="{x0 + LEFT - 5}" y="{y + 4:.0f}" class="end">{_number(10 ** d)}</text>')
    for x in sorted(set(xs)):
        out.append(f'<text x="{at(x, 10 ** low)[0]:.0f}" y="{y0 + TOP + h + 15}" class="mid">{_number(x)}</text>')
    for n, (name, points) in enumerate(series.items()):
        path = "".join(f'{"L" if i else "M"}{at(x, y)[0]:.1f} {at(x, y)[1]:.1f}' for i, (x, y) in enumerate(points))
        dots = "".join(f'<circle cx="{at(x, y)[0]:.1f}" cy="{at(x, y)[1]:.1f}" r="2.5"/>' for x, y in points)
        out.append(f'<g stroke="{COLOURS[name]}" fill="{COLOURS[name]}"><path d="{path}" class="line"/>{dots}</g>'
                   f'<text x="{x0 + LEFT + 4 + 70 * n}" y="{y0 + HEIGHT - 4}" fill="{COLOURS[name]}">'
                   f'{name}, {unit}</text>')
    return "".join(out)


def plot(path, curves):
    """curves: [(title, {"wall": [(x, y)], "cpu": ..., "memory": ...})]: a column each."""
    parts = []
    for n, (title, series) in enumerate(curves):
        time = {k: series[k] for k in ("wall", "cpu")}
        parts.append(_panel(n % 4 * WIDTH, n // 4 * 2 * HEIGHT, title, "s", time))
        parts.append(_panel(n % 4 * WIDTH, (n // 4 * 2 + 1) * HEIGHT, "", "MiB", {"memory": series["memory"]}))
    columns, rows = min(4, len(curves)), -(-len(curves) // 4) * 2
    with open(path, "w") as f:
        f.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * WIDTH} {rows * HEIGHT + 8}" role="img">'
                '<title>What cotorra costs: time and memory over size, peers, files and torrents</title><style>'
                'text{font:11px system-ui,"DejaVu Sans",sans-serif}.title{font-size:12px;font-weight:bold}'
                '.end{text-anchor:end}.mid{text-anchor:middle}.grid{stroke:#ddd}.line{fill:none;stroke-width:1.6}'
                '</style><rect width="100%" height="100%" fill="#fff"/>' + "\n".join(parts) + "</svg>\n")
