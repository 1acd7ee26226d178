"""Answers as mail programs write them: the new words apart, nothing lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tightrope.channels.mail.reply_signs import MARKER_LINE
from tightrope.channels.mail.strip import Stripped, strip_html, strip_text
from tightrope.channels.mail.tests.mails import patient

QUOTATIONS = {
    "Gmail": "On Fri, Nov 20, 2026 at 10:00 AM Wang Lei <wang@example.cn> wrote:\n\n> old\n> older",
    "Gmail wrapped": "On Fri, Nov 20, 2026 at 10:00 AM Wang Lei\n<wang@example.cn>\nwrote:\n> old",
    "Apple Mail": "On 20. Nov 2026, at 10:00, Wang Lei <wang@example.cn> wrote:\n\n> old",
    "Apple Mail German": "> Am 20.11.2026 um 10:00 schrieb Wang Lei <wang@example.cn>:\n>\n> alt",
    "Thunderbird German": "Am 20.11.26 um 10:00 schrieb Wang Lei:\n> alt",
    "Gmail German": "Am Fr., 20. Nov. 2026 um 10:00 Uhr schrieb Wang Lei <wang@example.cn>:\n\n> alt",
    "Gmail French": "Le ven. 20 nov. 2026 à 10:00, Wang Lei <wang@example.cn> a écrit :\n\n> vieux",
    "Apple Mail Chinese": "在 2026年11月20日，王磊 <wang@example.cn> 写道：\n\n> 旧的",
    "Apple Mail Chinese with time": "> 在 2026年11月20日，上午10:00，王磊 <wang@example.cn> 写道：\n>\n> 旧的",
    "Gmail Chinese": "王磊 <wang@example.cn>于2026年11月20日周五 10:00写道：\n\n> 旧的",
    "Gmail Taiwan": "王小明 <wang@example.tw> 於 2026年11月20日 週五 上午10:00寫道：\n\n> 舊的",
    "Apple Mail Taiwan": "於 2026年11月20日，王小明 <wang@example.tw> 寫道：\n\n> 舊的",
    "Thunderbird Chinese": "在 2026/11/20 10:00, 王磊 写道:\n> 旧的",
    "163 English": 'At 2026-11-20 10:00:00, "support" <support@example.cn> wrote:\n>旧的',
    "163 English unmarked": 'At 2026-11-20 10:00:00, "support" <support@example.cn> wrote:\n旧的\n更旧的',
    "163 Chinese": '在 2026-11-20 10:00:00，"support" <support@example.cn> 写道：\n>旧的',
    "QQ": (
        '------------------ 原始邮件 ------------------\n发件人: "support" <support@example.cn>;\n'
        '发送时间: 2026年11月20日(星期五) 上午10:00\n收件人: "王磊"<wang@qq.example>;\n主题: Re: 空调\n\n旧的内容'
    ),
    "QQ short rule": '------------------&nbsp;原始邮件&nbsp;------------------'.replace("&nbsp;", " ") + "\n发件人: x;\n\n旧的",
    "QQ Taiwan": (
        '------------------ 原始郵件 ------------------\n寄件者: "support";\n寄件日期: 2026年11月20日\n'
        "收件者: 王小明;\n主旨: Re: 冷氣\n\n舊的"
    ),
    "Outlook Chinese": "发件人: 服务台 <s@example.cn>\n发送时间: 2026年11月20日 10:00\n收件人: 王磊\n主题: 空调\n\n旧的",
    "Outlook Chinese full width": (
        "________________________________\n发件人：服务台\n发送时间：2026年11月20日\n收件人：王磊\n抄送：李娜\n主题：空调\n\n旧的"
    ),
    "Outlook Taiwan": "寄件者: 服務台\n寄件日期: 2026年11月20日\n收件者: 王小明\n主旨: 冷氣\n\n舊的",
    "Foxmail": "\n发件人： 服务台\n发送时间： 2026-11-20 10:00\n收件人： wang\n抄送： li\n主题： Re: 空调\n旧的",
    "Foxmail one line": "发件人：服务台 发送时间：2026-11-20 10:00 收件人：wang 主题：空调\n旧的",
    "Outlook English": "From: Support <s@example.cn>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Wang\nSubject: A/C\n\nold",
    "Outlook bold": "*From:* Support\n*Sent:* Friday\n*To:* Wang\n*Subject:* A/C\n\nold",
    "Outlook old": "-----Original Message-----\nFrom: Support\nSent: Friday\n\nold",
    "Outlook German": "Von: Support\nGesendet: Freitag, 20. November 2026 10:00\nAn: Wang\nBetreff: Klima\n\nalt",
    "Outlook German old": "-----Ursprüngliche Nachricht-----\nVon: Support\nGesendet: Freitag\n\nalt",
    "Outlook Japanese": "差出人: サポート\n送信日時: 2026年11月20日 10:00\n宛先: 田中\n件名: エアコン\n\n古い",
    "Gmail Japanese": "2026年11月20日(金) 10:00 サポート <s@example.jp>:\n\n> 古い",
    "Apple Mail Japanese": "2026/11/20 10:00、サポート <s@example.jp>のメール：\n\n> 古い",
    "our marker": f"{MARKER_LINE}\n旧的内容",
    "our marker quoted": f"On 2026-11-20 Support <s@example.cn> wrote:\n> {MARKER_LINE}\n> old",
    "our marker below an attribution": f"在 2026年11月20日，服务台 <s@example.cn> 写道：\n\n{MARKER_LINE}\n旧的",
    "QQ in English": (
        '---Original---\nFrom: "s"<s@example.cn>\nDate: Fri, Nov 20, 2026 10:00 AM\nTo: "w"<w@qq.example>;\nSubject: x\n\nold'
    ),
    "DingTalk": (
        "------------------------------------------------------------------\n发件人：服务台\n日　期：2026年11月20日\n"
        "收件人：王磊\n主　题：空调\n\n旧的"
    ),
    "NetEase phone": "---- 回复的原邮件 ----\n| 发件人 | 服务台<s@example.cn> |\n| 主题 | 空调 |\n旧的",
    "Gmail Chinese wrapped": "王磊 <wang@example.cn> 于2026年11月20日周五\n10:00写道：\n\n> 旧的",
    "bare quote": "> old\n> older",
}  # fmt: skip

SIGNATURES = [
    "发自我的iPhone", "发自我的华为手机", "发自 网易邮箱大师", "发送自 Windows 10 版邮件应用", "從我的 iPhone 傳送",
    "Sent from my iPhone", "Sent from my Galaxy", "Get Outlook for iOS", "Von meinem iPhone gesendet", "iPhoneから送信",
    "取得 Outlook for Android", "来自我的小米手机", "-- \n王磊\n上海某某公司",
]  # fmt: skip

OWN = "已经试过了，还是不制冷。\n\nPlease send someone tomorrow."


@pytest.mark.parametrize("name", QUOTATIONS)
def test_the_answer_above_a_quotation_is_found(name: str) -> None:
    result = strip_text(f"{OWN}\n\n{QUOTATIONS[name]}")

    assert result.new_text == OWN
    assert result.quoted_text.strip("\n") == QUOTATIONS[name].strip("\n")
    assert result.signature == ""


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("name", ["Gmail", "QQ", "163 Chinese", "our marker"])
def test_a_signature_above_the_quotation_is_taken_off(name: str, signature: str) -> None:
    result = strip_text(f"{OWN}\n\n{signature}\n\n{QUOTATIONS[name]}")

    assert result.new_text == OWN
    assert result.signature == signature.replace("-- \n", "--\n")


@pytest.mark.parametrize("name", QUOTATIONS)
def test_a_quotation_alone_never_hides_unmarked_words(name: str) -> None:
    text = QUOTATIONS[name].strip("\n")
    result = strip_text(text)

    unmarked = [line for line in text.split("\n") if line.strip() and not line.startswith(">")]
    if not result.new_text:
        # Only an attribution, our own marker line and quoted lines may go altogether.
        assert len(unmarked) <= 3
        assert result.quoted_text == text


@pytest.mark.parametrize("own", ["在三楼", "On Monday, please", "me@example.cn", "王磊 <wang@example.cn>"])
def test_words_right_above_an_attribution_are_not_part_of_it(own: str) -> None:
    assert strip_text(f"{own}\n{QUOTATIONS['Apple Mail Chinese']}").new_text == own


def test_an_answer_below_the_quotation_is_the_answer() -> None:
    result = strip_text("On 2026-11-20 Support <s@example.cn> wrote:\n> old\n> older\n\n" + OWN)

    assert result.new_text == OWN
    assert result.quoted_text == "On 2026-11-20 Support <s@example.cn> wrote:\n> old\n> older"


def test_answers_between_quoted_lines_are_kept_whole() -> None:
    text = "Hello\nOn 2026-11-20 S <s@example.cn> wrote:\n> Which floor?\nThe third.\n> Since when?\nMonday.\n> Regards\n> S"

    result = strip_text(text)

    assert result.new_text == text.removesuffix("\n> Regards\n> S")
    assert result.quoted_text == "> Regards\n> S"


def test_an_answer_that_points_into_the_old_mail_is_kept_whole() -> None:
    text = "见下文红字\n\n" + QUOTATIONS["QQ"]

    assert strip_text(text).new_text == text


def test_a_forwarded_mail_is_what_its_sender_wants_read() -> None:
    text = "FYI\n\n---------- Forwarded message ---------\nFrom: X <x@example.cn>\nDate: Friday\nSubject: y\nTo: z\n\nthe matter"

    assert strip_text(text) == Stripped(text)


@pytest.mark.parametrize(
    "text",
    [
        "在这里我写道：空调坏了。\n请来人。", "On Monday the man said it was fixed.\nIt is not.", "From: the third floor\nit drips",
        "发件人写错了，请更正。", "I wrote:\nnothing", "收件人：王磊\n地址：上海市", "原文如下，请看附件。\n谢谢",
        "at 10:00 he wrote: come back", "5 > 3 and\n3 < 5",
    ],
)  # fmt: skip
def test_words_that_only_resemble_a_quotation_stay(text: str) -> None:
    assert strip_text(text) == Stripped(text)


@patient
@given(
    own=st.text(st.sampled_from("空调坏了 abc\n>-_:：写道发件人@2026"), max_size=60),
    name=st.sampled_from(sorted(QUOTATIONS)),
    below=st.text(st.sampled_from("好 x\n>"), max_size=20),
)
@example(own=">\n0", name="our marker", below="")
def test_own_words_are_never_lost(own: str, name: str, below: str) -> None:
    text = f"{own}\n{QUOTATIONS[name]}\n{below}"

    result = strip_text(text)

    pieces = (result.new_text, result.quoted_text, result.signature)
    words = [line.strip() for line in text.split("\n") if line.strip()]
    kept = [line.strip() for piece in pieces for line in piece.split("\n") if line.strip()]
    assert sorted(kept) == sorted(words)
    if any(line.strip("空 -_调\n") and not line.strip().startswith(">") for line in own.split("\n")[:1]):
        assert result.new_text.strip()


HTML = {
    "Gmail": '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Fri, 20 Nov 2026 at 10:00, S &lt;s@x.cn&gt; wrote:<br></div><blockquote class="gmail_quote">old<div>older</div></blockquote></div>',
    "Outlook web": '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> S<br><b>Sent:</b> Friday<br></div><div>old</div>',
    "Outlook desktop": '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>发件人:</b> S<br><b>发送时间:</b> 2026年11月20日<br><b>收件人:</b> W<br><b>主题:</b> x</p></div><p>old</p>',
    "Apple Mail": '<br><div><blockquote type="cite"><div>在 2026年11月20日，S &lt;s@x.cn&gt; 写道：</div><br><div>old</div></blockquote></div>',
    "Thunderbird": '<div class="moz-cite-prefix">On 20/11/2026 10:00, S wrote:<br></div><blockquote type="cite" cite="mid:x"><p>old</p></blockquote>',
    "QQ": '<div><br></div><div style="font-size:12px;padding:2px 0">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="background:#efefef"><div><b>发件人:</b>&nbsp;"S"</div><div><b>主题:</b>&nbsp;x</div></div><div>old</div>',
    "163": '<div id="isReplyContent">At 2026-11-20 10:00:00, "S" &lt;s@x.cn&gt; wrote:<br><blockquote>old</blockquote></div>',
    "Yahoo": '<div class="yahoo_quoted"><div>On Friday, S &lt;s@x.cn&gt; wrote:</div><blockquote>old</blockquote></div>',
    "our marker": f"<p>{MARKER_LINE}</p><p>old</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", HTML)
def test_the_answer_above_a_quotation_in_html_is_found_and_cut(name: str) -> None:
    own = '<div>新的<b>回答</b></div><div><img src="cid:a"> second</div>'
    html = own + HTML[name]

    result = strip_html(html)

    assert result.new_text == "新的回答\nsecond"
    assert "old" in result.quoted_text
    assert own.removesuffix("</div>") in html[: result.html_cut]
    assert "old" not in html[: result.html_cut]


def test_a_signature_marked_by_the_mail_program_is_taken_off() -> None:
    result = strip_html('<div>answer</div><div class="gmail_signature">Wang Lei<br>Shanghai</div>')

    assert (result.new_text, result.signature) == ("answer", "Wang Lei\nShanghai")


def test_html_without_a_quotation_is_not_cut() -> None:
    assert strip_html("<p>answer</p><p>more</p>").html_cut == -1
