"""South Sudan's states and counties: names and P-codes as facts (OCHA, valid from 29 August 2023), and some towns."""

from __future__ import annotations

from datetime import date

VALID_FROM = date(2023, 8, 29)

#: State code -> (name, names of its counties in the order of their codes: SS0101, SS0102 …).
STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "SS01": ("Central Equatoria", ("Juba", "Kajo-keji", "Lainya", "Morobo", "Terekeka", "Yei")),
    "SS02": (
        "Eastern Equatoria",
        ("Budi", "Ikotos", "Kapoeta East", "Kapoeta North", "Kapoeta South", "Lafon", "Magwi", "Torit"),
    ),
    "SS03": (
        "Jonglei",
        ("Akobo", "Ayod", "Bor South", "Canal/Pigi", "Duk", "Fangak", "Nyirol", "Pibor", "Pochalla", "Twic East", "Uror"),
    ),
    "SS04": (
        "Lakes",
        ("Awerial", "Cueibet", "Rumbek Centre", "Rumbek East", "Rumbek North", "Wulu", "Yirol East", "Yirol West"),
    ),
    "SS05": ("Northern Bahr el Ghazal", ("Aweil Centre", "Aweil East", "Aweil North", "Aweil South", "Aweil West")),
    "SS06": (
        "Unity",
        ("Abiemnhom", "Guit", "Koch", "Leer", "Mayendit", "Mayom", "Panyijiar", "Pariang", "Rubkona"),
    ),
    "SS07": (
        "Upper Nile",
        ("Baliet", "Fashoda", "Longochuk", "Luakpiny/Nasir", "Maban", "Maiwut", "Malakal", "Manyo", "Melut",
         "Panyikang", "Renk", "Ulang"),
    ),
    "SS08": ("Warrap", ("Gogrial East", "Gogrial West", "Tonj East", "Tonj North", "Tonj South", "Twic")),
    "SS09": ("Western Bahr el Ghazal", ("Jur River", "Raja", "Wau")),
    "SS10": (
        "Western Equatoria",
        ("Ezo", "Ibba", "Maridi", "Mundri East", "Mundri West", "Mvolo", "Nagero", "Nzara", "Tambura", "Yambio"),
    ),
    "SS00": ("Abyei Region", ("Abyei Region",)),
}  # fmt: skip

#: Towns that the stories name: county code and a point in the town, never of any base.
TOWNS: dict[str, tuple[str, float, float]] = {
    "Juba": ("SS0101", 4.85, 31.58),
    "Yei": ("SS0106", 4.09, 30.68),
    "Terekeka": ("SS0105", 5.44, 31.75),
    "Kajo-keji": ("SS0102", 3.88, 31.66),
    "Torit": ("SS0208", 4.41, 32.57),
    "Kapoeta": ("SS0205", 4.77, 33.59),
    "Magwi": ("SS0207", 4.13, 32.30),
    "Bor": ("SS0303", 6.21, 31.56),
    "Pibor": ("SS0308", 6.80, 33.13),
    "Akobo": ("SS0301", 7.78, 33.00),
    "Old Fangak": ("SS0306", 9.07, 30.88),
    "Ayod": ("SS0302", 8.13, 31.41),
    "Waat": ("SS0307", 8.18, 32.13),
    "Panyagor": ("SS0310", 7.15, 31.42),
    "Rumbek": ("SS0403", 6.80, 29.68),
    "Mingkaman": ("SS0401", 6.05, 31.52),
    "Yirol": ("SS0408", 6.55, 30.50),
    "Cueibet": ("SS0402", 7.01, 29.32),
    "Aweil": ("SS0501", 8.77, 27.40),
    "Nyamlell": ("SS0505", 9.12, 26.97),
    "Bentiu": ("SS0609", 9.25, 29.80),
    "Leer": ("SS0604", 8.30, 30.14),
    "Ganyiel": ("SS0607", 7.35, 30.48),
    "Mayom": ("SS0606", 9.22, 29.17),
    "Koch": ("SS0603", 8.60, 29.99),
    "Malakal": ("SS0707", 9.53, 31.66),
    "Kodok": ("SS0702", 9.89, 32.11),
    "Renk": ("SS0711", 11.75, 32.80),
    "Bunj": ("SS0705", 10.01, 33.73),
    "Melut": ("SS0709", 10.44, 32.20),
    "Nasir": ("SS0704", 8.62, 33.07),
    "Ulang": ("SS0712", 8.70, 32.85),
    "Kuajok": ("SS0802", 8.31, 28.00),
    "Tonj": ("SS0805", 7.27, 28.68),
    "Turalei": ("SS0806", 9.08, 28.42),
    "Wau": ("SS0903", 7.70, 27.99),
    "Raja": ("SS0902", 8.46, 25.68),
    "Yambio": ("SS1010", 4.57, 28.40),
    "Tambura": ("SS1009", 5.60, 27.47),
    "Maridi": ("SS1003", 4.92, 29.47),
    "Mundri": ("SS1005", 5.35, 30.32),
    "Abyei": ("SS0001", 9.59, 28.43),
}


def counties() -> list[tuple[str, str, str]]:
    """(code, name, code of its state) of every county."""
    return [
        (f"{state}{number:02d}", name, state)
        for state, (_name, names) in STATES.items()
        for number, name in enumerate(names, start=1)
    ]
