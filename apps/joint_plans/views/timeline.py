"""Pages of a plan's time line: on screen, on paper, as a workbook."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from apps.joint_plans.models import JointPlan
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.timeline import sheets, shown
from apps.joint_plans.timeline.asked import asked_of
from apps.joint_plans.timeline.board import Board
from apps.mission.models import Position
from apps.pages.leaving import marking_for
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.pages.views.outgoing import OutgoingPage
from apps.records.registry import RecordType


class OfTimeline(RecordPage):
    """What the three have in common: the board under the query string, and names."""

    record_type: ClassVar[type[RecordType]] = JointPlanType

    def board(self, plan: JointPlan) -> tuple[Board, Names]:
        """What is asked for, and the names that it takes; they are loaded with those of the head."""
        board, names = Board(self.actor, plan, asked_of(self.request.GET)), Names(self.actor)
        names.want(Position, [row.decider for row in board.decisions])
        return board, names

    def headed(self, board: Board, names: Names) -> tuple[JointPlan, dict[str, Any]]:
        """The plan under the label of all that stands on the page, and the page's head."""
        labelled = board.labelled()
        context = head(self.record_type, labelled, names, tabs=False)
        return labelled, {**context, "still_url": self.record_type.url(labelled, "still")}


class PlanTimeline(OfTimeline):
    """The plan over time, for whoever reads it."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page; a query string that asks nothing sensible gets it whole."""
        board, names = self.board(self.record_or_404(uuid))
        plan, context = self.headed(board, names)
        context |= shown.page(board, names, self.record_type.url(plan))
        return render(request, "joint_plans/timeline.html", context)


class PlanTimelinePrint(OfTimeline, OutgoingPage):
    """The same on paper."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        """The sheet, once it is said what for where the protocol asks."""
        board, names = self.board(self.record_or_404(uuid))
        plan, context = self.headed(board, names)
        back = self.record_type.url(plan, "timeline")
        if asked := self.question([plan], back):
            return asked
        context |= shown.paper(board, names)
        context |= {
            "marking": marking_for(self.actor, [plan]),
            "back_url": back + board.asked.query(),
            "mission_name": self.actor.mission.name,
        }
        return render(request, "joint_plans/timeline_print.html", context)

    post = get


class PlanTimelineExport(OfTimeline, OutgoingPage):
    """The same as a workbook."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        """The file, once it is said what for where the protocol asks."""
        board, names = self.board(self.record_or_404(uuid))
        names.load()
        plan = board.labelled()
        return self.question([plan], self.record_type.url(plan, "timeline")) or sheets.answer(
            board, plan, names
        )

    post = get
