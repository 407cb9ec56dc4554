"""What a suspended coroutine waits for, in a sentence: told by the function of the room io that it
is suspended in, and by its caller."""
import gdb


def seconds(ticks):
    return f"{int(ticks) / 1e9:g} s"


def sleeper(c):
    """virtual_clock::sleep_until(t): how far t is."""
    try:
        wanted = c.value("t")["__d"]["__r"]
        now = c.this()["now_"]["__d"]["__r"]
        return f"for the clock: {seconds(int(wanted) - int(now))} from now"
    except (gdb.error, TypeError):
        return "for the clock"


def group(c):
    """task_group::join(): which members are still there."""
    try:
        members = c.this()["state_"]["_M_ptr"].dereference()["members_"]
        size = int(members["_M_impl"]["_M_node"]["_M_size"])
        return f"for the {size} coroutines of its group to end"
    except (gdb.error, TypeError):
        return "for the coroutines of its group to end"


SENTENCES = {                      # the name's last two parts -> a sentence, or what makes one
    "memory_stream::read_some": "for bytes from the other end of the wire",
    "virtual_clock::sleep_until": sleeper,
    "real_clock::sleep_until": "for the clock",
    "outbox::run": "for something to send",
    "outbox::below": "for its outbox to drain",
    "task_group::join": group,
    "io::offload": "for a worker's thread",
    "simulated_stream::read_some": "for bytes from the other host",
    "simulated_stream::write": "for room on its link",
    "simulated_listener::accept": "for a connection",
    "simulated_network::connect": "for its call to be answered",
    "limited_stream::read_some": "for its share of the rate",
    "limited_stream::write": "for its share of the rate",
    "tcp_stream::read_some": "for bytes from the network",
    "tcp_stream::write": "for the network to take its bytes",
    "tcp_listener::accept": "for a connection",
    "real_network::connect": "for its call to be answered",
    "real_network::resolve": "for the address of a name",
    "event::wait": "for an event that another coroutine sets",
}


ASIO = (                           # what an operation of asio itself is called in the name of its coroutine
    ("signal_set", "for a signal"),
    ("initiate_async_accept", "for a connection"),
    ("initiate_async_connect", "for its call to be answered"),
    ("initiate_async_receive", "for bytes from the network"),
    ("initiate_async_send", "for the network to take its bytes"),
    ("initiate_async_resolve", "for the address of a name"),
    ("waitable_timer", "for a timer"),
)


def operation(c):
    """A coroutine of asio's own: what it stands for."""
    kind = next((str(s.type) for s in c.code.block if s.name == "frame_ptr"), "")
    return next((meant for name, meant in ASIO if name in kind), "")


def is_woken(c):
    """The event has been set since: it is about to go on."""
    try:
        return c.code.name.endswith("event::wait") and bool(c.this()["set_"])
    except (gdb.error, TypeError):
        return False


def why(coroutines):
    """Why it does not run now; the innermost coroutine comes first."""
    sentence = ""
    for c in coroutines:
        if is_woken(c):
            return "is woken, and goes on when its turn comes"
        meant = SENTENCES.get(c.code.name) if c.code.is_ours else operation(c)
        if meant:
            sentence = meant(c) if callable(meant) else meant
        elif sentence or not c.code.is_plumbing and c.code.is_ours:
            break
    return "waits " + (sentence or "for what it awaits")
