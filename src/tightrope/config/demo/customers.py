"""Three hundred accounts, from the standing cast to a street of flats, in three languages."""

from __future__ import annotations

import random
from dataclasses import dataclass

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英建国文辉志红玉兰"
CITIES = (
    ("苏州", "华东"),
    ("上海", "华东"),
    ("南京", "华东"),
    ("杭州", "华东"),
    ("武汉", "华中"),
    ("成都", "西南"),
)
TRADES = ("物业", "酒店", "医院", "数据中心", "商贸", "小学", "制造", "食品", "物流园", "广场")
TAIWAN = ("台北", "新竹", "台中", "高雄")
ABROAD = (
    "Keller Maschinenbau",
    "Northwind Hotels",
    "Harbour Offices",
    "Blue Line Logistics",
    "Aster Clinics",
)
PLACES = {
    "苏州": (31.30, 120.58), "上海": (31.23, 121.47), "南京": (32.06, 118.79), "杭州": (30.27, 120.15),
    "武汉": (30.59, 114.30), "成都": (30.57, 104.07), "台北": (25.04, 121.56), "新竹": (24.80, 120.97),
    "台中": (24.15, 120.67), "高雄": (22.63, 120.30),
}  # fmt: skip


@dataclass(frozen=True)
class Customer:
    """One account of the demo company with the person who speaks for it."""

    name: str
    kind: str
    language: str
    region: str
    city: str
    contact: str
    mail: str
    phone: str
    importance: int = 1
    time_zone: str = "Asia/Shanghai"
    tags: tuple[str, ...] = ()


CAST = (
    Customer("恒通数据", "company", "zh-hans", "华东", "苏州", "王磊", "wang.lei@hengtong.example", "+8613800001234", 3, tags=("金牌",)),
    Customer("李建国", "person", "zh-hans", "华东", "上海", "李建国", "li.jianguo@mail.example", "+8613900004321"),
    Customer("和泰商旅", "company", "zh-hant", "港澳台", "台北", "黃雅婷", "huang.yating@hotai.example", "+886912000111", 2, "Asia/Taipei"),
    Customer("Keller Precision GmbH", "company", "en", "海外", "苏州", "Anna Keller", "anna.keller@keller.example", "+4915112345678", 2, "Europe/Berlin"),
    Customer("锦江花园物业", "company", "zh-hans", "华东", "上海", "马丽", "ma.li@jinjiang.example", "+8613811112222", 2),
    Customer("南翔酒店", "company", "zh-hans", "华东", "南京", "高洋", "gao.yang@nanxiang.example", "+8613811113333"),
    Customer("明德小学", "company", "zh-hans", "华东", "杭州", "宋文", "song.wen@mingde.example", "+8613811114444"),
)  # fmt: skip


def all_customers(count: int, seed: int) -> list[Customer]:
    """The cast first, then as many more as are wanted; the same for the same seed."""
    r = random.Random(f"customers-{seed}")  # noqa: S311 - a simulation, not a secret
    found = list(CAST)
    names = {customer.name for customer in found}
    number = 0
    while len(found) < count:
        number += 1
        customer = _customer(r, number)
        if customer.name not in names:
            names.add(customer.name)
            found.append(customer)
    return found


def _person(r: random.Random) -> str:
    return r.choice(FAMILY) + "".join(r.sample(GIVEN, r.choice((1, 2))))


def _customer(r: random.Random, number: int) -> Customer:
    kind = r.random()
    mail, phone = f"contact{number}@customer{number}.example", f"+86138{r.randrange(10**8):08d}"
    weight = r.choices((1, 2, 3), (80, 15, 5))[0]
    if kind < 0.06:
        name = f"{r.choice(ABROAD)} {number}"
        return Customer(
            name,
            "company",
            "en",
            "海外",
            "上海",
            f"Sam Miller {number}",
            mail,
            phone,
            weight,
            "Europe/Berlin",
        )
    if kind < 0.14:
        city = r.choice(TAIWAN)
        name = f"{city}{''.join(r.sample('和泰安信宏達華新永豐', 2))}{r.choice(('大樓', '旅館', '電子', '百貨'))}"
        return Customer(
            name,
            "company",
            "zh-hant",
            "港澳台",
            city,
            _person(r),
            mail,
            f"+8869{number:08d}",
            weight,
            "Asia/Taipei",
        )
    city, region = r.choice(CITIES)
    if kind < 0.35:
        person = _person(r)
        return Customer(f"{person}（{city}）", "person", "zh-hans", region, city, person, mail, phone)
    word = "".join(r.sample("恒德信达瑞祥明锦华安泰和嘉兴宏远东方新世纪", 2))
    return Customer(
        f"{city}{word}{r.choice(TRADES)}", "company", "zh-hans", region, city, _person(r), mail, phone, weight
    )
