"""Who works at the demo company: the standing cast, and colleagues until there are forty."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """One member of staff: address, name, role, teams, and what he or she does in a few words."""

    login: str
    name: str
    role: str
    teams: tuple[str, ...]
    title: str
    is_cast: bool = False
    language: str = "zh-hans"

    @property
    def email(self) -> str:
        return f"{self.login}@hengyuan.example"


@dataclass(frozen=True)
class TeamPlan:
    """One team of the demo company."""

    code: str
    name: str
    region: str | None = None
    tier: int = 1
    is_department: bool = False


REGIONS = ("华东", "华中", "西南", "港澳台", "海外")

TEAMS = (
    TeamPlan("desk", "客户服务部"),
    TeamPlan("complaints", "投诉处理中心", is_department=True),
    TeamPlan("experts", "技术支持部（二线）", tier=2, is_department=True),
    TeamPlan("quality", "质量部", tier=3, is_department=True),
    TeamPlan("production", "生产部", tier=3, is_department=True),
    TeamPlan("sales", "销售部", is_department=True),
    TeamPlan("dispatch", "调度室"),
    TeamPlan("shanghai", "上海服务站", "华东"),
    TeamPlan("suzhou", "苏州服务站", "华东"),
    TeamPlan("nanjing", "南京服务站", "华东"),
    TeamPlan("hangzhou", "杭州服务站", "华东"),
    TeamPlan("wuhan", "武汉服务站", "华中"),
    TeamPlan("chengdu", "成都服务站", "西南"),
)

CAST = (
    Person("zhou.min", "周敏", "service", ("desk",), "客服专员", is_cast=True),
    Person("chen.gang", "陈刚", "lead", ("desk",), "客服主管", is_cast=True),
    Person("lin.fang", "林芳", "dispatcher", ("dispatch", "suzhou"), "调度员", is_cast=True),
    Person("wu.qiang", "吴强", "engineer", ("suzhou",), "现场工程师", is_cast=True),
    Person("xu.jing", "许静", "expert", ("experts",), "二线专家", is_cast=True),
    Person("he.yong", "何勇", "sales", ("sales",), "销售经理", is_cast=True),
    Person("shen.li", "沈丽", "quality", ("quality",), "质量工程师", is_cast=True),
    Person("qian.hui", "钱慧", "complaints", ("complaints",), "投诉专员", is_cast=True),
    Person("gu.wei", "顾伟", "manager", ("desk",), "售后经理", is_cast=True),
    Person("admin", "管理员", "administrator", ("desk",), "系统管理员", is_cast=True),
)

_NAMES = (
    "赵磊", "钱进", "孙悦", "李娜", "郑凯", "王芳", "冯涛", "褚丽", "卫东", "蒋琳",
    "沈浩", "韩雪", "杨帆", "朱婷", "秦岭", "尤佳", "许峰", "何洁", "吕明", "施磊",
    "张伟", "孔静", "曹阳", "严冬", "华敏", "金鑫", "魏然", "陶冶", "姜楠", "谢宇",
)  # fmt: skip
_POSTS = (
    ("service", ("desk",), "客服专员", 9),
    ("expert", ("experts",), "技术支持工程师", 3),
    ("engineer", ("shanghai",), "现场工程师", 4),
    ("engineer", ("suzhou",), "现场工程师", 2),
    ("engineer", ("nanjing",), "现场工程师", 2),
    ("engineer", ("hangzhou",), "现场工程师", 3),
    ("engineer", ("wuhan",), "现场工程师", 2),
    ("engineer", ("chengdu",), "现场工程师", 2),
    ("sales", ("sales",), "销售代表", 2),
    ("quality", ("production",), "生产工程师", 1),
)


def everybody() -> tuple[Person, ...]:
    """The cast and its colleagues: forty in all."""
    names = iter(enumerate(_NAMES))
    colleagues = []
    for role, teams, title, count in _POSTS:
        for _ in range(count):
            number, name = next(names)
            colleagues.append(Person(f"staff{number + 1:02d}", name, role, teams, title))
    return (*CAST, *colleagues)
