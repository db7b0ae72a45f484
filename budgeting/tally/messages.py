"""What the reader says about a file: one code per finding, with a sentence and a remedy.

Both are told in the language that is spoken (:mod:`budgeting.tally.language`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from .language import ITALIAN, Catalogue, spoken, tell

PLACES: Catalogue = {"line": {"en": "line {number}", "it": "riga {number}"}}


@dataclass(frozen=True)
class Text:
    """A sentence and what to do about it in both languages, with named ``{parameters}``."""

    message: str
    remedy: str
    message_it: str
    remedy_it: str

    def told(self, params: Mapping[str, object]) -> tuple[str, str]:
        """Write sentence and remedy in the language that is spoken."""
        pair = (self.message, self.remedy)
        if spoken() == ITALIAN:
            pair = (self.message_it, self.remedy_it)
        message, remedy = (text.format(**params) for text in pair)
        return message, remedy


ERRORS: Mapping[str, Text] = {
    "empty": Text(
        "The file is empty.",
        "Choose a file in Pabulib format with the sections META, PROJECTS and VOTES.",
        "Il file è vuoto.",
        "Scegli un file in formato Pabulib con le sezioni META, PROJECTS e VOTES.",
    ),
    "encoding": Text(
        "The line is not UTF-8 text.",
        "Save the file again with the encoding UTF-8.",
        "La riga non è testo UTF-8.",
        "Salva di nuovo il file con la codifica UTF-8.",
    ),
    "nul": Text(
        "The line has a zero byte, which is no text.",
        "Save the file again as text in UTF-8.",
        "La riga contiene un byte zero, che non è testo.",
        "Salva di nuovo il file come testo UTF-8.",
    ),
    "csv": Text(
        "The line cannot be split into cells: {problem}.",
        "Separate cells with semicolons and end lines with a line feed.",
        "La riga non si può dividere in celle: {problem}.",
        "Separa le celle con punto e virgola e chiudi ogni riga con un ritorno a capo.",
    ),
    "quote": Text(
        "A quotation mark opened here is never closed.",
        "Close the quoted cell, or write a quotation mark inside it twice.",
        "Le virgolette aperte qui non vengono mai chiuse.",
        "Chiudi la cella tra virgolette, oppure raddoppia le virgolette al suo interno.",
    ),
    "section-first": Text(
        "The file starts with “{found}” instead of the title META.",
        "Begin the file with the line META; check that it is a Pabulib file.",
        "Il file comincia con «{found}» invece che con il titolo META.",
        "Fai cominciare il file con la riga META; controlla che sia un file Pabulib.",
    ),
    "section-missing": Text(
        "The section {section} is missing.",
        "Add the section: a line with its title, a header line, then its rows.",
        "Manca la sezione {section}.",
        "Aggiungi la sezione: una riga con il titolo, una con le intestazioni, poi le sue righe.",
    ),
    "section-order": Text(
        "The section {section} stands in the wrong place or appears twice.",
        "Write META, PROJECTS and VOTES once each, in this order.",
        "La sezione {section} è al posto sbagliato o compare due volte.",
        "Scrivi META, PROJECTS e VOTES una volta sola, in quest’ordine.",
    ),
    "heading": Text(
        "“{found}” is not the title of a section. Did you mean {meant}?",
        "Write {meant} alone on the line, or complete the row.",
        "«{found}» non è il titolo di una sezione. Volevi dire {meant}?",
        "Scrivi {meant} da solo sulla riga, oppure completa la riga.",
    ),
    "meta-header": Text(
        "The header of META is “{found}”.",
        "Write key;value on the line after META.",
        "L’intestazione di META è «{found}».",
        "Scrivi key;value nella riga dopo META.",
    ),
    "header-missing": Text(
        "The section {section} has no header line.",
        "Write the column names on the line after the title.",
        "La sezione {section} non ha la riga di intestazione.",
        "Scrivi i nomi delle colonne nella riga dopo il titolo.",
    ),
    "column-missing": Text(
        "The section {section} has no column {column}.",
        "Add the column {column} to the header and to every row.",
        "La sezione {section} non ha la colonna {column}.",
        "Aggiungi la colonna {column} all’intestazione e a ogni riga.",
    ),
    "column-repeated": Text(
        "The column {column} appears twice in {section}.",
        "Keep one of the two columns.",
        "La colonna {column} compare due volte in {section}.",
        "Tieni una sola delle due colonne.",
    ),
    "cells": Text(
        "The row has {found} cells, the header has {expected}.",
        "Put a cell that contains a semicolon in quotation marks.",
        "La riga ha {found} celle, l’intestazione ne ha {expected}.",
        "Metti tra virgolette la cella che contiene un punto e virgola.",
    ),
    "meta-key": Text(
        "A row of META has no key.",
        "Write the key before the semicolon, or remove the row.",
        "Una riga di META non ha la chiave.",
        "Scrivi la chiave prima del punto e virgola, oppure togli la riga.",
    ),
    "meta-repeated": Text(
        "The key {key} appears twice in META.",
        "Keep one of the two rows.",
        "La chiave {key} compare due volte in META.",
        "Tieni una sola delle due righe.",
    ),
    "meta-missing": Text(
        "META does not say {key}.",
        "Add a row with the key {key} and its value.",
        "META non dice {key}.",
        "Aggiungi una riga con la chiave {key} e il suo valore.",
    ),
    "amount": Text(
        "“{value}” is not an amount of money.",
        "Write digits, with a point before decimals, without currency or spaces.",
        "«{value}» non è un importo.",
        "Scrivi solo cifre, con il punto prima dei decimali, senza valuta né spazi.",
    ),
    "amount-negative": Text(
        "The amount {value} is negative.",
        "Write an amount of 0 or more.",
        "L’importo {value} è negativo.",
        "Scrivi un importo pari a 0 o maggiore.",
    ),
    "whole-number": Text(
        "“{value}” is not a whole number.",
        "Write digits only.",
        "«{value}» non è un numero intero.",
        "Scrivi solo cifre.",
    ),
    "too-large": Text(
        "The number {value} is too large to be counted with.",
        "Write a number between -{limit} and {limit}.",
        "Il numero {value} è troppo grande per lo scrutinio.",
        "Scrivi un numero tra -{limit} e {limit}.",
    ),
    "limits": Text(
        "The minimum {low} is above the maximum {high}.",
        "Correct {low_key} or {high_key}.",
        "Il minimo {low} supera il massimo {high}.",
        "Correggi {low_key} oppure {high_key}.",
    ),
    "vote-type": Text(
        "The ballot type “{value}” is not known.",
        "Write approval, choose-1, cumulative, scoring or ordinal.",
        "Il tipo di scheda «{value}» non esiste.",
        "Scrivi approval, choose-1, cumulative, scoring oppure ordinal.",
    ),
    "num-projects": Text(
        "META announces {announced} projects, the file has {found}.",
        "Check that no row is missing or cut off, then correct the number.",
        "META annuncia {announced} progetti, il file ne ha {found}.",
        "Controlla che nessuna riga manchi o sia tagliata, poi correggi il numero.",
    ),
    "num-votes": Text(
        "META announces {announced} ballots, the file has {found}.",
        "Check that no row is missing or cut off, then correct the number.",
        "META annuncia {announced} schede, il file ne ha {found}.",
        "Controlla che nessuna riga manchi o sia tagliata, poi correggi il numero.",
    ),
    "no-projects": Text(
        "The section PROJECTS has no rows.",
        "Add the projects that stood on the ballot.",
        "La sezione PROJECTS non ha righe.",
        "Aggiungi i progetti che erano sulla scheda.",
    ),
    "most-projects": Text(
        "The file has more than {limit} projects.",
        "Send a file with fewer projects.",
        "Il file ha più di {limit} progetti.",
        "Manda un file con meno progetti.",
    ),
    "most-ballots": Text(
        "The file has more than {limit} ballots.",
        "Send a file with fewer ballots.",
        "Il file ha più di {limit} schede.",
        "Manda un file con meno schede.",
    ),
    "project-id": Text(
        "The project id “{value}” cannot be used on ballots.",
        "Give the project an id without commas and line ends.",
        "Il codice di progetto «{value}» non si può usare sulle schede.",
        "Dai al progetto un codice senza virgole né a capo.",
    ),
    "project-id-missing": Text(
        "A project has no id.",
        "Give every project its own id.",
        "Un progetto non ha codice.",
        "Dai a ogni progetto un codice suo.",
    ),
    "project-repeated": Text(
        "The project {project} appears twice; first on line {first}.",
        "Give every project its own id, and each project one row.",
        "Il progetto {project} compare due volte; la prima alla riga {first}.",
        "Dai a ogni progetto un codice suo e una riga sola.",
    ),
    "selected": Text(
        "“{value}” does not say whether the project was funded.",
        "Write 1 or 0 (2 and 3: funded another way).",
        "«{value}» non dice se il progetto è stato finanziato.",
        "Scrivi 1 oppure 0 (2 e 3: finanziato in altro modo).",
    ),
    "voter-missing": Text(
        "A ballot has no voter_id.",
        "Give every ballot a number or code of its own.",
        "Una scheda non ha voter_id.",
        "Dai a ogni scheda un numero o un codice suo.",
    ),
    "voter-repeated": Text(
        "The voter {voter} appears twice.",
        "Keep one ballot per voter_id.",
        "Il codice di voto {voter} compare due volte.",
        "Tieni una scheda per ogni voter_id.",
    ),
    "unknown-project": Text(
        "The ballot names the project “{project}”, which is not in PROJECTS.",
        "Correct the id or add the project to PROJECTS.",
        "La scheda nomina il progetto «{project}», che non è in PROJECTS.",
        "Correggi il codice oppure aggiungi il progetto a PROJECTS.",
    ),
    "empty-choice": Text(
        "The ballot “{vote}” has an empty place between commas.",
        "Write project ids with one comma between them.",
        "La scheda «{vote}» ha un posto vuoto tra due virgole.",
        "Scrivi i codici dei progetti separati da una sola virgola.",
    ),
    "one-choice": Text(
        "The ballot names {found} projects where one is allowed.",
        "Keep one project, or correct vote_type.",
        "La scheda nomina {found} progetti, ma se ne può scegliere uno.",
        "Tieni un solo progetto, oppure correggi vote_type.",
    ),
    "too-many": Text(
        "The ballot names {found} projects, at most {limit} are allowed.",
        "Correct the ballot or max_length.",
        "La scheda nomina {found} progetti, al massimo sono {limit}.",
        "Correggi la scheda oppure max_length.",
    ),
    "too-few": Text(
        "The ballot names {found} projects, at least {limit} are asked.",
        "Correct the ballot or min_length.",
        "La scheda nomina {found} progetti, ne servono almeno {limit}.",
        "Correggi la scheda oppure min_length.",
    ),
    "points-missing": Text(
        "The ballot names projects but gives no points.",
        "Write one number of points per project, in the same order.",
        "La scheda nomina progetti ma non dà punti.",
        "Scrivi i punti di ogni progetto, nello stesso ordine.",
    ),
    "points-count": Text(
        "The ballot has {choices} projects but {points} numbers of points.",
        "Write one number of points per project, in the same order.",
        "La scheda ha {choices} progetti ma {points} punteggi.",
        "Scrivi i punti di ogni progetto, nello stesso ordine.",
    ),
    "points-number": Text(
        "“{value}” is not a whole number of points.",
        "Write whole numbers with commas between them.",
        "«{value}» non è un numero intero di punti.",
        "Scrivi numeri interi separati da virgole.",
    ),
    "points-negative": Text(
        "A cumulative ballot cannot give {value} points.",
        "Write points of 0 or more.",
        "Una scheda a punti cumulativi non può dare {value} punti.",
        "Scrivi punti pari a 0 o maggiori.",
    ),
    "points-unexpected": Text(
        "The ballot gives points, but {vote_type} ballots have none.",
        "Empty the column points, or correct vote_type.",
        "La scheda dà punti, ma le schede {vote_type} non ne hanno.",
        "Svuota la colonna points, oppure correggi vote_type.",
    ),
    "points-low": Text(
        "{value} points are below the minimum of {limit}.",
        "Correct the ballot or min_points.",
        "{value} punti sono meno del minimo di {limit}.",
        "Correggi la scheda oppure min_points.",
    ),
    "points-high": Text(
        "{value} points are above the maximum of {limit}.",
        "Correct the ballot or max_points.",
        "{value} punti sono più del massimo di {limit}.",
        "Correggi la scheda oppure max_points.",
    ),
}
"""Why a file is refused."""

WARNINGS: Mapping[str, Text] = {
    "old-column": Text(
        "The column {old} is now called {new}.",
        "It was read as {new}.",
        "La colonna {old} oggi si chiama {new}.",
        "È stata letta come {new}.",
    ),
    "unknown-column": Text(
        "The column {column} is not part of the format.",
        "It was kept and does not enter the count.",
        "La colonna {column} non fa parte del formato.",
        "È stata conservata e non entra nello scrutinio.",
    ),
    "meta-missing": Text(
        "META does not say {key}, which the format asks for.",
        "The count does not need it; add it before publishing the file again.",
        "META non dice {key}, che il formato richiede.",
        "Allo scrutinio non serve; aggiungilo prima di pubblicare di nuovo il file.",
    ),
    "day": Text(
        "{value} is not a day.",
        "Write days as 31.12.2026, or the year alone; the day was left out.",
        "{value} non è un giorno.",
        "Scrivi i giorni come 31.12.2026, oppure solo l’anno; il giorno è stato tralasciato.",
    ),
    "days-order": Text(
        "The vote ends before it begins.",
        "Correct date_begin or date_end; the count does not need them.",
        "Il voto finisce prima di cominciare.",
        "Correggi date_begin o date_end; allo scrutinio non servono.",
    ),
    "no-max-length": Text(
        "META does not say how long a ranking may be.",
        "The number of projects, {used}, was taken; points depend on it.",
        "META non dice quanto può essere lunga una graduatoria.",
        "È stato preso il numero dei progetti, {used}; i punti dipendono da questo.",
    ),
    "areas-unused": Text(
        "The budgets of neighbourhoods do not match their list, the projects or the budget.",
        "They were left aside: the budget is one for all.",
        "I budget dei quartieri non corrispondono al loro elenco, ai progetti o al budget.",
        "Sono stati messi da parte: il budget è uno solo per tutti.",
    ),
    "short-row": Text(
        "The row has fewer cells than the header.",
        "The missing cells were taken as empty.",
        "La riga ha meno celle dell’intestazione.",
        "Le celle mancanti sono state prese come vuote.",
    ),
    "blank-line": Text(
        "The file has an empty line.",
        "It was passed over.",
        "Il file ha una riga vuota.",
        "È stata saltata.",
    ),
    "spaces": Text(
        "A list has spaces around its commas.",
        "The spaces were ignored.",
        "Un elenco ha spazi intorno alle virgole.",
        "Gli spazi sono stati ignorati.",
    ),
    "repeated-choice": Text(
        "A ballot names the project {project} twice.",
        "It counts once, at its first mention.",
        "Una scheda nomina due volte il progetto {project}.",
        "Conta una volta, nella posizione della prima.",
    ),
    "blank-ballot": Text(
        "A ballot names no project.",
        "It counts as a blank ballot.",
        "Una scheda non nomina alcun progetto.",
        "Conta come scheda bianca.",
    ),
    "sum-cost-low": Text(
        "A ballot chooses projects for less than min_sum_cost.",
        "It was counted as recorded.",
        "Una scheda sceglie progetti per meno di min_sum_cost.",
        "È stata contata come registrata.",
    ),
    "sum-cost-high": Text(
        "A ballot chooses projects for more than max_sum_cost.",
        "It was counted as recorded.",
        "Una scheda sceglie progetti per più di max_sum_cost.",
        "È stata contata come registrata.",
    ),
    "sum-points-low": Text(
        "A ballot gives fewer points than min_sum_points.",
        "It was counted as recorded.",
        "Una scheda dà meno punti di min_sum_points.",
        "È stata contata come registrata.",
    ),
    "sum-points-high": Text(
        "A ballot gives more points than max_sum_points.",
        "It was counted as recorded.",
        "Una scheda dà più punti di max_sum_points.",
        "È stata contata come registrata.",
    ),
    "points-not-borda": Text(
        "The points beside a ranking are not those of its places.",
        "The places count: k, k−1, k−2, … with k = {ranks}.",
        "I punti accanto a una graduatoria non sono quelli dei suoi posti.",
        "Contano i posti: k, k−1, k−2, … con k = {ranks}.",
    ),
    "votes-differ": Text(
        "The file says {recorded} votes for {project}, its ballots give {counted}.",
        "The ballots count.",
        "Il file dice {recorded} voti per {project}, le sue schede ne danno {counted}.",
        "Contano le schede.",
    ),
    "score-differ": Text(
        "The file says {recorded} points for {project}, its ballots give {counted}.",
        "The ballots count.",
        "Il file dice {recorded} punti per {project}, le sue schede ne danno {counted}.",
        "Contano le schede.",
    ),
}
"""What was odd about a file that was read nevertheless."""


class PabulibError(Exception):
    """A file that cannot be read: where (``line``, ``section``, ``field``), why and what to do.

    ``line`` counts from 1 and is None when the file as a whole is meant.
    """

    def __init__(
        self,
        code: str,
        *,
        line: int | None = None,
        section: str = "",
        field: str = "",
        **params: str | int,
    ) -> None:
        self.code = code
        self.line = line
        self.section = section
        self.field = field
        self.params: dict[str, str | int] = {"section": section, **params}
        self.text = ERRORS[code]
        super().__init__(f"{self.where}{self.message} {self.remedy}")

    @property
    def message(self) -> str:
        """Say what is wrong."""
        return self.text.told(self.params)[0]

    @property
    def remedy(self) -> str:
        """Say what to do."""
        return self.text.told(self.params)[1]

    @property
    def where(self) -> str:
        """Give line and field as a prefix, ``line 12, cost:``."""
        places = [tell(PLACES, "line", number=self.line)] if self.line else []
        places += [name for name in (self.section, self.field) if name]
        return f"{', '.join(places)}: " if places else ""


@dataclass
class ReadWarning:
    """Something odd, with the first line it was seen on and how many times it was seen."""

    code: str
    line: int | None = None
    field: str = ""
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    count: int = 1

    @property
    def text(self) -> Text:
        """Give the sentences with their parameters open."""
        return WARNINGS[self.code]

    @property
    def message(self) -> str:
        """Say what is odd."""
        return self.text.told(self.params)[0]

    @property
    def remedy(self) -> str:
        """Say what was done about it."""
        return self.text.told(self.params)[1]
