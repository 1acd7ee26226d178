"""What the company lays down for its desk: categories, what is often said, how long it waits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tightrope.cases.models.calls import usual_retries


def in_words_of_reader(words: dict[str, str], language: str | None = None) -> str:
    """Company text kept in several languages, in the reader's own or the nearest there is."""
    language = (language or get_language() or "en").lower()
    near = [
        language,
        *(code for code in ("zh-hans", "zh-hant") if language.startswith("zh")),
        "en",
        "zh-hans",
    ]
    return next((words[code] for code in near if words.get(code)), next(iter(words.values()), ""))


def usual_words() -> dict[str, list[str]]:
    """What customers write when they complain, until a company sets its own words."""
    return {
        "en": [
            "complaint", "complaints", "complain", "complaining", "lawyer", "lawsuit", "sue you", "legal action",
            "consumer protection", "unacceptable", "refund",
        ],
        "zh-hans": [
            "投诉", "12315", "消协", "消费者协会", "曝光", "起诉", "律师函", "赔偿", "给个说法", "忍无可忍",
        ],
        "zh-hant": [
            "投訴", "客訴", "1950", "消保官", "消基會", "爆料", "提告", "律師函", "賠償", "給個說法", "忍無可忍",
        ],
    }  # fmt: skip


class Category(models.Model):
    """One kind of problem customers bring, in a tree. It knows its form, its route and its class of promise."""

    code = models.SlugField(max_length=60, unique=True)
    names = models.JSONField(help_text=_("The name by language."))
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    type = models.CharField(max_length=20, default="request")
    form_key = models.CharField(max_length=60, blank=True)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    impact = models.PositiveSmallIntegerField(default=2)
    urgency = models.PositiveSmallIntegerField(default=2)
    help = models.JSONField(default=dict, blank=True)
    sort = models.PositiveSmallIntegerField(default=100)
    is_open = models.BooleanField(default=True)
    on_portal = models.BooleanField(default=True)

    class Meta:
        db_table = "cases_category"
        ordering = ["sort", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_words_of_reader(self.names)


class CannedReply(models.Model):
    """What is often said, in several languages, with `{{placeholders}}` from a fixed list."""

    code = models.SlugField(max_length=60, unique=True)
    names = models.JSONField()
    bodies = models.JSONField()
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    uses = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        db_table = "cases_canned_reply"
        ordering = ["code"]

    def __str__(self) -> str:
        return in_words_of_reader(self.names)


class Rules(models.Model):
    """How the desk works: how long it waits in silence, how often it calls, what it takes for a complaint. One row."""

    class Detection(models.TextChoices):
        SUGGEST = "suggest", _("suggest it to whoever works on the case")
        MAKE = "make", _("make it a complaint at once")

    remind_after_days = models.PositiveSmallIntegerField(default=2)
    remind_times = models.PositiveSmallIntegerField(default=2)
    close_waiting_after_days = models.PositiveSmallIntegerField(default=7)
    close_solved_after_days = models.PositiveSmallIntegerField(default=5)
    reopen_within_days = models.PositiveSmallIntegerField(default=30)
    untriaged_after_minutes = models.PositiveSmallIntegerField(default=15)
    silent_after_minutes = models.PositiveSmallIntegerField(
        default=30, help_text=_("Working minutes after a missed progress report until who leads is told.")
    )
    call_retries = models.JSONField(
        default=usual_retries, help_text=_("Working minutes after each vain call; 0 is the next working day.")
    )
    return_call_hours = models.PositiveSmallIntegerField(
        default=8, help_text=_("Working hours until the return call, unless a policy says it.")
    )
    recurrence_days = models.PositiveSmallIntegerField(
        default=90, help_text=_("A complaint of the same within so many days is one again.")
    )
    detection = models.CharField(max_length=8, choices=Detection.choices, default=Detection.SUGGEST)
    low_score = models.PositiveSmallIntegerField(
        default=2, help_text=_("A score of 5 up to which it may be a complaint; 0 for none.")
    )
    complaint_words = models.JSONField(default=usual_words, help_text=_("Words of complaint by language."))

    class Meta:
        db_table = "cases_rules"

    @classmethod
    def in_force(cls) -> Rules:
        """The company's rules, or the usual ones when nobody changed them."""
        return cls.objects.first() or cls()
