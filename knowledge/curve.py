"""Draws the coverage-risk curve as an SVG that reads without colour or script."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.calibration import CurvePoint

WIDTH, HEIGHT, MARGIN = 640, 360, 56
# Risk is drawn up to here; beyond it a threshold is of no use.
HIGHEST_RISK = 0.3


def draw_curve(points: Sequence[CurvePoint], answer_at: float, accepted: float) -> str:
    """An SVG: share of questions answered against share of wrong answers among them."""
    path = " ".join(
        f"{'M' if place == 0 else 'L'}{_x(point.coverage):.1f},{_y(point.risk):.1f}"
        for place, point in enumerate(points)
    )
    chosen = [point for point in points if point.threshold >= answer_at]
    dot = _dot(chosen[-1]) if chosen else ""
    limit = _y(accepted)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title" font-family="sans-serif" font-size="13">\n'
        '<title id="title">Coverage and risk</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
        f"{_axes()}"
        f'<line x1="{_x(0):.1f}" x2="{_x(1):.1f}" y1="{limit:.1f}" y2="{limit:.1f}" '
        'stroke="#595959" stroke-dasharray="6 4"/>\n'
        f'<text x="{_x(0) + 6:.1f}" y="{limit - 6:.1f}">accepted risk {accepted:.0%}</text>\n'
        f'<path d="{path}" fill="none" stroke="#004b93" stroke-width="2"/>\n'
        f"{dot}</svg>\n"
    )


def _x(coverage: float) -> float:
    return MARGIN + coverage * (WIDTH - 2 * MARGIN)


def _y(risk: float) -> float:
    return HEIGHT - MARGIN - min(risk, HIGHEST_RISK) / HIGHEST_RISK * (HEIGHT - 2 * MARGIN)


def _axes() -> str:
    frame = f"M{_x(0):.1f},{_y(HIGHEST_RISK):.1f} V{_y(0):.1f} H{_x(1):.1f}"
    lines = [f'<path d="{frame}" fill="none" stroke="#1a1a1a"/>']
    for step in range(0, 11, 2):
        lines.append(
            f'<text x="{_x(step / 10):.1f}" y="{_y(0) + 20:.1f}" text-anchor="middle">'
            f"{step * 10} %</text>"
        )
    for step in range(4):
        lines.append(
            f'<text x="{_x(0) - 8:.1f}" y="{_y(step / 10) + 4:.1f}" text-anchor="end">'
            f"{step * 10} %</text>"
        )
    lines.append(
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">'
        "answered, of questions whose source is found</text>"
    )
    lines.append(f'<text x="{MARGIN}" y="{MARGIN - 20}">wrong among the answered</text>')
    return "\n".join(lines) + "\n"


def _dot(point: CurvePoint) -> str:
    return (
        f'<circle cx="{_x(point.coverage):.1f}" cy="{_y(point.risk):.1f}" r="5" fill="#004b93"/>\n'
        f'<text x="{_x(point.coverage) + 9:.1f}" y="{_y(point.risk) - 9:.1f}">'
        f"{point.coverage:.0%} answered, {point.risk:.1%} wrong</text>\n"
    )
