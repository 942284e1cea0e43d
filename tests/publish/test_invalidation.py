"""Which paths the CDN is told of."""

from lodestone.publish.invalidation import MOST_PATHS, join, paths_of


def test_a_page_is_told_of_at_its_clean_url_and_at_its_file():
    assert paths_of(["index.html", "guide/thanks/index.html", "404.html"]) == {
        "/",
        "/index.html",
        "/guide/thanks/",
        "/guide/thanks/index.html",
        "/404.html",
    }


def test_names_are_written_as_urls_are():
    assert paths_of(["über uns/index.html"]) == {"/%C3%BCber%20uns/", "/%C3%BCber%20uns/index.html"}


def test_few_paths_stay_as_they_are():
    paths = {f"/p{number}.html" for number in range(MOST_PATHS)}
    assert set(join(paths)) == paths
    assert join([]) == ()


def test_many_paths_are_joined_to_their_folders():
    paths = {f"/guide/{number}/" for number in range(30)} | {"/", "/sitemap.xml"}
    assert join(paths) == ("/", "/guide/*", "/sitemap.xml")


def test_more_folders_than_that_are_everything_and_everything_stays_that():
    paths = {f"/guide-{number}/" for number in range(30)}
    assert join(paths) == ("/*",)
    assert join({"/*", "/guide/"}) == ("/*",)


def test_joining_what_was_joined_changes_nothing():
    joined = join({f"/guide/{number}/" for number in range(30)})
    assert join({*joined, "/guide/1/"}) == ("/guide/*", "/guide/1/")
    assert join(joined) == joined
