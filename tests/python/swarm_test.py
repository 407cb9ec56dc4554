"""Swarms in virtual time: what the notebooks stand on."""
import sys

from module import cotorra, refused, run_all

KB = 1000


def finish_times(seed, **client):
    s = cotorra.swarm(seed=seed, pieces=32, piece_length=32 * 1024)
    s.add_seeder(up=100 * KB)
    clients = [s.add_client(up=100 * KB, down=400 * KB, **client) for _ in range(5)]
    assert s.run_until_complete()
    return s.trace, [c.finished_at for c in clients]


def test_the_same_seed_gives_the_same_numbers():
    assert finish_times(1) == finish_times(1)
    assert finish_times(1) != finish_times(2)


def test_no_client_is_faster_than_its_link():
    _, times = finish_times(1)
    assert min(times) > 32 * 32 * 1024 / (400 * KB)


def test_a_swarm_without_sharing_gets_the_seeder_s_rate():
    _, times = finish_times(1, shares=False)
    alone = 5 * 32 * 32 * 1024 / (100 * KB)
    assert 0.95 * alone < max(times) < 1.1 * alone, times


def test_series_are_as_long_as_the_run():
    s = cotorra.swarm(pieces=32)
    seeder, client = s.add_seeder(up=100 * KB), s.add_client()
    s.run_for(5, every=0.5)
    assert client.times == [0.5 * n for n in range(11)], client.times
    assert client.progress == sorted(client.progress) and 0 < client.progress[-1] < 1
    assert 0 < client.downloaded[-1] == client.downloaded_from(seeder) <= seeder.uploaded[-1]
    assert not s.run_until_complete(at_most=1)
    assert s.run_until_complete()
    assert client.downloaded_from(seeder) == s.size == 32 * 64 * 1024
    assert client.progress[-1] == 1 and client.finished_at == s.time


def test_a_fixed_depth_is_a_fixed_rate():
    s = cotorra.swarm(pieces=16)
    s.add_seeder(latency=0.025)
    client = s.add_client(latency=0.025, request_depth=1)      # a round trip is 100 ms
    assert s.run_until_complete()
    assert 0.95 < client.finished_at / (s.size / 16384 * 0.1) < 1.1, client.finished_at


def test_who_leaves_takes_its_pieces_along():
    s = cotorra.swarm(pieces=16)
    seeder, client = s.add_seeder(up=100 * KB), s.add_client()
    s.run_for(3)
    assert set(s.copies()) == {1, 2}
    seeder.leave()
    s.run_for(1)
    assert set(s.copies()) == {0, 1} and not seeder.is_here
    assert not s.run_until_complete(at_most=60) and client.finished_at is None


def test_a_client_may_leave_when_it_has_all():
    s = cotorra.swarm(pieces=16)
    s.add_seeder(up=100 * KB)
    client = s.add_client(leaves=True)
    assert s.run_until_complete() and not client.is_here


def test_nonsense_is_refused():
    refused(ValueError, cotorra.swarm, pieces=0)
    refused(ValueError, cotorra.swarm().run_for, 1, every=0)


sys.exit(run_all(globals()))
