"""Draws the coverage-risk curve as an SVG that reads without colour, script or eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from knowledge.calibration import CurvePoint

WIDTH, HEIGHT, MARGIN = 640, 360, 56
# Risk is drawn up to here; beyond it a threshold is of no use.
HIGHEST_RISK = 0.3


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of the drawing, in the reader's language."""

    language: str
    title: str
    #: What the curve says, for those who cannot see it; holds the figures of the chosen point.
    description: str
    coverage: str
    risk: str
    #: Legends of the dashed line and of the dot.
    accepted: str
    chosen: str


def chosen_point(points: Sequence[CurvePoint], answer_at: float) -> CurvePoint:
    """What a threshold does: the last point at or above it; nothing where there is none."""
    above = [point for point in points if point.threshold >= answer_at]
    return above[-1] if above else CurvePoint(answer_at, 0.0, 0.0)


def draw_curve(
    points: Sequence[CurvePoint], chosen: CurvePoint, accepted: float, labels: Labels
) -> str:
    """An SVG: share of questions answered against share of wrong answers among them."""
    path = " ".join(
        f"{'M' if place == 0 else 'L'}{_x(point.coverage):.1f},{_y(point.risk):.1f}"
        for place, point in enumerate(points)
    )
    limit = _y(accepted)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'lang="{labels.language}" aria-labelledby="title desc" font-family="sans-serif" '
        'font-size="13" fill="#1a1a1a">\n'
        f'<title id="title">{escape(labels.title)}</title>\n'
        f'<desc id="desc">{escape(labels.description)}</desc>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
        f"{_axes(labels)}"
        f'<line x1="{_x(0):.1f}" x2="{_x(1):.1f}" y1="{limit:.1f}" y2="{limit:.1f}" '
        'stroke="#595959" stroke-dasharray="6 4"/>\n'
        f"{_text(_x(1), MARGIN - 20, '- - ' + labels.accepted, 'end')}"
        f'<path d="{path}" fill="none" stroke="#004b93" stroke-width="2"/>\n'
        f'<circle cx="{_x(chosen.coverage):.1f}" cy="{_y(chosen.risk):.1f}" r="5" '
        'fill="#004b93"/>\n'
        f"{_text(_x(1), MARGIN - 38, '● ' + labels.chosen, 'end')}"
        "</svg>\n"
    )


def _x(coverage: float) -> float:
    return MARGIN + coverage * (WIDTH - 2 * MARGIN)


def _y(risk: float) -> float:
    return HEIGHT - MARGIN - min(risk, HIGHEST_RISK) / HIGHEST_RISK * (HEIGHT - 2 * MARGIN)


def _axes(labels: Labels) -> str:
    frame = f"M{_x(0):.1f},{_y(HIGHEST_RISK):.1f} V{_y(0):.1f} H{_x(1):.1f}"
    lines = [f'<path d="{frame}" fill="none" stroke="#1a1a1a"/>\n']
    lines += [_text(_x(s / 10), _y(0) + 20, f"{s * 10} %", "middle") for s in range(0, 11, 2)]
    lines += [_text(_x(0) - 8, _y(s / 10) + 4, f"{s * 10} %", "end") for s in range(4)]
    lines.append(_text(WIDTH / 2, HEIGHT - 12, labels.coverage, "middle"))
    lines.append(_text(MARGIN, MARGIN - 20, labels.risk, "start"))
    return "".join(lines)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>\n'
