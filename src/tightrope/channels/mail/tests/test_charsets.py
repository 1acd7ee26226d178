"""Labels that lie: Chinese and Japanese text must come out as written."""

import base64
import random
from itertools import cycle, islice

import pytest

from tightrope.channels.mail.charsets import decode, decode_with_charset, meant_charset, tidy
from tightrope.channels.mail.parse import parse_mail
from tightrope.channels.mail.parsed import ParsedMail

SIMPLIFIED = (
    "您好，我们办公楼三楼的空调不制冷了，请尽快派师傅来维修。", "电梯在二楼和三楼之间停住了，里面没有人。",
    "上周订购的压缩机什么时候能发货？", "发票抬头写错了，请重新开具。", "噪音很大，客人已经投诉两次。",
    "保修期到明年六月，应该免费更换控制板。", "请把报价单发到我的邮箱，谢谢。", "遥控器没有反应，换了电池也不行。",
    "维修师傅今天上午没有来，也没有打电话。", "合同编号是2026-100号，请核对。", "门机故障代码E32，请告知处理办法。",
)  # fmt: skip
TRADITIONAL = (
    "您好，我們辦公室的冷氣機漏水，請儘快派人維修，謝謝。", "電梯門無法關閉，已經貼上暫停使用的告示。",
    "請問訂購的零件何時可以到貨？", "發票的統一編號寫錯了，麻煩重新開立。", "遙控器沒有反應，更換電池後仍然一樣。",
    "保固期到明年六月，應該免費更換。", "噪音很大，客人已經抱怨了兩次。", "師傅今天早上沒有來，也沒有打電話。",
)  # fmt: skip
JAPANESE = (
    "お世話になっております。三階のエアコンが冷えません。", "エレベーターが途中で止まりました。至急ご対応ください。",
    "修理の見積書をメールで送っていただけますか。", "リモコンの電池を交換しましたが、動きません。",
    "先週お願いした部品はいつ届きますか。", "異常な音がして、とてもうるさいです。", "保証期間内なので無料で交換してください。",
    "本日の訪問時間を教えてください。よろしくお願いいたします。",
)  # fmt: skip

WRITTEN_AS = {
    "zh-Hans": (SIMPLIFIED, ("gb18030", "utf-8", "gb18030", "hz")),
    "zh-Hant": (TRADITIONAL, ("big5hkscs", "utf-8", "gb18030")),
    "ja": (JAPANESE, ("cp932", "euc_jp", "iso2022_jp", "utf-8")),
}
TRUE_LABELS = {
    "gb18030": "gb2312", "utf-8": "utf-8", "hz": "hz-gb-2312", "big5hkscs": "big5", "cp932": "shift_jis",
    "euc_jp": "euc-jp", "iso2022_jp": "iso-2022-jp",
}  # fmt: skip
WRONG_LABELS = (
    "", "us-ascii", "iso-8859-1", "windows-1252", "utf-8", "gb2312", "gbk", "big5", "shift_jis", "euc-jp",
    "iso-2022-jp", "x-unknown", "utf8mb4",
)  # fmt: skip


def generated_mails(count: int, seed: int) -> list[tuple[str, str, bytes, str, str]]:
    """Subject, body, raw mail, charset really used and label put on it; the label is mostly false."""
    rng = random.Random(seed)
    mails = []
    for language in islice(cycle(WRITTEN_AS), count):
        sentences, charsets = WRITTEN_AS[language]
        charset = rng.choice(charsets)
        label = TRUE_LABELS[charset] if charset == "hz" else rng.choice(WRONG_LABELS)
        subject = rng.choice(sentences)
        body = "\r\n".join(rng.sample(sentences, rng.randint(2, 5)))
        parameter = f'; charset="{label}"' if label else ""
        raw = b"From: a@example.cn\r\nTo: support@tightrope.example\r\nSubject: "
        raw += _encoded_subject(subject.encode(charset), label, rng)
        raw += f"\r\nContent-Type: text/plain{parameter}".encode()
        if rng.random() < 0.5:
            raw += b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(body.encode(charset))
        else:
            raw += b"\r\n\r\n" + body.encode(charset)
        mails.append((subject, body.replace("\r\n", "\n"), raw, charset, label))
    return mails


def _encoded_subject(subject: bytes, label: str, rng: random.Random) -> bytes:
    """Raw bytes, as some mailers send them, or encoded words with the false label, cut anywhere."""
    if not label or rng.random() < 0.4:
        return subject
    at = rng.randrange(1, len(subject))
    words = (
        b"=?%s?B?%s?=" % (label.encode(), base64.b64encode(piece)) for piece in (subject[:at], subject[at:])
    )
    return b"\r\n ".join(words)


def test_500_mails_with_false_labels_are_read_without_mojibake() -> None:
    wrong = []
    for subject, body, raw, charset, label in generated_mails(500, seed=20261120):
        parsed = parse_mail(raw)
        assert isinstance(parsed, ParsedMail)
        if (parsed.text, parsed.subject) != (body, subject):
            wrong.append((charset, label, subject, parsed.subject, parsed.text[:40]))

    assert wrong == []


@pytest.mark.parametrize("language", sorted(WRITTEN_AS))
def test_the_language_of_a_mail_is_guessed(language: str) -> None:
    sentences, _ = WRITTEN_AS[language]
    raw = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + " ".join(sentences).encode()

    parsed = parse_mail(raw)

    assert isinstance(parsed, ParsedMail)
    assert parsed.language == language


@pytest.mark.parametrize(
    ("text", "charset", "label"),
    [
        ("王小明", "big5", "gb2312"), ("联通", "gbk", "gb2312"), ("谢谢", "gbk", "utf-8"), ("a\xa0b", "utf-8", "utf-8"), ("Café", "utf-8", "iso-8859-1"), ("лифт не работает", "utf-8", "gb2312"), ("订单", "gbk", "iso-8859-1"),
        ("朱镕基、喆、㐂", "gb18030", "gb2312"), ("深水埗嘅電梯壞咗", "big5hkscs", "big5"),
        ("①番の㈱田中", "cp932", "shift_jis"), ("ｶﾀｶﾅの機械", "cp932", "shift_jis"),
        ("Größe für Müller", "cp1252", "iso-8859-1"), ("Größe für Müller", "utf-8", "iso-8859-1"),
        ("déjà signalé à l’équipe", "cp1252", ""), ("“quoted” – 5 €", "cp1252", "iso-8859-1"),
        ("Привет, лифт не работает", "koi8-r", "koi8-r"), ("안녕하세요 엘리베이터", "cp949", "ks_c_5601-1987"),
        ("😀 好的", "utf-8", "gb2312"), ("請派人維修", "gb18030", "gb2312"),
    ],
)  # fmt: skip
def test_text_comes_out_as_written(text: str, charset: str, label: str) -> None:
    assert decode(text.encode(charset), label) == text


def test_japanese_by_phone_has_vendor_characters_and_half_width_kana() -> None:
    raw = b"\x1b$B-!-j\x1b(B and \x1b(I\x36\x40\x36\x45\x1b(B."

    assert decode(raw, "iso-2022-jp") == "①㈱ and ｶﾀｶﾅ."


def test_codecs_that_are_no_charsets_are_never_used() -> None:
    assert [meant_charset(name) for name in ("zlib", "rot13", "idna", "utf-7", "undefined", "x" * 90)] == [
        ""
    ] * 6


def test_what_no_database_stores_is_removed() -> None:
    assert tidy("a\x00b\ud800c\r\nd\re") == "abc\nd\ne"


def test_one_broken_byte_does_not_change_the_charset_of_a_long_text() -> None:
    raw = "空调坏了，请派人来看。".encode() * 5
    text, charset = decode_with_charset(raw[:31] + b"\xff" + raw[31:], "utf-8")

    assert charset == "utf-8"
    assert text.count("�") <= 4
