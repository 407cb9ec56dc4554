"""A baseline JPEG encoder in whole numbers, so that the same picture gives the same bytes on every
machine and every Python. 4:2:0 colour, the Huffman tables of the standard (ITU T.81, annex K)."""

# fmt: off
LUMA_QUANT = [16,11,10,16,24,40,51,61, 12,12,14,19,26,58,60,55, 14,13,16,24,40,57,69,56,
              14,17,22,29,51,87,80,62, 18,22,37,56,68,109,103,77, 24,35,55,64,81,104,113,92,
              49,64,78,87,103,121,120,101, 72,92,95,98,112,100,103,99]
CHROMA_QUANT = [17,18,24,47,99,99,99,99, 18,21,26,66,99,99,99,99, 24,26,56,99,99,99,99,99,
                47,66,99,99,99,99,99,99] + [99] * 32
ZIGZAG = [0,1,8,16,9,2,3,10,17,24,32,25,18,11,4,5,12,19,26,33,40,48,41,34,27,20,13,6,7,14,21,28,
          35,42,49,56,57,50,43,36,29,22,15,23,30,37,44,51,58,59,52,45,38,31,39,46,53,60,61,54,47,55,62,63]
# How many codes there are of each length 1..16, and the symbols in order of their codes.
DC_LUMA = ([0,1,5,1,1,1,1,1,1,0,0,0,0,0,0,0], list(range(12)))
DC_CHROMA = ([0,3,1,1,1,1,1,1,1,1,1,0,0,0,0,0], list(range(12)))
AC_LUMA = ([0,2,1,3,3,2,4,3,5,5,4,4,0,0,1,0x7d], list(bytes.fromhex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728"
    "292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a83848586878889"
    "8a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2"
    "e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa")))
AC_CHROMA = ([0,2,1,2,4,4,3,4,7,5,4,4,0,1,2,0x77], list(bytes.fromhex(
    "0001020311040521310612415107617113223281081442 91a1b1c109233352f0156272d10a162434e125f11718191a26"
    "2728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a828384858687"
    "88898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da"
    "e2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa")))
# cos((2x+1) u pi/16) / 2, times the square root of 1/2 for u = 0, in units of 1/8192: the DCT.
COSINES = [[2896] * 8,
           [4017, 3406, 2276, 799, -799, -2276, -3406, -4017],
           [3784, 1567, -1567, -3784, -3784, -1567, 1567, 3784],
           [3406, -799, -4017, -2276, 2276, 4017, 799, -3406],
           [2896, -2896, -2896, 2896, 2896, -2896, -2896, 2896],
           [2276, -4017, 799, 3406, -3406, -799, 4017, -2276],
           [1567, -3784, 3784, -1567, -1567, 3784, -3784, 1567],
           [799, -2276, 3406, -4017, 4017, -3406, 2276, -799]]
# fmt: on


def codes(table):
    """symbol -> (code, its length in bits)"""
    counts, symbols = table
    out, code, at = {}, 0, 0
    for length, count in enumerate(counts, 1):
        for symbol in symbols[at:at + count]:
            out[symbol] = (code, length)
            code += 1
        at += count
        code <<= 1
    return out


def scaled(table, quality):
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [min(255, max(1, (q * scale + 50) // 100)) for q in table]


def dct(block):
    """64 samples -> 64 coefficients, each a multiple of 1/2**20 (rows, then columns)."""
    rows = []
    for y in range(0, 64, 8):
        a, b, c, d, e, f, g, h = block[y:y + 8]
        s0, s1, s2, s3, d0, d1, d2, d3 = a + h, b + g, c + f, d + e, a - h, b - g, c - f, d - e
        rows.append([(k[0] * s0 + k[1] * s1 + k[2] * s2 + k[3] * s3) if u % 2 == 0 else
                     (k[0] * d0 + k[1] * d1 + k[2] * d2 + k[3] * d3) for u, k in enumerate(COSINES)])
    out = [0] * 64
    for x in range(8):
        a, b, c, d, e, f, g, h = [row[x] for row in rows]
        s0, s1, s2, s3, d0, d1, d2, d3 = a + h, b + g, c + f, d + e, a - h, b - g, c - f, d - e
        for v, k in enumerate(COSINES):
            out[v * 8 + x] = (k[0] * s0 + k[1] * s1 + k[2] * s2 + k[3] * s3) if v % 2 == 0 else \
                             (k[0] * d0 + k[1] * d1 + k[2] * d2 + k[3] * d3)
    return out


def quantized(coefficients, table):
    """Zigzag order, divided and rounded to the nearest, halves away from zero."""
    out = []
    for at in ZIGZAG:
        value, step = coefficients[at], table[at] << 26
        out.append((value + step // 2) // step if value >= 0 else -((-value + step // 2) // step))
    return out


class Bits:
    def __init__(self):
        self.bytes, self.value, self.count = bytearray(), 0, 0

    def put(self, value, length):
        self.value, self.count = self.value << length | value, self.count + length
        while self.count >= 8:
            self.count -= 8
            byte = self.value >> self.count & 255
            self.bytes.append(byte)
            if byte == 255:
                self.bytes.append(0)
        self.value &= (1 << self.count) - 1

    def number(self, value, length):
        self.put(value if value >= 0 else value + (1 << length) - 1, length)


def put_block(bits, block, previous, dc, ac):
    """Writes one block; `previous` is the last block's first coefficient."""
    difference = block[0] - previous
    length = abs(difference).bit_length()
    bits.put(*dc[length])
    bits.number(difference, length)
    run = 0
    last = max((i for i in range(64) if block[i]), default=0)
    for value in block[1:last + 1]:
        if value == 0:
            run += 1
            continue
        while run > 15:
            bits.put(*ac[0xF0])
            run -= 16
        length = abs(value).bit_length()
        bits.put(*ac[run << 4 | length])
        bits.number(value, length)
        run = 0
    if last < 63:
        bits.put(*ac[0])
    return block[0]


def planes(pixels, width, height):
    """RGB rows -> Y at full size, Cb and Cr at half, all less 128 (in 1/64 for the coefficients)."""
    y = [[(19595 * r + 38470 * g + 7471 * b + 32768 >> 16) - 128 for r, g, b in row] for row in pixels]
    cb = [[-11059 * r - 21709 * g + 32768 * b for r, g, b in row] for row in pixels]
    cr = [[32768 * r - 27439 * g - 5329 * b for r, g, b in row] for row in pixels]
    half = [[[(p[j][i] + p[j][i + 1] + p[j + 1][i] + p[j + 1][i + 1] + (1 << 17)) >> 18
              for i in range(0, width, 2)] for j in range(0, height, 2)] for p in (cb, cr)]
    return y, half[0], half[1]


def cut(plane, x, y):
    return [v for row in plane[y:y + 8] for v in row[x:x + 8]]


def segment(marker, body):
    return bytes([255, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def encode(pixels, quality, comment=b""):
    """pixels: rows of (r, g, b), both sides a multiple of 16."""
    height, width = len(pixels), len(pixels[0])
    luma, chroma = scaled(LUMA_QUANT, quality), scaled(CHROMA_QUANT, quality)
    out = bytearray(b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"))
    if comment:
        out += segment(0xFE, comment)
    for number, table in enumerate((luma, chroma)):
        out += segment(0xDB, bytes([number]) + bytes(table[i] for i in ZIGZAG))
    out += segment(0xC0, b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big")
                   + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01")
    for number, table in ((0x00, DC_LUMA), (0x10, AC_LUMA), (0x01, DC_CHROMA), (0x11, AC_CHROMA)):
        out += segment(0xC4, bytes([number]) + bytes(table[0]) + bytes(table[1]))
    out += segment(0xDA, b"\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00")

    bits, (y, cb, cr), before = Bits(), planes(pixels, width, height), [0, 0, 0]
    dcs, acs = [codes(DC_LUMA), codes(DC_CHROMA)], [codes(AC_LUMA), codes(AC_CHROMA)]
    for top in range(0, height, 16):
        for left in range(0, width, 16):
            for dy, dx in ((0, 0), (0, 8), (8, 0), (8, 8)):
                block = quantized(dct(cut(y, left + dx, top + dy)), luma)
                before[0] = put_block(bits, block, before[0], dcs[0], acs[0])
            for number, plane in ((1, cb), (2, cr)):
                block = quantized(dct(cut(plane, left // 2, top // 2)), chroma)
                before[number] = put_block(bits, block, before[number], dcs[1], acs[1])
    bits.put(127, 7)                      # fill the last byte with ones
    return bytes(out + bits.bytes + b"\xff\xd9")
