"""Which sector of the mission a row means: by code, by name, or by the names that clusters bear everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.mission.models import Mission, Sector

from .matching import Names, folded
from .places import Asked

#: Code of the global clusters -> what tables call them (field guide (d)); only codes that the mission has count.
_ALIASES: dict[str, tuple[str, ...]] = {
    "SHL": ("shelter", "shelter and nfi", "shelter nfi", "emergency shelter and nfi", "es nfi", "esnfi", "abris",
            "abris ame", "alojamiento", "المأوى", "المأوى والمواد غير الغذائية"),
    "CCM": ("cccm", "camp management", "camp coordination and camp management", "camp coordination camp management",
            "gestion des camps", "coordination et gestion des camps", "gestion de campamentos", "إدارة المخيمات"),
    "PRO-MIN": ("mine action", "lutte antimines", "action contre les mines", "accion contra minas",
                "الإجراءات المتعلقة بالألغام"),
    "FSC": ("food security", "fsl", "food security and livelihoods", "securite alimentaire",
            "seguridad alimentaria", "الأمن الغذائي"),
    "WSH": ("wash", "water sanitation and hygiene", "water and sanitation", "water sanitation hygiene", "eah", "eha",
            "eau hygiene et assainissement", "agua saneamiento e higiene", "المياه والصرف الصحي والنظافة"),
    "LOG": ("logistics", "logistique", "logistica", "اللوجستيات"),
    "PRO-CPN": ("child protection", "protection de l'enfance", "proteccion de la infancia", "حماية الطفل"),
    "PRO": ("protection", "proteccion", "الحماية"),
    "EDU": ("education", "educacion", "التعليم"),
    "NUT": ("nutrition", "nutricion", "التغذية"),
    "HEA": ("health", "sante", "salud", "الصحة"),
    "ERY": ("early recovery", "relevement precoce", "recuperacion temprana", "الإنعاش المبكر"),
    "TEL": ("emergency telecommunications", "telecommunications", "etc", "telecomunicaciones", "الاتصالات"),
    "PRO-GBV": ("gender based violence", "gbv", "vbg", "violences basees sur le genre", "violencia de genero",
                "العنف القائم على النوع الاجتماعي"),
    "PRO-HLP": ("housing land and property", "hlp", "ltb", "logement terre et biens", "الإسكان والأراضي والممتلكات"),
}  # fmt: skip
KEEP_WORDS = "words"


@dataclass
class Sectors:
    """The sectors of a mission by their names."""

    by_code: dict[str, tuple[int, str]]
    answers: Mapping[str, str]
    _names: Names = field(default_factory=Names)
    _kept: dict[tuple[str, str], tuple[str, Asked | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, mission: Mission, answers: Mapping[str, str]) -> Sectors:
        """All of them; one query."""
        rows = Sector.objects.filter(mission=mission).values_list("pk", "code", "name")
        made = cls({code.upper(): (pk, name) for pk, code, name in rows}, answers)
        for code, (_pk, name) in made.by_code.items():
            made._names.add(code, [name, code])
        for code, aliases in _ALIASES.items():
            if code in made.by_code:
                made._names.add(code, [alias for alias in aliases if not made._names.exact(alias)])
        return made

    def find(self, code: str, words: str) -> tuple[str, Asked | None]:
        """(code of the sector, empty where none is meant for sure; a question that may be answered)."""
        key = (code.upper(), folded(words))
        if key not in self._kept:
            self._kept[key] = self._find(key[0], words)
        return self._kept[key]

    def _find(self, code: str, words: str) -> tuple[str, Asked | None]:
        if code in self.by_code:
            return code, None
        text = words or code
        if not text:
            return "", None
        exact = self._names.exact(text)
        if len(exact) == 1:
            return str(exact[0]), None
        asked = f"sector:{folded(text)}"
        answer = self.answers.get(asked, "")
        if answer in self.by_code:
            return answer, None
        if answer == KEEP_WORDS or not self.by_code:
            return "", None
        like = [str(each.key) for each in self._names.resembling(text)]
        every = [*like, *(each for each in sorted(self.by_code) if each not in like)]
        options = tuple((each, f"{self.by_code[each][1]} ({each})") for each in every)
        return "", Asked(asked, text, options)
