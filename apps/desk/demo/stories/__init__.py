"""The requests of the demo mission, one module for each sort, and what links them. Invented throughout."""

from apps.desk.demo.story import Story

from .care import STORIES as CARE
from .escorts import STORIES as ESCORTS
from .exercise import STORIES as EXERCISE
from .lifts import STORIES as LIFTS
from .mission import STORIES as MISSION
from .protection import STORIES as PROTECTION
from .works import STORIES as WORKS

ALL: tuple[Story, ...] = (*ESCORTS, *LIFTS, *WORKS, *CARE, *PROTECTION, *MISSION)

#: (source, target, relation, who links them); each end must be readable to that person.
LINKS = (
    ("ayod-food", "bor-food", "follows", "wani"),
    ("koch-seed", "mayom-patrol", "related", "wani"),
    ("bentiu-dyke", "bentiu-flood", "related", "abdalla"),
    ("waat-seed", "turalei-nets", "related", "deng"),
    ("leer-food", "pibor-food", "follows", "deng"),
    ("kodok-shelter", "malakal-drains", "related", "hassan"),
    ("malakal-store", "fangak-nets", "follows", "loku"),
    ("wau-meeting", "yambio-kits", "follows", "haugland"),
)

__all__ = ["ALL", "EXERCISE", "LINKS"]
