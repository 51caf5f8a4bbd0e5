"""The words by which tables head their columns, in English, French, Spanish and Arabic. No table is read here."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.stakeholders.vocabulary import PresenceRole

from .matching import folded

#: Purpose -> headers. Spelling, case, accents and punctuation are folded before they are compared.
WORDS: dict[str, tuple[str, ...]] = {
    "org.name": (
        "organisation", "organization", "organisation name", "organization name", "org name", "org", "agency",
        "agency name", "partner", "partner name", "ngo", "name of organisation", "name of organization", "who",
        "actor", "nom de l'organisation", "nom de l'organisme", "organisme", "partenaire", "agence", "qui", "acteur",
        "organizacion", "nombre de la organizacion", "socio", "agencia", "quien", "actor nombre", "المنظمة",
        "اسم المنظمة", "الشريك", "الجهة", "الوكالة",
    ),
    "name": ("name", "full name", "nom", "nom complet", "nombre", "nombre completo", "الاسم", "الاسم الكامل"),
    "org.acronym": (
        "acronym", "organisation acronym", "organization acronym", "org acronym", "agency acronym", "abbreviation",
        "short name", "acronyme", "sigle", "acronyme de l'organisation", "sigla", "siglas", "acronimo", "الاختصار",
        "المختصر", "اختصار المنظمة",
    ),
    "org.others": ("other names", "also known as", "aka", "autres noms", "otros nombres", "أسماء أخرى"),
    "org.type.code": ("org type code", "organisation type code", "organization type code", "type code"),
    "org.type": (
        "type", "organisation type", "organization type", "org type", "agency type", "type of organisation",
        "type of organization", "org type description", "type d'organisation", "type de l'organisation",
        "tipo", "tipo de organizacion", "النوع", "نوع المنظمة",
    ),
    "org.side": ("side", "cote", "lado", "الجانب"),
    "org.stance": ("engagement stance", "stance", "position d'engagement", "الموقف"),
    "role": ("role", "organisation role", "partner role", "rol", "الدور"),
    "sector": (
        "sector", "cluster", "sector cluster", "cluster sector", "sector name", "cluster name", "secteur",
        "secteur cluster", "grappe", "sector de intervencion", "القطاع", "المجموعة", "الكتلة", "قطاع",
    ),
    "sector.code": ("sector code", "cluster code", "code secteur", "code du cluster", "codigo de sector", "رمز القطاع"),
    "activity": (
        "activity", "activities", "activity name", "project", "project title", "project name", "intervention", "what",
        "activity description", "activite", "activites", "projet", "titre du projet", "quoi", "actividad",
        "actividades", "proyecto", "que", "النشاط", "الأنشطة", "المشروع", "ماذا",
    ),
    "area.code": (
        "pcode", "p code", "location pcode", "location p code", "admin pcode", "area code", "place code", "code p",
        "pcode lieu", "codigo p", "الرمز المكاني", "رمز المنطقة",
    ),
    "area.name": (
        "area", "where", "county", "district", "municipality", "commune", "cercle", "sous prefecture", "locality",
        "lga", "zone", "woreda", "municipio", "canton", "distrito", "ou", "donde", "المنطقة", "المحلية", "المديرية",
        "القضاء", "أين", "admin area", "administrative area",
    ),
    "upper.name": (
        "state", "province", "region", "governorate", "department", "prefecture", "departement", "provincia",
        "departamento", "estado", "gobernacion", "الولاية", "المحافظة", "الإقليم", "المقاطعة",
    ),
    "place": (
        "location", "place", "site", "village", "town", "location name", "site name", "settlement", "lieu", "localite",
        "localisation", "lugar", "sitio", "localidad", "ubicacion", "poblado", "المكان", "الموقع", "القرية", "الموضع",
    ),
    "latitude": ("latitude", "lat", "y", "gps latitude", "latitud", "خط العرض"),
    "longitude": ("longitude", "lon", "long", "lng", "x", "gps longitude", "longitud", "خط الطول"),
    "start": (
        "start", "start date", "date start", "from", "begin", "begins", "beginning", "project start",
        "project start date", "activity start date", "debut", "date de debut", "date debut", "inicio",
        "fecha de inicio", "desde", "تاريخ البدء", "البداية", "تاريخ البداية", "من تاريخ",
    ),
    "end": (
        "end", "end date", "date end", "until", "to", "project end", "project end date", "activity end date", "fin",
        "date de fin", "date fin", "fecha de fin", "fecha fin", "hasta", "تاريخ الانتهاء", "النهاية", "تاريخ النهاية",
    ),
    "status": (
        "status", "activity status", "project status", "statut", "etat", "statut de l'activite", "estado del proyecto",
        "situacion", "estatus", "الحالة", "حالة النشاط", "حالة المشروع",
    ),
    "population": (
        "beneficiary type", "beneficiaries type", "population group", "target group", "population", "for whom",
        "type de beneficiaires", "groupe cible", "pour qui", "tipo de beneficiarios", "grupo meta", "para quien",
        "نوع المستفيدين", "الفئة المستهدفة",
    ),
    "targeted": (
        "targeted", "people targeted", "beneficiaries targeted", "target", "planned beneficiaries", "number targeted",
        "personnes ciblees", "beneficiaires cibles", "cible", "ciblees", "personas meta", "beneficiarios meta",
        "meta", "المستهدفون", "عدد المستهدفين",
    ),
    "reached": (
        "reached", "people reached", "beneficiaries reached", "number reached", "personnes atteintes",
        "beneficiaires atteints", "atteintes", "personas alcanzadas", "beneficiarios alcanzados", "alcanzados",
        "تم الوصول إليهم", "عدد الذين تم الوصول إليهم",
    ),
    "source": ("source", "data source", "information source", "source de donnees", "fuente", "المصدر"),
    "country.name": ("country", "country name", "pays", "pais", "البلد", "الدولة"),
    "country.code": ("country code", "iso3", "iso 3", "country iso", "code pays", "codigo de pais"),
    "label.classification": ("classification", "clasificacion", "التصنيف"),
    "label.sensitivity": ("sensitivity", "sensibilite", "sensibilidad", "الحساسية"),
    "label.compartments": ("compartments", "compartiments", "compartimentos", "الأقسام المغلقة"),
    "label.data": ("protected data", "donnees protegees", "datos protegidos", "البيانات المحمية"),
    "label.marking": ("label", "marking", "handling", "tlp", "distribution", "confidentiality", "etiquette",
                      "marquage", "diffusion", "etiqueta", "marca", "confidencialidad", "العلامة", "التوزيع"),
}  # fmt: skip

#: Words within the header of an organisation's column that say its role; folded, the first that fits.
_ROLES: tuple[tuple[str, PresenceRole], ...] = (
    (
        r"implement\w*|mise en oeuvre|d execution|ejecutor\w*|implementador\w*|المنفذه?",
        PresenceRole.IMPLEMENTING,
    ),
    (r"programm?ing|lead|chef de file|prime|lider", PresenceRole.PROGRAMMING),
    (r"donor|funder|funding|bailleur|donante|financ\w*|المانح\w*", PresenceRole.FUNDING),
)
_ORGANISATION = re.compile(
    r"(organi[sz]ation|organi[sz]acion|organisme|agency|agencia|agence|partner|partenaire|socio|ngo|ong|donor|funder"
    r"|bailleur|donante|المنظمه|الشريك|الجهه)(s|es)?"
)
_LEVEL = re.compile(
    r"(?:adm|admin|administrative|niveau admin|nivel admin|المستوي الاداري)\s?(?:level|niveau|nivel)?\s?([0-4])\s?(.*)"
)
_CODES = re.compile(r"(p ?codes?|codes?|codigos?|رمز|code p|الرمز)")


def _own_titles() -> dict[str, str]:
    """Titles of the columns of the portal's own files, in the language in use."""
    made = {
        _("Organisation"): "org.name", _("Acronym"): "org.acronym", _("Code of the type"): "org.type.code",
        _("Type"): "org.type", _("Role"): "role", _("Code of the sector"): "sector.code", _("Sector"): "sector",
        _("Activity"): "activity", _("P-code"): "area.code", _("Area"): "area.name", _("Place"): "place",
        _("Latitude"): "latitude", _("Longitude"): "longitude", _("From"): "start", _("Until"): "end",
        _("Status"): "status", _("For whom"): "population", _("People targeted"): "targeted",
        _("People reached"): "reached", _("Source"): "source", _("Classification"): "label.classification",
        _("Sensitivity"): "label.sensitivity", _("Compartments"): "label.compartments",
        _("Protected data"): "label.data", _("P-code, level 1"): "adm1.code", _("P-code, level 2"): "adm2.code",
        _("Name, level 1"): "adm1.name", _("Name, level 2"): "adm2.name", _("Name"): "name",
    }  # fmt: skip
    return {_tight(title): purpose for title, purpose in made.items()}


@cache
def _by_word() -> dict[str, str]:
    found = {_tight(word): purpose for purpose, words in WORDS.items() for word in words}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for title, purpose in _own_titles().items():
                found.setdefault(title, purpose)
    return found


def _tight(header: str) -> str:
    return folded(header).replace(" ", "")


def purpose_of(header: str) -> tuple[str, str]:
    """(purpose, role) that a header says; both empty for one that says none."""
    plain = folded(header)
    if not plain or len(plain) > 80:
        return "", ""
    if found := _by_word().get(plain.replace(" ", "")):
        return found, ""
    if level := _LEVEL.fullmatch(plain):
        is_code = bool(_CODES.search(level[2])) and "name" not in level[2]
        return f"adm{level[1]}.{'code' if is_code else 'name'}", ""
    role = next((role for words, role in _ROLES if re.search(rf"\b(?:{words})\b", plain)), None)
    if role is not None and (_ORGANISATION.search(plain) or len(plain.split()) == 1):
        if re.search(r"\b(acronym\w*|sigle|siglas?|abbreviation)\b", plain):
            return "org.acronym", str(role)
        if re.search(r"\b(type|tipo)\b", plain):
            return "org.type", str(role)
        return "org.name", str(role)
    if _CODES.search(plain) and re.search(
        r"\b(adm|admin|area|location|lieu|county|district|state|place)\b", plain
    ):
        return "area.code", ""
    return "", ""
