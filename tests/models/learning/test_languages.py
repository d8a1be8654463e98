from __future__ import annotations

import pytest

from models.learning.languages import language_of

SURE = {
    "en": ["Does anyone know a good lawyer?", "Which CRM do you use?", "Our container is stuck in customs"],
    "de": [
        "Kennt jemand eine gute Steuerberaterin in Köln?",
        "Wie macht ihr Firmware Updates?",
        "Termin beim Notar am Freitag?",
    ],
    "fr": ["Quelqu'un connaît un bon avocat ?", "On cherche un bureau à Lyon pour six personnes"],
    "es": ["¿Alguien conoce un buen contador en Madrid?", "Buscamos una nave pequeña cerca de Valencia"],
    "pt": ["Alguém conhece um bom contador?", "Precisamos de um advogado para o contrato"],
    "it": ["Qualcuno conosce un buon commercialista?"],
    "nl": ["Zoekt iemand een kantoor in Utrecht?"],
    "pl": ["Ktoś zna dobrą księgową w Krakowie?"],
}


@pytest.mark.parametrize(("language", "text"), [(key, text) for key, texts in SURE.items() for text in texts])
def test_a_plain_sentence_is_of_its_language(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "PCB Antenna Test",
        "Landing page feedback bitte",
        "有人认识好律师吗",
        "https://example.org/ein/link",
        "@mia @jo @ana",
    ],
)
def test_what_is_not_sure_is_of_none(text: str) -> None:
    assert language_of(text) is None
