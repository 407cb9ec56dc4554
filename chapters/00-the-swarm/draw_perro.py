#!/usr/bin/env python3
"""draw_perro.py FILE: draws perro.jpg, a dog and a parakeet on a hill, 65,703 bytes.

The lecture shares a picture of a dog of that size. This one is our own, free to share (CC0). All
arithmetic is in whole numbers, so every machine draws the same bytes."""
import math
import sys

from jpeg import encode

WIDTH, HEIGHT, SIZE = 640, 480, 65703
UNIT = 16                                         # lengths inside are sixteenths of a pixel
NOTE = b"perro.jpg: drawn by chapters/00-the-swarm/draw_perro.py for cotorra. CC0: share it freely. "


def root(n):
    return math.isqrt(n) if n > 0 else 0


# Each shape tells how deep a point is inside it, in sixteenths of a pixel (below 0: outside).
def circle(x, y, r):
    return lambda px, py: r * UNIT - root((px - x * UNIT) ** 2 + (py - y * UNIT) ** 2)


def ellipse(x, y, a, b, lean=0):
    """`lean`: how far right a point 100 below the middle moves; it tilts the ellipse."""
    def depth(px, py):
        dy = py - y * UNIT
        dx = px - x * UNIT - lean * dy // 100
        k = root((dx * b) ** 2 + (dy * a) ** 2)          # k = a b UNIT on the edge
        slope = root((dx * b * b) ** 2 + (dy * a * a) ** 2)
        return (a * b * UNIT - k) * k // slope if slope else min(a, b) * UNIT
    return depth


def bone(x1, y1, r1, x2, y2, r2):
    """A line with round ends whose thickness goes from r1 to r2."""
    dx, dy = (x2 - x1) * UNIT, (y2 - y1) * UNIT
    square = dx * dx + dy * dy

    def depth(px, py):
        qx, qy = px - x1 * UNIT, py - y1 * UNIT
        t = max(0, min(square, qx * dx + qy * dy))
        ex, ey = qx - dx * t // square, qy - dy * t // square
        return r1 * UNIT + (r2 - r1) * UNIT * t // square - root(ex * ex + ey * ey)
    return depth


def curve(*points):
    """Bones in a row: (x, y, radius) each."""
    bones = [bone(*a, *b) for a, b in zip(points, points[1:])]
    return lambda px, py: max(b(px, py) for b in bones)


def both(a, b):
    return lambda px, py: min(a(px, py), b(px, py))


def without(a, b):
    return lambda px, py: min(a(px, py), -b(px, py))


def blended(a, b, width):
    """Two shapes grown together, with a soft seam."""
    w = width * UNIT

    def depth(px, py):
        m, n = a(px, py), b(px, py)
        h = max(0, w - abs(m - n))
        return max(m, n) + h * h // (4 * w)
    return depth


def mix(a, b, part, whole):
    return tuple(p + (q - p) * part // whole for p, q in zip(a, b))


def noise(x, y, seed):
    """A fixed scatter of numbers 0..255."""
    n = (x * 374761393 + y * 668265263 + seed * 2246822519) & 0xFFFFFFFF
    n = ((n ^ n >> 13) * 1274126177) & 0xFFFFFFFF
    return (n ^ n >> 16) & 255


def smooth(x, y, cell, seed):
    """The same, as soft hills `cell` pixels wide."""
    i, u = divmod(x, cell)
    j, v = divmod(y, cell)
    u, v = (u * u * (3 * cell - 2 * u)) // (cell * cell), (v * v * (3 * cell - 2 * v)) // (cell * cell)
    top = noise(i, j, seed) * (cell - u) + noise(i + 1, j, seed) * u
    low = noise(i, j + 1, seed) * (cell - u) + noise(i + 1, j + 1, seed) * u
    return (top * (cell - v) + low * v) // (cell * cell)


def hill(y0, rise, middle):
    """The depth below a hill's back, in sixteenths."""
    return lambda px, py: py - (y0 * UNIT + (px - middle * UNIT) ** 2 // (rise * UNIT))


def background():
    far, near = hill(322, 2600, 470), hill(372, 3600, 250)
    sun, halo = circle(520, 98, 38), circle(520, 98, 120)
    clouds = [blended(blended(ellipse(x, y, 52, 17), circle(x - 16, y - 13, 19), 8), circle(x + 16, y - 8, 15), 8)
              for x, y in ((118, 92), (322, 58), (596, 196))]

    def paint(x, y):
        px, py = x * UNIT + 8, y * UNIT + 8
        colour = mix((104, 176, 224), (246, 232, 205), min(y, 350), 350)
        glow = max(0, halo(px, py))
        colour = mix(colour, (255, 240, 190), glow, 200 * UNIT)
        colour = over(colour, (255, 226, 130), sun(px, py))
        for cloud in clouds:
            d = cloud(px, py)
            colour = over(colour, mix((236, 241, 247), (255, 255, 255), max(0, min(d, 160)), 160), d, 40)
        d = far(px, py)
        if d > -8:
            colour = over(colour, mix((150, 190, 134), (122, 172, 110), smooth(x, y, 40, 7), 255), d)
        d = near(px, py)
        if d > -8:
            grass = mix((116, 168, 74), (74, 128, 56), min(max(d, 0) // UNIT, 110), 130)
            grass = mix(grass, (150, 194, 92), smooth(x, y * 2, 9, 3) * smooth(x, y, 46, 5) // 255, 420)
            blade = noise(x, y // 7 + noise(x, 1, 9) // 40, 4)
            colour = over(colour, mix(grass, (58, 108, 46), blade, 900), d)
        return colour
    return paint


def over(below, above, depth, soft=16):
    """`above` on `below`, its edge `soft` sixteenths of a pixel wide."""
    part = depth + soft // 2
    return above if part >= soft else below if part <= 0 else mix(below, above, part, soft)


FUR, FUR_LIGHT, FUR_DARK = (196, 132, 72), (230, 178, 116), (148, 90, 48)
CREAM, CREAM_DARK = (250, 234, 208), (226, 198, 160)


def fur(light, dark):
    """Fur: brighter towards the light (up left), with fine hairs."""
    def colour(x, y, depth):
        shade = max(0, min(256, 256 - depth // 3))
        c = mix(light, dark, shade * 3 // 4, 320)
        hair = smooth(x * 3 + y, y, 7, 11) - 128
        return tuple(max(0, min(255, v + hair // 9 + (noise(x, y, 2) - 128) // 24)) for v in c)
    return colour


def flat(*c):
    return lambda x, y, depth: c


def shaded(light, dark, depth_of_light):
    return lambda x, y, depth: mix(dark, light, max(0, min(depth, depth_of_light)), depth_of_light)


def dog():
    """(shape, colour) from back to front; he sits and looks at us."""
    body = blended(ellipse(250, 330, 74, 98), ellipse(250, 268, 56, 72), 40)
    head = blended(ellipse(250, 178, 74, 66), ellipse(250, 214, 58, 44), 30)
    ear_left = curve((190, 140, 17), (166, 172, 27), (160, 214, 24), (168, 240, 13))
    ear_right = curve((310, 140, 17), (334, 172, 27), (340, 214, 24), (332, 240, 13))
    muzzle = blended(ellipse(250, 220, 38, 29), ellipse(250, 198, 19, 30), 16)
    blaze = curve((250, 122, 5), (250, 150, 9), (250, 196, 17))
    chest = blended(ellipse(250, 296, 33, 48), ellipse(250, 262, 41, 24), 24)
    shadow = ellipse(262, 427, 132, 15)
    out = [(shadow, flat(62, 108, 48), 120),
           (curve((318, 386, 15), (360, 374, 14), (384, 344, 12), (386, 318, 8)), fur(FUR, FUR_DARK), 16),
           (curve((385, 326, 9), (386, 312, 6)), fur(CREAM, CREAM_DARK), 20)]
    for side in (-1, 1):
        out.append((ellipse(250 + side * 66, 372, 43, 50, side * 22), fur(FUR_LIGHT, FUR_DARK), 16))
        out.append((ellipse(250 + side * 84, 418, 37, 15), fur(CREAM, CREAM_DARK), 16))
    out += [(body, fur(FUR_LIGHT, FUR_DARK), 16), (chest, fur(CREAM, CREAM_DARK), 110)]
    for side in (-1, 1):
        leg = curve((250 + side * 36, 310, 20), (250 + side * 33, 370, 18), (250 + side * 33, 410, 17))
        out.append((curve((250 + side * 33, 330, 21), (250 + side * 32, 404, 21)), flat(150, 92, 50), 60))
        out.append((leg, fur(FUR_LIGHT, FUR_DARK), 16))
        paw = blended(ellipse(250 + side * 34, 418, 26, 15), ellipse(250 + side * 34, 404, 17, 14), 10)
        out.append((paw, fur(CREAM, CREAM_DARK), 16))
        for toe in (-9, 8):
            x = 250 + side * 34 + toe
            out.append((curve((x, 417, 1), (x, 429, 1)), flat(176, 138, 100), 20))
    out += [(ellipse(250, 252, 62, 16), flat(138, 84, 46), 150),
            (curve((202, 246, 7), (226, 258, 8), (250, 262, 8), (274, 258, 8), (298, 246, 7)),
             shaded((226, 74, 62), (166, 34, 40), 110), 16),
            (circle(250, 276, 11), shaded((255, 226, 120), (208, 150, 40), 130), 16),
            (curve((246, 276, 1), (254, 276, 1)), flat(150, 104, 24), 20),
            (head, fur(FUR_LIGHT, FUR_DARK), 16),
            (both(blaze, head), fur(CREAM, CREAM_DARK), 90),
            (ear_left, fur(FUR, (112, 64, 34)), 16), (ear_right, fur(FUR, (112, 64, 34)), 16),
            (muzzle, fur(CREAM, CREAM_DARK), 70)]
    # mouth, tongue, nose
    tongue = both(blended(ellipse(250, 248, 14, 20), circle(250, 240, 12), 6),
                  lambda px, py: py - 233 * UNIT)
    out += [(ellipse(250, 234, 22, 9), flat(112, 48, 44), 24),
            (tongue, shaded((246, 138, 142), (214, 92, 104), 130), 16),
            (curve((250, 240, 1), (250, 258, 1)), flat(206, 88, 100), 26),
            (ellipse(231, 222, 22, 15), fur(CREAM, CREAM_DARK), 20),
            (ellipse(269, 222, 22, 15), fur(CREAM, CREAM_DARK), 20),
            (curve((250, 212, 2), (250, 230, 2)), flat(120, 76, 56), 24)]
    for side in (-1, 1):
        for k, (x, y) in enumerate(((12, 220), (19, 226), (23, 217))):
            out.append((circle(250 + side * x, y, 1), flat(168, 128, 96), 24))
    out += [(blended(ellipse(250, 199, 19, 13), ellipse(250, 208, 9, 9), 8), shaded((72, 58, 58), (34, 26, 28), 150), 20),
            (ellipse(244, 193, 6, 3), flat(158, 148, 150), 40)]
    for side in (-1, 1):
        x = 250 + side * 32
        out += [(ellipse(x, 170, 17, 17), flat(126, 76, 42), 90),
                (ellipse(x, 170, 13, 14), flat(250, 246, 238), 20),
                (circle(x, 171, 11), flat(96, 56, 26), 20), (circle(x, 171, 7), flat(26, 18, 18), 20),
                (circle(x - 4, 166, 4), flat(255, 255, 255), 24), (circle(x + 4, 176, 1), flat(214, 180, 150), 24),
                (curve((x - 12, 143 - side * 2, 3), (x + 12, 143 + side * 2, 3)), flat(150, 94, 52), 40)]
    return out


def parakeet():
    """Cotorra, on a branch at the right."""
    green, green_dark, yellow = (120, 200, 74), (54, 138, 58), (246, 220, 92)
    body = blended(ellipse(498, 262, 34, 50, -24), ellipse(488, 214, 27, 26), 24)
    wing = both(ellipse(516, 266, 23, 45, -30), lambda px, py: px - 494 * UNIT)
    out = [(curve((640, 322, 11), (560, 326, 9), (470, 318, 7), (424, 322, 4)), shaded((142, 100, 66), (92, 60, 40), 130), 16),
           (curve((452, 320, 4), (438, 300, 2)), flat(104, 70, 46), 20)]
    for x, y, lean in ((434, 294, 60), (442, 286, -40), (600, 306, 50), (612, 304, -50)):
        out.append((ellipse(x, y, 7, 14, lean), shaded((138, 196, 88), (84, 148, 62), 90), 16))
    out += [(curve((512, 300, 11), (536, 356, 8), (548, 398, 3)), shaded((92, 176, 130), (36, 110, 112), 120), 16),
            (curve((510, 300, 8), (526, 352, 6), (532, 386, 2)), shaded((110, 196, 84), (48, 130, 66), 90), 16),
            (body, lambda x, y, d: mix(mix(green_dark, green, max(0, min(d, 260)), 260), (226, 232, 128),
                                       max(0, min(120, 500 - x)), 240), 16),
            (ellipse(480, 216, 20, 19), shaded((206, 214, 200), (170, 190, 160), 160), 90),
            (wing, lambda x, y, d: mix(mix((40, 116, 62), (96, 182, 78), max(0, min(d, 200)), 200), (40, 104, 150),
                                       max(0, y - 282), 46) if y < 328 else (40, 104, 150), 16)]
    for k in range(4):
        y = 248 + k * 13
        out.append((both(without(ellipse(514 + 3 * k, y, 17, 11), ellipse(514 + 3 * k, y - 3, 18, 11)), wing),
                    flat(36, 104, 62), 20))
    out += [(curve((463, 216, 7), (452, 222, 6), (449, 232, 2)), shaded((250, 176, 92), (214, 120, 52), 80), 16),
            (curve((460, 226, 5), (456, 231, 3)), shaded((226, 140, 70), (180, 92, 44), 60), 16),
            (circle(480, 207, 8), flat(244, 244, 236), 20), (circle(479, 207, 6), flat(40, 28, 26), 20),
            (circle(477, 204, 2), flat(255, 255, 255), 20)]
    for x in (488, 504):
        out += [(curve((x, 306, 4), (x - 3, 318, 3)), flat(176, 128, 120), 20),
                (curve((x - 8, 318, 4), (x + 3, 319, 4)), flat(190, 140, 130), 20)]
    return out


def flowers():
    out = []
    for x, y, c in ((60, 420, (250, 250, 244)), (96, 446, (250, 208, 92)), (36, 456, (232, 120, 130)),
                    (430, 440, (250, 250, 244)), (470, 458, (232, 120, 130)), (548, 436, (250, 208, 92)),
                    (602, 452, (250, 250, 244)), (150, 458, (250, 250, 244)), (384, 462, (250, 208, 92))):
        out.append((curve((x, y, 1), (x + 2, y + 16, 1)), flat(58, 112, 48), 20))
        for dx, dy in ((-5, 0), (5, 0), (0, -5), (0, 5)):
            out.append((circle(x + dx, y + dy, 4), flat(*c), 24))
        out.append((circle(x, y, 3), flat(226, 160, 48) if c[2] > 100 else flat(150, 92, 40), 20))
    return out


def bounds(shape, soft):
    """Rows and columns that the shape can touch, found on a coarse grid."""
    step, hit = 8, []
    for y in range(0, HEIGHT, step):
        for x in range(0, WIDTH, step):
            if shape(x * UNIT + 64, y * UNIT + 64) > -(step + 4) * UNIT - soft:
                hit.append((x, y))
    if not hit:
        return 0, 0, 0, 0
    xs, ys = [h[0] for h in hit], [h[1] for h in hit]
    return min(xs), min(ys), min(WIDTH, max(xs) + step), min(HEIGHT, max(ys) + step)


def picture():
    paint = background()
    rows = [[paint(x, y) for x in range(WIDTH)] for y in range(HEIGHT)]
    for shape, colour, soft in dog() + parakeet() + flowers():
        left, top, right, bottom = bounds(shape, soft)
        for y in range(top, bottom):
            row = rows[y]
            for x in range(left, right):
                depth = shape(x * UNIT + 8, y * UNIT + 8)
                if depth > -soft:
                    row[x] = over(row[x], colour(x, y, depth), depth, soft)
    return rows


def perro():
    """The best quality that fits, then a comment that fills up to the lecture's size."""
    pixels = picture()
    low, high = 20, 98
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(encode(pixels, middle, NOTE)) <= SIZE else (low, middle - 1)
    spare = SIZE - len(encode(pixels, low, NOTE))
    comment = NOTE + b"guau! " * (spare // 6) + b"." * (spare % 6)
    return encode(pixels, low, comment), low


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    data, quality = perro()
    assert len(data) == SIZE, len(data)
    with open(sys.argv[1], "wb") as out:
        out.write(data)
    print(f"{sys.argv[1]}: {WIDTH} x {HEIGHT}, quality {quality}, {len(data):,} bytes")
