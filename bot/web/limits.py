"""How often one browser may write: a bucket of messages that fills up with time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True)
class Buckets:
    """One bucket per session, never per address: a whole city shares one."""

    #: Messages a second in the long run (20 a minute, reliability goals).
    rate: float = 20 / 60
    #: Messages at once; a form of many steps is clicked through faster than questions are typed.
    burst: int = 30
    #: Buckets kept; a forgotten one is a full one.
    most: int = 10_000
    clock: Callable[[], float] = monotonic
    #: Owner -> (messages left, as of when), least recently used first.
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, owner: str) -> bool:
        """Take one message out of the owner's bucket; False when it is empty."""
        now = self.clock()
        level, since = self._levels.pop(owner, (float(self.burst), now))
        level = min(float(self.burst), level + (now - since) * self.rate)
        allowed = level >= 1
        self._levels[owner] = (level - 1 if allowed else level, now)
        if len(self._levels) > self.most:
            self._levels.popitem(last=False)
        return allowed
