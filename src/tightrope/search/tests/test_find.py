"""What is found by what somebody types."""

from __future__ import annotations

import pytest

from tightrope import search
from tightrope.core.paging import BadCursor
from tightrope.search import queries, ways
from tightrope.search.tests.factories import START, Shelf, staff


def found(text: str, **options: object) -> list[str]:
    return [row.hit.title for row in search.find(text, by=staff(), **options).rows]  # type: ignore[arg-type]


def exactly(text: str) -> list[str]:
    hits = search.find(text, by=staff())
    return [] if hits.is_near else [row.hit.title for row in hits.rows]


@pytest.mark.parametrize(
    "typed",
    ["漏水", "空调漏水", "机房 E3", "精密空调", "滴水", "三楼", "PX-60", "px60", "px 60",
     "C-10293", "c10293", "10293", "2305-0871", "23050871", "２３０５-０８７１", "0871", "wang.lei@hengtong.example"],
)  # fmt: skip
def test_a_case_is_found_by_its_words_codes_and_serials(shelf: Shelf, typed: str) -> None:
    shelf.put(
        "三楼机房空调漏水，报 E3",
        "2 号精密空调 PX-60 从中午开始滴水，旁边就是机柜。",
        codes=["C-10293", "2305-0871", "wang.lei@hengtong.example"],
    )
    shelf.put("遥控器无法配对", "换过电池")

    assert exactly(typed) == ["三楼机房空调漏水，报 E3"]


@pytest.mark.parametrize("typed", ["冷氣漏水", "冷气漏水", "維修", "维修"])
def test_simplified_finds_traditional_and_the_other_way_round(shelf: Shelf, typed: str) -> None:
    shelf.put("冷氣漏水，請派人維修")
    shelf.put("冷气漏水，请派人维修")

    assert len(exactly(typed)) == 2


def test_the_newest_of_equals_comes_first(shelf: Shelf) -> None:
    for day in ("周一", "周二", "周三"):
        shelf.put(f"{day}空调漏水")

    assert found("空调") == ["周三空调漏水", "周二空调漏水", "周一空调漏水"]


def test_a_code_asked_for_exactly_comes_before_newer_mentions(shelf: Shelf) -> None:
    shelf.put("压缩机异响", codes=["C-10240"])
    shelf.put("同 C-10240，再次异响")

    assert found("c 10240") == ["压缩机异响", "同 C-10240，再次异响"]


def test_a_phone_number_is_found_however_it_is_written(shelf: Shelf) -> None:
    shelf.put("王磊", codes=["+8613812345678", "13812345678"])

    assert exactly("138 1234 5678") == exactly("+86 138-1234-5678") == exactly("13812345678") == ["王磊"]


def test_e3_does_not_find_e30(shelf: Shelf) -> None:
    shelf.put("报 E30")

    assert found("E3") == []


def test_a_joined_model_finds_the_split_one(shelf: Shelf) -> None:
    shelf.put("KFR-35GW 不制冷")

    assert exactly("kfr35gw") == exactly("KFR 35GW") == exactly("kfr35") == ["KFR-35GW 不制冷"]


def test_a_name_is_found_by_two_characters_that_no_dictionary_joins(shelf: Shelf) -> None:
    shelf.put("苏州恒通数据中心")

    assert exactly("通数") == ["苏州恒通数据中心"]


def test_an_unfinished_word_finds_its_longer_forms(shelf: Shelf) -> None:
    shelf.put("Chiller is leaking")

    assert exactly("leak") == exactly("chil") == ["Chiller is leaking"]


def test_accents_do_not_matter(shelf: Shelf) -> None:
    shelf.put("Café Müller")

    assert exactly("cafe muller") == ["Café Müller"]


def test_a_piece_of_text_is_found_from_three_characters_on(shelf: Shelf) -> None:
    shelf.put("锦江花园物业", "电梯按钮失灵 AX77Q91")

    assert exactly("X77Q") == ["锦江花园物业"]


def test_signs_of_patterns_are_only_signs(shelf: Shelf) -> None:
    shelf.put("阀门__AB9")

    assert exactly("门__ab") == ["阀门__AB9"]
    assert exactly("门_x_b9") == []
    for hostile in ("'", "'':*", "a & | !", "\\", "((", "<->", "\x00漏", "%", "_" * 50, "的", " "):
        search.find(hostile, by=staff())


def test_when_nothing_fits_what_comes_near_is_shown_and_said(shelf: Shelf) -> None:
    shelf.put("电梯门异响")
    shelf.put("空调漏水且异响严重")

    hits = search.find("空调 异响 冒烟", by=staff())

    assert hits.is_near
    assert hits.rows[0].hit.title == "空调漏水且异响严重"


def test_pages_follow_each_other_without_gap_or_repetition(shelf: Shelf) -> None:
    shelf.put("说明", "空调", codes=["A-7"])
    for number in range(23):
        shelf.put(f"A-7 空调 {number}")
    seen: list[int] = []
    mark = None

    while True:
        hits = search.find("A-7", by=staff(), limit=5, after=mark)
        seen += [row.object_id for row in hits.rows]
        mark = hits.next
        if mark is None:
            break

    assert seen == [1, *range(24, 1, -1)]


def test_a_foreign_page_mark_is_refused(shelf: Shelf) -> None:
    with pytest.raises(BadCursor):
        search.find("空调", by=staff(), after="nonsense")


def test_an_unknown_kind_is_refused(shelf: Shelf) -> None:
    with pytest.raises(search.UnknownKind):
        search.find("空调", by=staff(), kinds=["spaceship"])


def test_one_box_answers_for_every_kind(shelf: Shelf, other_shelf: Shelf) -> None:
    for number in range(8):
        shelf.put(f"空调 {number}")
    other_shelf.put("空调为什么漏水")

    found = queries.find_each("空调", by=staff(), limit=5)

    assert {kind: len(hits.rows) for kind, hits in found.items()} == {"thing": 5, "story": 1}
    assert found["thing"].next is not None
    assert [row.kind for row in search.find("空调", by=staff(), kinds=["story"]).rows] == ["story"]


def test_indexing_again_replaces_and_forgetting_removes(shelf: Shelf) -> None:
    number = shelf.put("旧标题")
    search.index("thing", number, title="新标题", body="", account_id=None, at=START)

    assert exactly("新标题")
    assert found("旧") == []
    search.forget("thing", number)
    search.forget("thing", number)
    assert found("新标题") == []


def test_a_long_hostile_text_is_cut_and_indexed(shelf: Shelf) -> None:
    shelf.put("日志", "漏水 " + "x" * 100_000 + "\x00'\\" * 1000)

    assert exactly("漏水") == ["日志"]


def test_what_is_rare_and_old_is_found_behind_many_newer_ones(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "NEWEST_BY_WORDS", 5)
    monkeypatch.setattr(ways, "NEWEST_BY_PIECE", 5)
    monkeypatch.setattr(ways, "NEWEST_A_HIT", 1)
    shelf.put("曳引机异响 AX77Q91")
    for number in range(60):
        shelf.put(f"空调 {number}")

    assert exactly("曳引机") == exactly("7Q9") == ["曳引机异响 AX77Q91"]
    assert len(found("空调", limit=40)) == 40
