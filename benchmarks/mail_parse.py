"""How many mails a second one core reads, and what the worst ones cost.

    python benchmarks/mail_parse.py [--seconds 10] [--seed 1]

Ordinary mails are made here: Chinese, Japanese, English and German, plain and HTML, with quotations, with
pictures of 20-200 kB, a third of them with a false charset. All go through the limited child process, as in
operation. The figure to hold is 10 mails a second with the whole stack; this is the reading alone.
"""

import argparse
import base64
import os
import random
import resource
import statistics
import time
from collections.abc import Iterator

from tightrope.channels.mail.parsed import ParsedMail, Unreadable
from tightrope.channels.mail.reader import MailReader

SENTENCES = {
    "gb18030": [
        "三楼的空调不制冷了，请尽快派师傅来维修。",
        "发票抬头写错了，请重新开具。",
        "保修期到明年六月。",
    ],
    "big5": ["冷氣機漏水，請儘快派人維修，謝謝。", "請問訂購的零件何時可以到貨？", "遙控器沒有反應。"],
    "cp932": ["三階のエアコンが冷えません。", "修理の見積書を送ってください。", "部品はいつ届きますか。"],
    "utf-8": ["The lift stops between floors.", "Der Aufzug hält nicht.", "电梯在二楼停住了。"],
}
LABELS = {"gb18030": "gb2312", "big5": "big5", "cp932": "shift_jis", "utf-8": "utf-8"}
FALSE_LABELS = ["iso-8859-1", "utf-8", "us-ascii", "gb2312"]
QUOTATION = "\r\n\r\n在 2026年11月20日，服务台 <s@example.cn> 写道：\r\n> {}\r\n> {}\r\n"


def ordinary_mails(seed: int) -> Iterator[bytes]:
    """An endless stream of everyday mails."""
    rng = random.Random(seed)
    number = 0
    while True:
        number += 1
        charset = rng.choice(list(SENTENCES))
        label = LABELS[charset] if rng.random() < 0.66 else rng.choice(FALSE_LABELS)
        sentences = [rng.choice(SENTENCES[charset]) for _ in range(rng.randint(3, 25))]
        text = "\r\n".join(sentences)
        if charset in ("gb18030", "utf-8") and rng.random() < 0.5:
            text += QUOTATION.format(sentences[0], sentences[1])
        word = base64.b64encode(sentences[0].encode(charset)).decode()
        head = (
            f"From: =?{label}?B?{word}?= <user{number}@example.cn>\r\nTo: support@tightrope.example\r\n"
            f"Subject: =?{label}?B?{word}?=\r\nMessage-ID: <{number}@example.cn>\r\n"
            "Date: Fri, 20 Nov 2026 10:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        )
        html = "".join(
            f'<p style="color:#333;font-family:Arial">{line}</p><table><tr><td>{line}</td></tr></table>'
            for line in text.split("\r\n")
        )
        parts = [("text/plain", text.encode(charset)), ("text/html", html.encode(charset))]
        body = b"".join(
            f"--b\r\nContent-Type: {kind}; charset={label}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
            + base64.encodebytes(content)
            for kind, content in parts[: rng.choice([1, 2, 2])]
        )
        if rng.random() < 0.3:
            body += (
                b"--b\r\nContent-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            )
            body += base64.encodebytes(rng.randbytes(rng.randint(20_000, 200_000)))
        yield head.encode() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n"


HEAD = b"From: a@example.cn\r\nTo: b@example.cn\r\n"


def worst_mails() -> dict[str, bytes]:
    """Mails made to stop a reader."""
    return {
        "encoded-word subject, 0.5 MB": HEAD
        + b"Subject: "
        + b" ".join([b"=?utf-8?B?5bm/5bGF?="] * 20_000)
        + b"\r\n\r\nx",
        "100,000 parts": HEAD
        + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        + b"--x\r\n\r\nx\r\n" * 100_000,
        "3,000 nested multiparts": HEAD
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000)
        ),
        "20,000 parameters": HEAD
        + b"Content-Type: text/plain; "
        + b"".join(b"a%d=b; " % n for n in range(20_000))
        + b"\r\n\r\nx",
        "10,000 addresses": HEAD
        + b"Cc: "
        + b", ".join(b"u%d@example.cn" % n for n in range(10_000))
        + b"\r\n\r\nx",
        "50 MB of base64": HEAD
        + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(b"abc" * 12_800_000),
        "50 MB of text": HEAD + b"\r\n" + b"> hello world\r\n" * 3_400_000,
        "100,000 nested div": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
        "200,000 attributes": HEAD
        + b"Content-Type: text/html\r\n\r\n<p "
        + b"".join(b"a%d=1 " % n for n in range(200_000))
        + b">x",
        "a million entities": HEAD + b"Content-Type: text/html\r\n\r\n" + b"&amp;" * 1_000_000,
    }


def measure_ordinary(seconds: float, seed: int) -> None:
    mails = ordinary_mails(seed)
    took: list[float] = []
    read_bytes = unreadable = 0
    with MailReader() as reader:
        reader.read(next(mails))
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            raw = next(mails)
            began = time.perf_counter()
            result = reader.read(raw)
            took.append(time.perf_counter() - began)
            read_bytes += len(raw)
            unreadable += isinstance(result, Unreadable)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    took.sort()
    print(
        f"ordinary mails       {len(took)} read, {unreadable} unreadable, {read_bytes / len(took) / 1024:.0f} kB each"
    )
    print(f"rate                 {len(took) / sum(took):.0f} mails/s in one child")
    print(
        f"median, p99, worst   {_ms(statistics.median(took))}, {_ms(took[int(len(took) * 0.99)])}, {_ms(took[-1])}"
    )
    print(f"memory of the child  {children.ru_maxrss / 1024:.0f} MB at most")


def measure_worst() -> None:
    with MailReader() as reader:
        for name, raw in worst_mails().items():
            began = time.perf_counter()
            result = reader.read(raw)
            seconds = time.perf_counter() - began
            outcome = "read" if isinstance(result, ParsedMail) else result.reason
            note = f", {', '.join(result.cuts)}" if isinstance(result, ParsedMail) and result.cuts else ""
            print(f"{name:32} {len(raw) / 1e6:6.1f} MB  {seconds:6.2f} s  {outcome}{note}")
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"memory of a child    {children.ru_maxrss / 1024:.0f} MB at most")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    print(f"seed {chosen.seed}, {os.cpu_count()} cores")
    measure_ordinary(chosen.seconds, chosen.seed)
    measure_worst()


if __name__ == "__main__":
    main()
