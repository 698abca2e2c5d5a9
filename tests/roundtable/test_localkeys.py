import threading

from roundtable.localkeys import kept


def test_a_secret_is_made_once(tmp_path):
    path = tmp_path / "var" / "secret"
    assert [kept(path, lambda: "first"), kept(path, lambda: "second")] == ["first", "first"]
    assert [each.name for each in path.parent.iterdir()] == ["secret"]


def test_of_several_that_start_at_once_one_wins_and_all_have_its_secret(tmp_path):
    barrier, found = threading.Barrier(5), []

    def start(number):
        found.append(kept(tmp_path / "secret", lambda: (barrier.wait(), str(number))[1]))

    threads = [threading.Thread(target=start, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), set(found)) == (5, {(tmp_path / "secret").read_text()})
