"""The values of the protocol as the protocol's people write them."""
import re

import gdb

LITTLE, SHOWN = 40, 24      # a row of so many bytes is shown whole; of a longer one, so many


def raw(array):
    """The bytes of a std::array<std::byte, N>."""
    data = array["_M_elems"]
    low, high = data.type.strip_typedefs().range()
    return read(data[low].address, high - low + 1)


def read(address, size):
    if size == 0:
        return b""
    return bytes(gdb.selected_inferior().read_memory(int(address), size))


def as_text(data):
    return "".join(chr(b) if 0x20 <= b < 0x7f else "." for b in data)


def row_of(data, size):
    """6 bytes: 00 00 00 01 02 41  "....-A" """
    if size == 0:
        return "no bytes"
    more = " .." if size > len(data) else ""
    return f"{size} byte{'s' * (size != 1)}: {data.hex(' ')}{more}  \"{as_text(data)}\"{more}"


def row(address, size):
    size = int(size)
    if size < 0 or size > 1 << 32:
        return "(not made yet)"
    return row_of(read(address, size if size <= LITTLE else SHOWN), size)


def span(v):
    return row(v["_M_ptr"], v["_M_extent"]["_M_extent_value"])


def buffer(v):
    data = v["_M_impl"]
    return row(data["_M_start"], int(data["_M_finish"]) - int(data["_M_start"]))


def byte(v):
    n = int(v.cast(gdb.lookup_type("unsigned char")))
    return f"{n:02x}" + (f" '{chr(n)}'" if 0x20 <= n < 0x7f else "")


def byte_array(v):
    data = raw(v)
    return row_of(data if len(data) <= LITTLE else data[:SHOWN], len(data))


def hexadecimal(v):
    return raw(v["value"]).hex()


def peer_id(v):
    data = raw(v["value"])
    return '"' + as_text(data) + '"' if any(data) else "(zeros)"


RESERVED = ((5, 0x10, "extensions"), (7, 0x04, "fast"), (7, 0x01, "dht"))


def abilities(v):
    data = raw(v["value"])
    return ", ".join(name for at, bit, name in RESERVED if data[at] & bit) or "BEP 3 only"


def reserved_bits(v):
    return f"{raw(v['value']).hex(' ')} ({abilities(v)})"


def reader(v):
    """What has been read from the stream, and not yet taken."""
    start = v["buffer_"]["_M_impl"]["_M_start"]
    begin, end = int(v["begin_"]), int(v["end_"])
    return "has read ahead " + (row(start + begin, end - begin) if start else "no bytes")


def memory_stream(v):
    pipe = v["in_"]["_M_ptr"].dereference()
    closed = ", closed by the other end" if pipe["closed"] else ""
    return "a wire in memory, on it " + buffer(pipe["data"]) + closed


def stream(v):
    """By reference or base: what it really is."""
    kind = v.dynamic_type
    return memory_stream(v.cast(kind)) if kind.name == "cotorra::io::memory_stream" else kind.name or "a stream"


def moment(v):
    """A time_point or a duration, in seconds."""
    ticks = v["__d"] if has(v, "__d") else v
    length = re.search(r"ratio<(\d+), (\d+)>", ticks.type.strip_typedefs().name)
    return f"{int(ticks['__r']) * int(length[1]) / int(length[2]):g} s"


def clock(v):
    kind = v.dynamic_type
    return f"it shows {moment(v.cast(kind)['now_'])}" if kind.name == "cotorra::io::virtual_clock" else kind.name


def number(v):
    digits = int(v["digits_"])
    return f"{'-' if v['negative_'] else ''}{int(v['magnitude_'])} after {digits} digit{'s' * (digits != 1)}"


def optional(v):
    inside = v["_M_payload"]
    while not has(inside, "_M_engaged"):
        inside = inside[inside.type.fields()[0]]
    return inside["_M_payload"]["_M_value"].format_string() if inside["_M_engaged"] else "nothing"


def has(v, name):
    return any(f.name == name for f in v.type.fields())


def function(_v):
    return "a function"


def handshake(v):
    return f"info_hash {hexadecimal(v['hash'])}, peer_id {peer_id(v['id'])}, {abilities(v['reserved'])}"


def bitfield(v):
    start = v["bits_"]["_M_impl"]["_M_start"]
    size = int(v["size_"])
    data = read(start, (min(size, 64) + 7) // 8)
    bits = "".join(f"{b:08b}" for b in data)[:min(size, 64)]
    return f"{int(v['count_'])} of {size} pieces: {bits}" + (" .." if size > 64 else "")


def address(v):
    data = raw(v["value"])
    if not v["is_v6"]:
        return ".".join(map(str, data[:4]))
    text = ":".join(f"{data[i] << 8 | data[i + 1]:x}" for i in range(0, 16, 2))
    return re.sub(r"(^|:)(0(:|$)){2,}", "::", text, count=1)


def endpoint(v):
    a = address(v["address"])
    return (f"[{a}]" if v["address"]["is_v6"] else a) + f":{int(v['port'])}"


def fields(v):
    """piece 3, begin 16384, length 16384"""
    return ", ".join(f"{f.name} {v[f.name].format_string()}" for f in v.type.fields()
                     if f.name and not is_static(f))


def is_static(field):
    return not hasattr(field, "bitpos")


def message(v):
    """request: piece 3, begin 16384, length 16384"""
    name = v.type.strip_typedefs().unqualified().name.split("::")[-1].replace("_", " ")
    inside = fields(v)
    return name + (f": {inside}" if inside else "")


def any_message(v):
    at = v["_M_u"]
    for _ in range(int(v["_M_index"])):
        at = at["_M_rest"]
    return message(at["_M_first"]["_M_storage"])


def block(v):
    return fields(v)


def peer_state(v):
    def half(who, interested, choking):
        return (f"{who} {'interested' if v[interested] else 'not interested'}, "
                f"{'choking' if v[choking] else 'not choking'}")
    return (half("we are", "am_interested", "am_choking") + "; "
            + half("the peer is", "peer_interested", "peer_choking"))


BYTE = r"(const )?std::byte( const)?"
PRINTERS = [(re.compile(f"^{name}$"), show) for name, show in (
    (r"std::span<" + BYTE + r", .*>", span),
    (r"std::vector<std::byte, .*>", buffer),
    (r"std::array<std::byte, \d+.*>", byte_array),
    (r"std::byte", byte),
    (r"std::optional<.*>", optional),
    (r"std::function<.*>", function),
    (r"cotorra::identifier<cotorra::(info|sha1)_tag>", hexadecimal),
    (r"cotorra::identifier<cotorra::peer_tag>", peer_id),
    (r"cotorra::handshake::reserved_bits", reserved_bits),
    (r"cotorra::handshake::handshake", handshake),
    (r"cotorra::io::reader", reader),
    (r"cotorra::io::(memory_)?stream", stream),
    (r"cotorra::io::(virtual_)?clock", clock),
    (r"std::chrono::(time_point<.*>|duration<long, std::ratio<.*> >)", moment),
    (r"cotorra::bencode::number", number),
    (r"cotorra::bitfield", bitfield),
    (r"cotorra::ip_address", address),
    (r"cotorra::endpoint", endpoint),
    (r"cotorra::piece::block", block),
    (r"cotorra::message::small_frame", lambda v: row(v["data"]["_M_elems"].address, v["size"])),
    (r"cotorra::choke::peer_state", peer_state),
    (r"std::variant<cotorra::message::keep_alive, .*>", any_message),
    (r"cotorra::message::(keep_alive|choke|unchoke|(not_)?interested|have|bitfield|request|piece|cancel|port|"
     r"suggest_piece|have_all|have_none|reject_request|allowed_fast|extended|unknown)", message),
)]


class Shown:
    def __init__(self, value, show):
        self.value, self.show = value, show

    def to_string(self):
        try:
            return self.show(self.value)
        except (gdb.error, gdb.MemoryError, ValueError, OverflowError):
            return "(not made yet)"


def look_up(value):
    kind = value.type.strip_typedefs().unqualified()
    name = kind.name or ""
    for pattern, show in PRINTERS:
        if pattern.match(name):
            return Shown(value, show)
    return None


look_up.name = "cotorra"


def register(_event=None):
    """With the program itself, since gdb asks that before libstdc++, which has its own for a vector."""
    for place in gdb.objfiles()[:1] + [gdb]:
        place.pretty_printers[:] = [p for p in place.pretty_printers if getattr(p, "name", "") != "cotorra"]
        place.pretty_printers.insert(0, look_up)
