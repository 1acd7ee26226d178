"""Small drawings without a library: the way a figure went, and how far a promise has run."""

from collections.abc import Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, PAD = 100.0, 32.0, 3.0


def _stretches(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The unbroken runs of known values, with their positions."""
    stretch: list[tuple[int, float]] = []
    for position, value in enumerate(values):
        if value is not None:
            stretch.append((position, float(value)))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def sparkline_svg(values: Sequence[float | None], *, target: float | None, label: str) -> SafeString:
    """A line from left to right with a dot on the last value and a dashed target."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return SafeString("")
    extent = known if target is None else [*known, float(target)]
    low, high = min(extent), max(extent)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * PAD) / max(len(values) - 1, 1)

    def y(value: float) -> float:
        return round(HEIGHT - PAD - (value - low) / span * (HEIGHT - 2 * PAD), 1)

    def x(position: int) -> float:
        return round(PAD + position * step, 1)

    lines = format_html_join(
        "",
        '<path class="spark-line" d="M{}"/>',
        ((" ".join(f"{x(p)} {y(v)}" for p, v in stretch),) for stretch in _stretches(values)),
    )
    last = max(position for position, value in enumerate(values) if value is not None)
    dot = format_html('<path class="spark-last" d="M{0} {1}h0"/>', x(last), y(known[-1]))
    goal = (
        "" if target is None else format_html('<path class="spark-target" d="M0 {0}H100"/>', y(float(target)))
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label="{}">{}{}{}</svg>',
        label, goal, lines, dot,
    )  # fmt: skip


def run_svg(run: float) -> SafeString:
    """A bar filled to ``run`` percent; more than all of it is all of it."""
    gone = f"{min(max(float(run), 0.0), 100.0):g}"
    return format_html(
        '<svg class="run" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="run-way" width="100" height="3"/><rect class="run-gone" width="{}" height="3"/></svg>',
        gone,
    )
