"""The words of an outcome as a table for a terminal, in each language."""

from __future__ import annotations

from .language import Catalogue

WORDS: Catalogue = {
    "counted": {
        "en": "{ballots} ballots ({vote_type}), {projects} projects, budget {budget}",
        "it": "{ballots} schede, {vote_type}, {projects} progetti, budget {budget}",
    },
    "rule": {"en": "Rule: {rule}", "it": "Regola: {rule}"},
    "funded": {
        "en": "Funded: {number} of {projects}, for {cost}",
        "it": "Finanziati: {number} su {projects}, per {cost}",
    },
    "excess": {
        "en": "  of which {excess} beyond the budget",
        "it": "  di cui {excess} oltre il budget",
    },
    "not-funded": {"en": "Not funded: {number}", "it": "Non finanziati: {number}"},
    # --- the rule in one line ---
    "min-votes": {"en": "at least {number} votes", "it": "almeno {number} voti"},
    "min-share": {
        "en": "votes of at least {share} of the ballots",
        "it": "voti di almeno {share} delle schede",
    },
    "three-budgets": {
        "en": "votes/ballots at least cost/(3 budget)",
        "it": "voti/schede almeno costo/(3 budget)",
    },
    "areas": {"en": "area budgets, {unspent}", "it": "budget per zona, {unspent}"},
    "unspent-lapse": {
        "en": "what one does not spend lapses",
        "it": "quel che una non spende non passa ad altre",
    },
    "unspent-next": {
        "en": "what one does not spend moves on to the next",
        "it": "quel che una non spende passa alla successiva",
    },
    "unspent-city": {
        "en": "what they do not spend goes to the city-wide part",
        "it": "quel che non spendono va alla parte di tutta la città",
    },
    "habits": {"en": "with the habits of {program}", "it": "con le abitudini di {program}"},
    "ties": {"en": "ties: {ties}", "it": "parità: {ties}"},
    # Values of options: the word, and in brackets what one types.
    "ties-standard": {
        "en": "lower cost, more votes, then the draw (standard)",
        "it": "costo minore, più voti, poi il sorteggio (standard)",
    },
    "ties-file-order": {
        "en": "order of the list (file-order)",
        "it": "ordine dell’elenco (file-order)",
    },
    "ties-cost": {
        "en": "lower cost, then order of the list (cost)",
        "it": "costo minore, poi ordine dell’elenco (cost)",
    },
    "ties-cost-votes": {
        "en": "lower cost, more votes, then order of the list (cost-votes)",
        "it": "costo minore, più voti, poi ordine dell’elenco (cost-votes)",
    },
    "ties-text": {
        "en": "alphabetical order of the ids (text)",
        "it": "ordine alfabetico dei codici (text)",
    },
    "ties-refuse": {"en": "not decided (refuse)", "it": "non si decidono (refuse)"},
    "completion-add1": {
        "en": "raising the shares (add1)",
        "it": "aumentando le quote (add1)",
    },
    "completion-add1u": {
        "en": "raising the shares, then most votes (add1u)",
        "it": "aumentando le quote, poi i più votati (add1u)",
    },
    "stop-overspend": {
        "en": "above the budget (overspend)",
        "it": "oltre il budget (overspend)",
    },
    "stop-exhaustive": {
        "en": "above the budget or when nothing more fits (exhaustive)",
        "it": "oltre il budget o quando non entra più niente (exhaustive)",
    },
    "comparison-satisfaction": {
        "en": "choices funded (satisfaction)",
        "it": "scelte finanziate (satisfaction)",
    },
    "comparison-coverage": {
        "en": "having any choice funded (coverage)",
        "it": "almeno una scelta finanziata (coverage)",
    },
    "ballots-approval": {"en": "approval", "it": "scelte senza ordine (approval)"},
    "ballots-choose-1": {"en": "choose-1", "it": "una sola scelta (choose-1)"},
    "ballots-cumulative": {"en": "cumulative", "it": "punti da dividere (cumulative)"},
    "ballots-scoring": {"en": "scoring", "it": "punteggi (scoring)"},
    "ballots-ordinal": {"en": "ordinal", "it": "scelte in ordine (ordinal)"},
    "greedy-votes": {"en": "greedy by votes", "it": "prima i più votati"},
    "greedy-votes-per-cost": {
        "en": "greedy by votes per cost",
        "it": "prima chi ha più voti per costo",
    },
    "skipping": {"en": "skipping what does not fit", "it": "saltando chi non entra nel budget"},
    "stopping": {
        "en": "ending at the first that does not fit",
        "it": "fermandosi al primo che non entra nel budget",
    },
    "partial": {
        "en": "ending at the first that does not fit, funded if {share} of it is left",
        "it": "fermandosi al primo che non entra, finanziato se ne resta {share}",
    },
    "equal-shares-cost": {
        "en": "Method of Equal Shares by cost",
        "it": "Metodo delle quote uguali, per costo",
    },
    "equal-shares-cardinality": {
        "en": "Method of Equal Shares by cardinality",
        "it": "Metodo delle quote uguali, per numero di progetti",
    },
    "completion": {
        "en": "completion: {completion}, step {step}{start}, stop: {stop}",
        "it": "completamento: {completion}, passo {step}{start}, fine: {stop}",
    },
    "from-whole-part": {"en": ", from the whole part", "it": ", dalla parte intera"},
    "compared": {
        "en": "compared with greedy by: {comparison}",
        "it": "confronto con i più votati per: {comparison}",
    },
    "phragmen": {"en": "sequential Phragmén", "it": "Phragmén sequenziale"},
    # --- areas, runs, comparison, ties ---
    "area": {
        "en": "{area}: {ballots} ballots, budget {budget}{moved_in}, {steps} funded for {cost}"
        "{moved_on}",
        "it": "{area}: {ballots} schede, budget {budget}{moved_in}, finanziati {steps} per {cost}"
        "{moved_on}",
    },
    "city-wide": {"en": "City-wide", "it": "Tutta la città"},
    "moved-in": {"en": " and {amount} from others", "it": " e {amount} da altre"},
    "moved-on": {"en": ", {amount} moved on", "it": ", {amount} passano ad altre"},
    "per-ballot": {"en": "Money per ballot: {amount}", "it": "Soldi per scheda: {amount}"},
    "per-ballot-runs": {
        "en": "Money per ballot: {runs} runs, ended: {ended}; {amount}",
        "it": "Soldi per scheda: {runs} giri, fine: {ended}; {amount}",
    },
    "ended-overspend": {"en": "overspend", "it": "oltre il budget"},
    "ended-exhaustive": {"en": "exhaustive", "it": "non entra altro"},
    "ended-no-ballots": {"en": "no-ballots", "it": "nessuna scheda"},
    "ended-all-funded": {"en": "all-funded", "it": "tutti finanziati"},
    "comparison": {
        "en": "Comparison: {shares} ballots do better under Equal Shares, {greedy} under greedy: "
        "{verdict}",
        "it": "Confronto: a {shares} schede va meglio con le quote uguali, a {greedy} con i più "
        "votati: {verdict}",
    },
    "replaced": {
        "en": "greedy replaces Equal Shares",
        "it": "valgono i più votati",
    },
    "stays": {"en": "Equal Shares stays", "it": "valgono le quote uguali"},
    "tie": {
        "en": "  Tie, decided by {decided_by}: {projects}",
        "it": "  Parità, decisa con {decided_by}: {projects}",
    },
    # --- one project ---
    "greedy-step": {"en": "{votes} votes, left {left}", "it": "{votes} voti, restano {left}"},
    "phragmen-step": {
        "en": "{votes} votes, paid when each ballot had received {time}, left {left}",
        "it": "{votes} voti, pagato quando ogni scheda aveva ricevuto {time}, restano {left}",
    },
    "free-step": {"en": "{votes} votes, free", "it": "{votes} voti, non costa nulla"},
    "shares-step": {
        "en": "{votes} votes, {effective} effective, each at most {payment}",
        "it": "{votes} voti, {effective} effettivi, al massimo {payment} a scheda",
    },
    "withdrawn": {"en": "withdrawn", "it": "ritirato"},
    "below-minimum": {
        "en": "{votes} votes, {needed} needed",
        "it": "{votes} voti, ne servivano {needed}",
    },
    "not-eligible": {
        "en": "{votes} votes, {needed} needed for its cost",
        "it": "{votes} voti, per il suo costo ne servivano {needed}",
    },
    "no-supporter": {"en": "no ballot supports it", "it": "nessuna scheda lo sceglie"},
    "did-not-fit": {
        "en": "did not fit: {remaining} left, {missing} missing",
        "it": "non entrava: restavano {remaining}, mancavano {missing}",
    },
    "stopped": {
        "en": "the count had ended at {after}",
        "it": "lo scrutinio era finito a {after}",
    },
    "money-short": {
        "en": "its {supporters} supporters had {had} left, {missing} missing",
        "it": "a chi lo sceglie ({supporters}) restavano {had}, mancavano {missing}",
    },
    "rival-funded": {
        "en": "its rival {rival} is funded",
        "it": "è finanziato il suo rivale {rival}",
    },
    "free": {
        "en": "it costs nothing, and the habit followed never funds such a project",
        "it": "non costa nulla, e l’abitudine seguita non finanzia mai progetti così",
    },
}
