"""Swarms in virtual time: what the notebooks stand on."""
import os
import resource
import subprocess
import sys
import tempfile

from module import MODULE, cotorra, refused, run_all

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
    s, nan = cotorra.swarm(), float("nan")
    for every in (0, -1, 1e-10, nan, 1e9):
        assert "every= must be" in refused(ValueError, s.run_for, 1, every=every)
    for time in (-1, nan, 1e9):
        assert "seconds= must be" in refused(ValueError, s.run_for, time)
        assert "at_most= must be" in refused(ValueError, s.run_until_complete, time)
        assert "latency= must be" in refused(ValueError, s.add_client, latency=time)
    assert s.nodes == [] and s.time == 0


def test_every_run_comes_to_its_end():
    s = cotorra.swarm(pieces=1)
    for seconds, every in (0.1, 0.3), (0.7, 0.1), (1 / 3, 1 / 7), (3e-9, 1e-9), (1.1, 1e-2), (1, 1e8), (0, 1):
        for _ in range(100):
            s.run_for(seconds, every)
    assert abs(s.time - 100 * (0.1 + 0.7 + 1 / 3 + 3e-9 + 1.1 + 1)) < 1e-6, s.time


def test_a_full_disk_is_told():
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with tempfile.TemporaryDirectory() as folder:
        program = ("import cotorra\n"
                   "try:\n    cotorra.swarm(pieces=16).add_seeder()\n"
                   "except ValueError as e:\n    print(e)\n")
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300,
                             env=dict(os.environ, PYTHONPATH=MODULE, TMPDIR=folder),
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1])))
        assert run.stdout.startswith("cannot write the seeder's file into " + folder), run
        assert os.listdir(folder) == []


sys.exit(run_all(globals()))
