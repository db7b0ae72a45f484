"""Why a rule, a scenario, an election or a draw is refused, in each language."""

from __future__ import annotations

from .language import Catalogue, tell

WORDS: Catalogue = {
    # --- rules ---
    "phragmen-overflow": {
        "en": "Phragmén either stops or skips what does not fit",
        "it": "Phragmén o si ferma o salta chi non entra nel budget",
    },
    "compat": {
        "en": "the habits of {compat} do not belong to the method {method}",
        "it": "le abitudini di {compat} non sono del metodo {method}",
    },
    "negative": {"en": "{name} cannot be negative", "it": "{name} non può essere negativo"},
    "between-0-1": {
        "en": "{name} must be between 0 and 1",
        "it": "{name} deve essere tra 0 e 1",
    },
    "above-0-to-1": {
        "en": "{name} must be above 0 and at most 1",
        "it": "{name} deve essere più di 0 e al massimo 1",
    },
    "more-than-0": {"en": "{name} must be more than 0", "it": "{name} deve essere più di 0"},
    "unknown-parameter": {
        "en": "unknown parameter {name!r}",
        "it": "il parametro {name!r} non esiste",
    },
    "no-method": {"en": "the method is missing", "it": "manca il metodo"},
    "cannot-be": {"en": "{name} cannot be {value!r}", "it": "{name} non può essere {value!r}"},
    "not-mapped": {
        "en": "the file's rule {name!r} does not say how to count",
        "it": "la regola del file, {name!r}, non dice come contare",
    },
    "threshold": {
        "en": "the threshold {value!r} is not a number",
        "it": "la soglia {value!r} non è un numero",
    },
    "ballot-type": {
        "en": "sequential Phragmén is not defined for {vote_type} ballots, only for approval and "
        "choose-1",
        "it": "Phragmén sequenziale non vale per schede {vote_type}, solo per approval e choose-1",
    },
    "no-areas": {
        "en": "the election has no areas with budgets of their own",
        "it": "la votazione non ha zone con un budget proprio",
    },
    "areas-default-score": {
        "en": "areas with budgets are not defined for scoring ballots with a default score",
        "it": "le zone con budget non valgono per schede scoring con un punteggio predefinito",
    },
    "no-city-part": {
        "en": "unspent money cannot go city-wide: there is no such part",
        "it": "quel che avanza non può andare a tutta la città: quella parte non c’è",
    },
    # --- rules as JSON ---
    "no-object": {"en": "not a JSON object", "it": "non è un oggetto JSON"},
    "no-format": {"en": "the format is not {form}", "it": "il formato non è {form}"},
    "missing": {"en": "{name} is missing", "it": "manca {name}"},
    "unlike-format": {
        "en": "not as in the format {form}: {problem}",
        "it": "non è come nel formato {form}: {problem}",
    },
    "scale": {
        "en": "scale and budgets of areas must be whole numbers from 0",
        "it": "scale e budget delle zone devono essere numeri interi da 0",
    },
    # --- scenarios ---
    "longest-name": {
        "en": "name has more than {most} characters",
        "it": "name ha più di {most} caratteri",
    },
    "at-least-1": {"en": "{name} is at least 1", "it": "{name} è almeno 1"},
    "is-between-0-1": {"en": "{name} is between 0 and 1", "it": "{name} è tra 0 e 1"},
    "not-with-budget": {
        "en": "{name} does not go with budget",
        "it": "{name} non va insieme a budget",
    },
    "factor": {
        "en": "{name} is above 0 and at most {most}",
        "it": "{name} è più di 0 e al massimo {most}",
    },
    "areas-and-budget": {
        "en": "areas do not go with another budget",
        "it": "areas non va insieme a un altro budget",
    },
    "unspent": {
        "en": "unspent says where the money goes",
        "it": "unspent dice dove vanno i soldi",
    },
    "seed": {
        "en": "seed is printable ASCII text and not empty",
        "it": "seed è un testo ASCII stampabile e non vuoto",
    },
    "scenario-object": {
        "en": "a scenario is an object in braces",
        "it": "uno scenario è un oggetto tra graffe",
    },
    "not-in-scenario": {
        "en": "there is no {name!r} in a scenario",
        "it": "in uno scenario non c’è {name!r}",
    },
    "scenario-rule": {"en": "rule: {problem}", "it": "regola: {problem}"},
    "each-area": {
        "en": "give each area its budget instead",
        "it": "dai invece a ogni zona il suo budget",
    },
    "no-project": {"en": "there is no project {name!r}", "it": "il progetto {name!r} non c’è"},
    "decimals": {
        "en": "{name} has more decimals than the election",
        "it": "{name} ha più decimali della votazione",
    },
    # --- elections ---
    "conflict": {
        "en": "conflict {pair} is not a pair of projects",
        "it": "il conflitto {pair} non è una coppia di progetti",
    },
    "area-twice": {"en": "an area has two budgets", "it": "una zona ha due budget"},
    "city-last": {
        "en": "the city-wide part stands last among the areas",
        "it": "la parte di tutta la città sta per ultima tra le zone",
    },
    "area-negative": {
        "en": "the budget of an area cannot be negative",
        "it": "il budget di una zona non può essere negativo",
    },
    "areas-sum": {
        "en": "the budgets of the areas do not add up to the budget",
        "it": "i budget delle zone non danno il budget totale",
    },
    "area-without-budget": {
        "en": "project {project!r} is in an area without a budget",
        "it": "il progetto {project!r} è in una zona senza budget",
    },
    "would-lose": {
        "en": "amounts need {needed} decimals, {given} would lose money",
        "it": "gli importi hanno {needed} decimali, con {given} si perderebbero soldi",
    },
    # --- ties and draws ---
    "draw-seed": {
        "en": "the seed of a draw is printable ASCII text and not empty",
        "it": "il seme di un sorteggio è un testo ASCII stampabile e non vuoto",
    },
    "undecided": {
        "en": "projects {projects} are tied and '{ties}' does not decide",
        "it": "i progetti {projects} sono alla pari e il criterio «{ties}» non decide",
    },
}


def refused(key: str, /, **figures: object) -> str:
    """Say why something is refused, in the language that is spoken."""
    return tell(WORDS, key, **figures)
