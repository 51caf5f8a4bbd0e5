"""Loads the demo mission into an empty portal, all of it or nothing, and says who may sign in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.desk.demo import announcement_stories, cast
from apps.desk.demo.announcer import Announcer
from apps.desk.demo.builder import Builder
from apps.desk.demo.convener import Convener
from apps.desk.demo.informer import Informer
from apps.desk.demo.liaiser import Liaiser
from apps.desk.demo.places import TOWNS
from apps.desk.demo.planner import Planner
from apps.desk.demo.register_stories import KNOWN
from apps.desk.demo.registrar import Registrar
from apps.desk.demo.reporter import Reporter
from apps.desk.demo.sharing import Sharing
from apps.desk.demo.stage import PASSWORD, Stage, people_make
from apps.desk.demo.stories import ALL, EXERCISE, LINKS
from apps.desk.demo.story import Story
from apps.desk.demo.teller import Teller, sign_in
from apps.desk.demo.telling import tell_all
from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as
from apps.records import clock
from apps.records.services import link_add

SIZES = {"small": 1, "large": 10}


def is_loaded() -> bool:
    """Whether the demo mission is there already."""
    return Mission.objects.filter(code=cast.MISSION[0]).exists()


def load(size: str, seed: int, say: Callable[[str], object] = lambda line: None) -> int:
    """Build both missions and tell every story; the number of records told.

    The session must have signed in as the tables' owner and work as portal_app (the command sees to it): so the
    row rule is in force, and `clock.at` may date things back. Nothing is left behind on an error. The same seed
    tells the same, save references and addresses, which the portal draws by lot.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portal demo'))")
        if is_loaded():
            return 0
        now = timezone.now().replace(microsecond=0)
        people = people_make()
        main = Stage(_mission(*cast.MISSION, exercise=False), cast.ORGS, cast.POSTS, people, now)
        exercise = _mission(*cast.EXERCISE, exercise=True)
        second = Stage(exercise, cast.EXERCISE_ORGS, cast.EXERCISE_POSTS, people, now)
        for stage in (main, second):
            stage.build()
        sharing = Sharing(main, now=now)
        sharing.establish()
        sharing.hand_over()
        teller = Teller(main, until=now, seed=seed)
        stories = list(_multiplied(SIZES[size], seed))
        for number, story in enumerate(stories, start=1):
            teller.tell(story)
            if number % 100 == 0:
                say(f"{number} of {len(stories)} requests")
        _link(teller)
        registrar = Registrar(main, now)
        more = registrar.keep_all(KNOWN)
        more += Liaiser(main, registrar, now).tell_all()
        more += Convener(main, now).tell_all()
        more += Informer(teller).tell_all()
        more += Reporter(main, now).tell_all()
        more += Planner(main, now).tell_all()
        more += Builder(main, now).tell_all(exercise)
        more += Announcer(main, now).tell_all(announcement_stories.ANNOUNCEMENTS)
        apart = Teller(second, until=now, seed=seed)
        for story in EXERCISE:
            apart.tell(story)
        more += Announcer(second, now).tell_all(announcement_stories.EXERCISE)
        tell_all([main.mission, exercise], now)
        return len(stories) + more + len(EXERCISE)


def _mission(code: str, name: str, *, exercise: bool) -> Mission:
    return Mission.objects.create(code=code, name=name, time_zone="Africa/Juba", is_exercise=exercise)


def _multiplied(times: int, seed: int) -> Iterator[Story]:
    """Every story; again and again in other towns for a load."""
    yield from ALL
    dice = Random(seed)  # noqa: S311
    towns = sorted(TOWNS)
    for copy in range(1, times):
        for story in ALL:
            town = dice.choice(towns)
            title = story.title.replace(story.town, town)
            yield dataclasses.replace(story, key=f"{story.key}-{copy}", town=town, title=title)


def _link(teller: Teller) -> None:
    for source, target, relation, person in LINKS:
        with clock.at(teller.until), acting_as(teller.stage.person(person), teller.stage.mission) as actor:
            ends = [AidRequest.objects.get(pk=teller.told[key]) for key in (source, target)]
            link_add(actor, source=ends[0], target=ends[1], relation=relation)


def sign_ins() -> str:
    """The table of sign-ins that the command prints."""
    width = max(len(sign_in(post)) for post, _what in cast.SHOWN)
    rows = [f"  {sign_in(post):<{width}}  {what}" for post, what in cast.SHOWN]
    return "\n".join([f"Sign in with one of these addresses and the password {PASSWORD}", *rows])
