"""The tools of the browser: what they see, what they do, what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from agentlab.core.tool import Tools
from agentlab.core.value import JsonValue
from agentlab.errors import InfraError, ToolError
from tests.environments.browser.world import BODY, World, ref

pytestmark = pytest.mark.browser


@pytest.fixture
def episode(world: World) -> Any:
    return world.start()


def refuses(kind: str, work: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(ToolError) as caught:
        work(*arguments, **named)
    assert caught.value.kind == kind
    return caught.value.message


def by_name(nodes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {node["name"]: node for node in nodes if "name" in node}


def test_a_page_is_told_by_role_name_value_and_state(episode: Any) -> None:
    seen = episode.observe()
    nodes = by_name(seen["nodes"])
    assert (seen["url"], seen["title"]) == ("/", "T")
    assert nodes["Shop"]["role"] == "heading"
    assert nodes["Name"]["role"] == "textbox"
    assert nodes["Colour"] == {**nodes["Colour"], "role": "combobox", "value": "red"}
    assert nodes["Off"]["state"] == ["disabled"]
    assert nodes["Fixed"]["state"] == ["readonly"]
    assert nodes["7 kg"]["role"] == "cell"
    assert nodes["Some bold text"]["role"] == "text"
    assert nodes["Terms"]["role"] == "checkbox"
    assert "never seen" not in nodes


def test_a_query_returns_only_what_it_asks_for(episode: Any) -> None:
    assert [n["name"] for n in episode.observe(roles=["heading"])["nodes"]] == ["Shop"]
    assert [n["name"] for n in episode.observe(text="KG")["nodes"]] == ["7 kg"]
    assert [n["name"] for n in episode.observe(regex=r"^\d+ kg$")["nodes"]] == ["7 kg"]
    assert episode.observe(roles=["button"], fields=["name"], limit=1, offset=1)["nodes"] == [
        {"name": "Send it"}
    ]
    assert episode.observe(roles=["button"], limit=1)["total"] > 1
    form = episode.observe(roles=["form"])["nodes"][0]["ref"]
    assert "7 kg" not in by_name(episode.observe(within=form)["nodes"])
    (colours,) = episode.observe(roles=["combobox"], fields=["options"])["nodes"]
    assert colours == {"options": ["red", "blue"]}


def test_since_last_tells_only_what_changed(episode: Any) -> None:
    assert episode.observe(since_last=True)["total"] > 5
    assert episode.observe(since_last=True)["nodes"] == []
    episode.click(ref(episode, "Late"))
    assert "now" in by_name(episode.observe(since_last=True)["nodes"])


def test_viewport_leaves_out_what_is_below(world: World) -> None:
    rows = "".join(f"<p>row {n}</p>" for n in range(300))
    episode = world.start(rows)
    first = by_name(episode.observe(viewport=True)["nodes"])
    assert "row 0" in first
    assert "row 299" not in first
    assert episode.scroll(by=100_000)["y"] > 0
    assert "row 299" in by_name(episode.observe(viewport=True)["nodes"])


def test_find_puts_whole_matches_first(world: World) -> None:
    episode = world.start("<p>the red lamp</p><p>red</p><p>blue</p>")
    found = episode.find("RED")
    assert [node["name"] for node in found["nodes"]] == ["red", "the red lamp"]
    assert found["total"] == 2


def test_a_form_is_filled_and_sent_by_trusted_input(episode: Any) -> None:
    episode.fill(ref(episode, "Name"), "old")
    episode.fill(ref(episode, "Name"), "Ada")
    episode.select(ref(episode, "Colour"), "blue")
    episode.click(ref(episode, "Terms"))
    told = episode.click(ref(episode, "Send it"))
    assert told == {"ok": True, "url": "/send"}
    assert episode._site.posted == [{"a": "Ada", "c": "b", "r": "x", "t": "yes"}]


def test_enter_in_a_field_sends_its_form(episode: Any) -> None:
    episode.press("Enter", ref(episode, "Name"))
    assert episode._site.posted


def test_an_action_waits_for_what_it_started(episode: Any) -> None:
    episode.click(ref(episode, "Fetch"))
    assert episode.observe(text="fetched")["total"] == 1


def test_dialogs_are_answered_and_told(episode: Any) -> None:
    assert episode.click(ref(episode, "Ask"))["dialogs"] == ["confirm: sure?"]
    assert episode.observe()["title"] == "asked"


def test_back_goes_to_the_page_before_and_no_further(episode: Any) -> None:
    assert episode.click(ref(episode, "Two"))["url"] == "/two?x=1"
    assert episode.back()["url"] == "/"
    refuses("no_page", episode.back)
    assert episode.judge("right").metrics["blocked_requests"] == 0


def test_refs_of_an_earlier_page_are_stale_and_never_mean_another(episode: Any) -> None:
    old = ref(episode, "Two")
    episode.click(old)
    refuses("stale_ref", episode.click, old)
    assert old not in {node["ref"] for node in episode.observe()["nodes"]}


def test_what_lies_under_something_is_not_clicked_and_the_cover_is_named(world: World) -> None:
    veil = '<div style="position:fixed;inset:0;background:#fff">We use cookies</div>'
    episode = world.start(BODY + veil)
    assert "We use cookies" in refuses("obscured", episode.click, ref(episode, "Two"))


@pytest.mark.parametrize("name", ["Script", "Data", "File"])
def test_a_link_out_of_the_web_is_refused(episode: Any, name: str) -> None:
    refuses("blocked_url", episode.click, ref(episode, name))


def test_what_cannot_be_done_is_a_typed_error(episode: Any) -> None:
    refuses("disabled", episode.click, ref(episode, "Off"))
    refuses("not_editable", episode.fill, ref(episode, "Fixed"), "y")
    refuses("not_editable", episode.fill, ref(episode, "Two"), "y")
    assert "red, blue" in refuses("no_such_option", episode.select, ref(episode, "Colour"), "pink")
    refuses("bad_key", episode.press, "Foo")
    refuses("bad_regex", episode.observe, regex="(")
    refuses("no_tab", episode.tab, 7)
    refuses("bad_arguments", episode.scroll)
    assert episode.judge(None).metrics["actions_failed"] >= 6


def test_arguments_are_checked_before_the_browser_sees_them(episode: Any) -> None:
    tools = Tools.of(episode)
    wrong: dict[str, dict[str, JsonValue]] = {
        "click": {"ref": "body > *"},
        "observe": {"limit": 10**9},
        "fill": {"ref": "e1"},
        "wait": {"ms": 60_000},
        "find": {"text": ""},
    }
    for name, arguments in wrong.items():
        with pytest.raises(ToolError, match="bad_arguments"):
            tools[name].call(arguments)


def test_a_catastrophic_pattern_costs_its_deadline_and_no_more(world: World) -> None:
    episode = world.start("<p>" + "a" * 40 + "</p>")
    refuses("too_slow", episode.observe, regex="^(a+)+$x")
    assert episode.observe()["total"] == 1


def test_an_answer_ends_the_episode(episode: Any) -> None:
    episode.answer("right")
    refuses("episode_over", episode.observe)
    assert episode.judge("something else").success == 1


def test_there_is_no_page_and_no_evaluate(episode: Any) -> None:
    names = set(Tools.of(episode))
    assert not names & {"page", "evaluate", "goto", "content", "screenshot"}


@pytest.mark.parametrize(
    "script",
    [
        "core={endEpisode(){}};core.endEpisode(1)",
        "window.success=true;document.title='done'",
        "WOB_RAW_REWARD_GLOBAL=1",
        "document.body.innerHTML='<p>Thank you, order placed</p>'",
    ],
)
def test_what_the_page_says_is_not_what_is_judged(world: World, script: str) -> None:
    episode = world.start(f"<p>x</p><script>{script}</script>")
    assert episode.judge(None).success == 0


@pytest.mark.parametrize(
    "escape",
    [
        "fetch('http://example.com/')",
        "new Image().src='http://127.0.0.1:{port}/x'",
        "fetch('http://e999999.localhost:{port}/')",
        "window.open('http://example.org/')",
        "location='http://example.net/'",
        "new WebSocket('ws://example.com/')",
    ],
)
def test_reaching_out_of_the_origin_fails_the_episode(world: World, escape: str) -> None:
    body = (
        f'<p>x</p><button onclick="{escape.replace("{port}", str(world.server.port))}">Out</button>'
    )
    episode = world.start(body)
    episode._site.posted.append({})
    episode.click(ref(episode, "Out"))
    episode.wait(200)
    outcome = episode.judge(None)
    assert outcome.success == 0
    assert outcome.metrics["blocked_requests"] >= 1
    episode.close()
    honest = world.start()
    honest._site.posted.append({})
    assert honest.judge(None).success == 1


_KEEP = """<p id=o></p><script>
(async () => {
  const put = async () => { WRITE };
  const got = await (async () => { READ })();
  document.getElementById('o').textContent = got ? 'found' : 'nothing';
  await put();
  document.title = 'ready';
})()
</script>"""
_STORES = {
    "cookies": ("document.cookie='k=1'", "return document.cookie.includes('k=1')"),
    "localStorage": ("localStorage.setItem('k','1')", "return localStorage.getItem('k')"),
    "indexedDB": (
        "await new Promise(d => {indexedDB.open('k').onsuccess=d})",
        "return (await indexedDB.databases()).some(b => b.name==='k')",
    ),
    "caches": (
        "await (await caches.open('k')).put('/x', new Response('1'))",
        "return caches.has('k')",
    ),
}


@pytest.mark.parametrize("store", list(_STORES))
def test_nothing_that_a_page_keeps_crosses_to_the_next_episode(world: World, store: str) -> None:
    write, read = _STORES[store]
    page = _KEEP.replace("WRITE", write).replace("READ", read)

    def seen(origin: str | None) -> str:
        episode = world.start(page, origin=origin)
        for _ in range(20):
            if episode.observe()["title"] == "ready":
                break
            episode.wait(50)
        (node,) = episode.observe(roles=["text"])["nodes"]
        episode.close()
        return str(node["name"])

    assert [seen(None), seen(None)] == ["nothing", "nothing"]
    # Teeth: at one origin it does cross.
    assert [seen(f"same{store.lower()}"), seen(f"same{store.lower()}")] == ["nothing", "found"]


def test_a_crashed_browser_is_our_failure_and_the_next_episode_works(world: World) -> None:
    episode = world.start()
    world.pool._browser.close()
    with pytest.raises(InfraError):
        episode.observe()
    assert world.start().observe()["total"] > 5
