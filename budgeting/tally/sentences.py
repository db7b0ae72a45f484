"""The sentences that tell a project's story, in each language, with their figures left open.

They live here and not in a catalogue because two must say the same: the site, and the command line
that needs nothing but this library. A pair is the form for one and for all other numbers.
"""

from __future__ import annotations

from .language import Catalogue, tell_in

SENTENCES: Catalogue = {
    # --- figures with their units ---
    "decimal-mark": {"en": ".", "it": ","},
    "votes": {
        "en": ("{number} vote", "{number} votes"),
        "it": ("{number} voto", "{number} voti"),
    },
    "points": {
        "en": ("{number} point", "{number} points"),
        "it": ("{number} punto", "{number} punti"),
    },
    "people": {
        "en": ("{number} person", "{number} people"),
        "it": ("{number} persona", "{number} persone"),
    },
    "projects": {
        "en": ("{number} project", "{number} projects"),
        "it": ("{number} progetto", "{number} progetti"),
    },
    "ballots": {
        "en": ("{number} ballot", "{number} ballots"),
        "it": ("{number} scheda", "{number} schede"),
    },
    # --- who chose it ---
    "chosen": {
        "en": "{people} of {ballots} chose it; it costs {cost}.",
        "it": (
            "{people} su {ballots} lo ha scelto; costa {cost}.",
            "{people} su {ballots} lo hanno scelto; costa {cost}.",
        ),
    },
    "given-points": {
        "en": "{people} of {ballots} named it and gave it {votes}; it costs {cost}.",
        "it": (
            "{people} su {ballots} lo ha indicato e gli ha dato {votes}; costa {cost}.",
            "{people} su {ballots} lo hanno indicato e gli hanno dato {votes}; costa {cost}.",
        ),
    },
    "had-been-chosen": {
        "en": "{people} of {ballots} had chosen it.",
        "it": (
            "{people} su {ballots} lo aveva scelto.",
            "{people} su {ballots} lo avevano scelto.",
        ),
    },
    "chosen-by-nobody": {
        "en": "Nobody chose it, of {ballots}; it costs {cost}.",
        "it": "Non lo ha scelto nessuna persona su {ballots}; costa {cost}.",
    },
    # --- why, in one sentence ---
    "yes": {"en": "Yes, it was funded.", "it": "Sì, è stato finanziato."},
    "no": {"en": "No, it was not funded.", "it": "No, non è stato finanziato."},
    "enough-left": {
        "en": "At its turn {before} were left, enough for it.",
        "it": "Al suo turno restavano {before}: bastavano.",
    },
    "partly-left": {
        "en": "It was the first that did not fit: most of its cost was left, so it was funded and "
        "the count ended.",
        "it": "Era il primo che non ci stava: restava la maggior parte del suo costo, così è stato "
        "finanziato e lo scrutinio è finito.",
    },
    "paid": {
        "en": "Those who chose it paid for it with at most {payment} each.",
        "it": "Chi lo ha scelto lo ha pagato con {payment} a testa al massimo.",
    },
    "paid-first": {
        "en": "Those who chose it could pay for it first, with at most {payment} each.",
        "it": "Chi lo ha scelto ha potuto pagarlo per primo, con {payment} a testa al massimo.",
    },
    "costs-nothing": {
        "en": "It costs nothing, and somebody chose it.",
        "it": "Non costa nulla, e qualcuno lo ha scelto.",
    },
    "withdrawn": {
        "en": "It was withdrawn and could no longer be funded.",
        "it": "È stato ritirato e non poteva più essere finanziato.",
    },
    "below-minimum": {
        "en": (
            "It got {votes}: at least {needed} was needed to take part.",
            "It got {votes}: at least {needed} were needed to take part.",
        ),
        "it": (
            "Ha avuto {votes}: per partecipare ne serviva almeno {needed}.",
            "Ha avuto {votes}: per partecipare ne servivano almeno {needed}.",
        ),
    },
    "not-eligible": {
        "en": "It got {votes}: a project of this cost needed at least {needed}.",
        "it": "Ha avuto {votes}: a un progetto di questo costo ne servivano almeno {needed}.",
    },
    "no-supporter": {"en": "Nobody chose it.", "it": "Nessuno lo ha scelto."},
    "did-not-fit": {
        "en": "{remaining} were left at its turn: {missing} too little.",
        "it": "Al suo turno restavano {remaining}: mancavano {missing}.",
    },
    "stopped": {
        "en": "The count ended before its turn, at “{other}”.",
        "it": "Lo scrutinio è finito prima del suo turno, a «{other}».",
    },
    "money-short": {
        "en": "Those who chose it had {had} left together: {missing} too little.",
        "it": "A chi lo ha scelto restavano in tutto {had}: mancavano {missing}.",
    },
    "rival-funded": {
        "en": "“{other}” was funded, and only one of the two could be.",
        "it": "È stato finanziato «{other}», e dei due era possibile uno solo.",
    },
    "free": {
        "en": "It costs nothing, and this rule funds only projects that cost something.",
        "it": "Non costa nulla, e questa regola finanzia solo progetti che costano qualcosa.",
    },
    # --- why, with all the figures ---
    "in-step": {
        "en": "It was funded in step {order} of the count.",
        "it": "È stato finanziato al passo {order} dello scrutinio.",
    },
    "before-and-after": {
        "en": "At its turn {before} were left; after it, {left} remained.",
        "it": "Al suo turno restavano {before}; dopo ne sono rimasti {left}.",
    },
    "partly-left-figures": {
        "en": "{before} were left, {excess} too little; the rule still funds the first project "
        "that does not fit when enough of its cost is there.",
        "it": "Restavano {before}, {excess} in meno del necessario; la regola finanzia comunque il "
        "primo progetto che non ci sta, se c’è abbastanza del suo costo.",
    },
    "nobody-had-to-pay": {
        "en": "It costs nothing, so nobody had to pay for it.",
        "it": "Non costa nulla, quindi nessuno ha dovuto pagarlo.",
    },
    "divided": {
        "en": "The cost was divided among those who chose it: nobody paid more than {payment} out "
        "of their share of the budget, as if it had been split equally among {effective}.",
        "it": "Il costo è stato diviso tra chi lo ha scelto: nessuno ha pagato più di {payment} "
        "della propria quota, come se fosse stato diviso in parti uguali tra {effective}.",
    },
    "share": {
        "en": "Each ballot’s share of the budget was {per_ballot}.",
        "it": "La quota del budget di ogni scheda era di {per_ballot}.",
    },
    "all-paid-in-full": {
        "en": "Everybody who chose it could pay their whole part; afterwards they had {left} left "
        "together.",
        "it": "Chi lo ha scelto ha potuto pagare tutta la propria parte; dopo restavano in tutto "
        "{left} alle stesse persone.",
    },
    "some-gave-all": {
        "en": "{people} could not pay their whole part and gave all they had left; afterwards "
        "those who chose it had {left} left together.",
        "it": (
            "{people} non poteva pagare tutta la propria parte e ha dato quello che le restava; "
            "dopo, a chi lo ha scelto restavano in tutto {left}.",
            "{people} non potevano pagare tutta la propria parte e hanno dato quello che restava "
            "loro; dopo, a chi lo ha scelto restavano in tutto {left}.",
        ),
    },
    "saved": {
        "en": "When each ballot had received {time}, those who chose it had saved its whole cost: "
        "they paid it with at most {payment} each and began to save again.",
        "it": "Quando ogni scheda aveva ricevuto {time}, chi lo ha scelto aveva risparmiato tutto "
        "il suo costo: lo ha pagato con {payment} a testa al massimo e ha ricominciato a "
        "risparmiare.",
    },
    "shares-too-small": {
        "en": "Those who chose it paid for no other project, and all their shares together are "
        "{had}: {missing} too little.",
        "it": "Chi lo ha scelto non ha pagato altri progetti, e tutte le quote insieme fanno "
        "{had}: mancavano {missing}.",
    },
    "shares-spent": {
        "en": "At the end those who chose it had {had} left of their shares, after paying for "
        "other projects they had chosen: {missing} too little.",
        "it": "Alla fine a chi lo ha scelto restavano {had} delle proprie quote, dopo aver pagato "
        "altri progetti scelti: mancavano {missing}.",
    },
    "did-not-fit-figures": {
        "en": "At its turn {remaining} of the budget were left, {missing} less than it costs.",
        "it": "Al suo turno restavano {remaining} del budget, {missing} meno di quanto costa.",
    },
    "lacking": {
        "en": "It lacked {lacking}.",
        "it": ("Gli è mancato {lacking}.", "Gli sono mancati {lacking}."),
    },
    # --- what would have sufficed ---
    "votes-enough": {
        "en": (
            "One more vote, on a ballot that chooses this project alone, would have been enough.",
            "{number} more votes, on ballots that choose this project alone, would have been "
            "enough; one fewer would not.",
        ),
        "it": (
            "Sarebbe bastato un voto in più, su una scheda che sceglie solo questo progetto.",
            "Sarebbero bastati {number} voti in più, su schede che scelgono solo questo progetto; "
            "con uno in meno no.",
        ),
    },
    "beyond-threshold": {
        "en": (
            "The one vote it lacked would only have let it take part in the count; the others "
            "are what it then took to win the money.",
            "The {lacking} it lacked would only have let it take part in the count; the others "
            "are what it then took to win the money.",
        ),
        "it": (
            "Con il solo voto che gli mancava avrebbe soltanto partecipato allo scrutinio; "
            "gli altri servivano poi per ottenere i soldi.",
            "Con i {lacking} che gli mancavano avrebbe soltanto partecipato allo scrutinio; gli "
            "altri servivano poi per ottenere i soldi.",
        ),
    },
    "votes-not-enough": {
        "en": "Not even {number} more votes, on ballots that choose this project alone, would "
        "have been enough.",
        "it": "Non sarebbero bastati nemmeno {number} voti in più, su schede che scelgono solo "
        "questo progetto.",
    },
    "points-enough": {
        "en": (
            "One more ballot, with {points} for this project alone, would have been enough.",
            "{number} more ballots, each with {points} for this project alone, would have been "
            "enough; one fewer would not.",
        ),
        "it": (
            "Sarebbe bastata una scheda in più, con {points} solo per questo progetto.",
            "Sarebbero bastate {number} schede in più, ciascuna con {points} solo per questo "
            "progetto; con una in meno no.",
        ),
    },
    "points-not-enough": {
        "en": "Not even {number} more ballots, each with {points} for this project alone, would "
        "have been enough.",
        "it": "Non sarebbero bastate nemmeno {number} schede in più, ciascuna con {points} solo "
        "per questo progetto.",
    },
    "cost-enough": {
        "en": "At a cost of {cost}, {less} less, it would have been funded; at {dearer} it would "
        "not.",
        "it": "Con un costo di {cost}, {less} in meno, sarebbe stato finanziato; con {dearer} no.",
    },
    "cost-not-enough": {
        "en": "Not even at a cost of {cost} would it have been funded.",
        "it": "Nemmeno con un costo di {cost} sarebbe stato finanziato.",
    },
    "without-rival": {
        "en": "Had it excluded no other project, it would have been funded.",
        "it": "Se non avesse escluso nessun altro progetto, sarebbe stato finanziato.",
    },
    "not-without-rival": {
        "en": "Even had it excluded no other project, it would not have been funded.",
        "it": "Anche se non avesse escluso nessun altro progetto, non sarebbe stato finanziato.",
    },
    "votes-to-spare": {
        "en": (
            "With {votes} less it would have been funded all the same; with {more} less it would "
            "not.",
            "With {votes} fewer it would have been funded all the same; with {more} fewer it would "
            "not.",
        ),
        "it": "Con {votes} in meno sarebbe stato finanziato lo stesso; con {more} in meno no.",
    },
    "no-votes-to-spare": {
        "en": "With {more} less it would not have been funded.",
        "it": "Con {more} in meno non sarebbe stato finanziato.",
    },
    "all-votes-to-spare": {
        "en": "The money was enough for it whatever its votes.",
        "it": "I soldi bastavano per questo progetto con qualunque numero di voti.",
    },
    "found-by-counting": {
        "en": "Found by counting all the ballots again, with that one change and everything else "
        "as it was.",
        "it": "Calcolato rifacendo lo scrutinio di tutte le schede, con quel solo cambiamento e "
        "tutto il resto com’era.",
    },
    "being-worked-out": {
        "en": "What would have been enough is being worked out by counting again: come back in a "
        "few minutes.",
        "it": "Stiamo calcolando che cosa sarebbe bastato, rifacendo lo scrutinio: torna tra "
        "qualche minuto.",
    },
    # --- in the order of the count ---
    "step-not-funded": {
        "en": "{votes}, cost {cost}: not funded. {reason}",
        "it": "{votes}, costo {cost}: non finanziato. {reason}",
    },
    "step-bought": {
        "en": "Bought for {cost} by {people}, who pay at most {payment} each. Of the budget {left} "
        "remain.",
        "it": (
            "Comprato per {cost} da {people}, che paga al massimo {payment}. Del budget restano "
            "{left}.",
            "Comprato per {cost} da {people}, che pagano al massimo {payment} a testa. Del budget "
            "restano {left}.",
        ),
    },
    "step-funded": {
        "en": "{votes}, cost {cost}: funded. {left} remain.",
        "it": "{votes}, costo {cost}: finanziato. Restano {left}.",
    },
    # --- the whole count, to be done again on paper ---
    "paper-budget": {
        "en": "{projects}, {ballots}, a budget of {budget}.",
        "it": "{projects}, {ballots}, un budget di {budget}.",
    },
    "paper-order": {
        "en": "Take the projects in the order of the count; fund each if what is left is enough.",
        "it": "Prendi i progetti nell’ordine dello scrutinio; finanzia ognuno se quello che resta "
        "basta.",
    },
    "paper-shares": {
        "en": "Write {per_ballot} on each ballot: what it owns. At each step the project that asks "
        "least is bought; take off each supporter’s ballot what it pays.",
        "it": "Scrivi {per_ballot} su ogni scheda: è quello che possiede. A ogni passo si compra "
        "il progetto che chiede meno; togli da ogni scheda di chi lo ha scelto quello che paga.",
    },
    "paper-flow": {
        "en": "Money flows to all ballots alike. As soon as the supporters of a project own its "
        "cost together, they buy it and their money is gone.",
        "it": "I soldi arrivano a tutte le schede allo stesso modo. Appena chi ha scelto un "
        "progetto ne possiede insieme il costo, lo compra e resta senza soldi.",
    },
    "paper-greedy-step": {
        "en": "{order}. {title}: {votes}, cost {cost}. {before} are left, so it is funded; then "
        "{left} are left.",
        "it": "{order}. {title}: {votes}, costo {cost}. Restano {before}, quindi è finanziato; poi "
        "restano {left}.",
    },
    "paper-partial-step": {
        "en": "{order}. {title}: {votes}, cost {cost}. Only {before} are left, but that is enough "
        "of its cost: it is funded and the count ends.",
        "it": "{order}. {title}: {votes}, costo {cost}. Restano solo {before}, ma è abbastanza del "
        "suo costo: è finanziato e lo scrutinio finisce.",
    },
    "paper-passed": {
        "en": "   Before it these did not fit: {titles}.",
        "it": "   Prima di questo non ci stavano: {titles}.",
    },
    "paper-shares-step": {
        "en": "{order}. {title}: cost {cost}, price {rho} for each unit of what its {supporters} "
        "get.",
        "it": "{order}. {title}: costo {cost}, prezzo {rho} per ogni unità di ciò che ottengono: "
        "{supporters}.",
    },
    "paper-free-step": {
        "en": "{order}. {title}: it costs nothing and somebody chose it.",
        "it": "{order}. {title}: non costa nulla e qualcuno lo ha scelto.",
    },
    "paper-payers": {
        "en": (
            "   {ballots} with {owned} pays {paid}.",
            "   {ballots} with {owned} pay {paid} each.",
        ),
        "it": (
            "   {ballots} con {owned} paga {paid}.",
            "   {ballots} con {owned} pagano {paid} ciascuna.",
        ),
    },
    "paper-pays-at-most": {
        "en": (
            "   Nobody pays more than {payment}; {capped} has less and gives all of it.",
            "   Nobody pays more than {payment}; {capped} have less and give all of it.",
        ),
        "it": (
            "   Nessuna scheda paga più di {payment}; {capped} ha meno e dà tutto.",
            "   Nessuna scheda paga più di {payment}; {capped} hanno meno e danno tutto.",
        ),
    },
    "paper-pays-in-full": {
        "en": "   Nobody pays more than {payment}, and everybody can.",
        "it": "   Nessuna scheda paga più di {payment}, e tutte possono.",
    },
    "paper-flow-step": {
        "en": "{order}. {title}: cost {cost}, {supporters}. At {time} for each ballot they own it.",
        "it": "{order}. {title}: costo {cost}, {supporters}. A {time} per scheda lo possiedono.",
    },
    "paper-savers": {
        "en": "   {ballots} saved {paid} each.",
        "it": "   {ballots}: {paid} ciascuna.",
    },
    "paper-runner-up": {
        "en": "   Next would have been {title}, at {figure}.",
        "it": "   Dopo veniva {title}, a {figure}.",
    },
    "paper-dropped": {
        "en": "   From now on too little is left for {title}: {had}.",
        "it": "   Da ora non basta più per {title}: {had}.",
    },
    "paper-tie": {
        "en": "   Equal: {titles}. Decided by: {decided_by}.",
        "it": "   Alla pari: {titles}. Criterio: {decided_by}.",
    },
    "tie-cost": {"en": "lower cost", "it": "costo più basso"},
    "tie-votes": {"en": "more votes", "it": "più voti"},
    "tie-draw": {"en": "the draw", "it": "sorteggio"},
    "tie-file-order": {"en": "the order of the list", "it": "ordine dell’elenco"},
    "tie-text": {"en": "the order of the ids", "it": "ordine dei codici"},
    "tie-any-order": {
        "en": "nothing, either order gives the same",
        "it": "nessuno, con qualunque ordine è lo stesso",
    },
    "paper-not-funded": {
        "en": "Not funded: {title}. {reason}",
        "it": "Non finanziato: {title}. {reason}",
    },
    "paper-area": {
        "en": "Area {area}, with {budget}:",
        "it": "Area {area}, con {budget}:",
    },
    "city-wide": {"en": "of the whole city", "it": "di tutta la città"},
}


def say(language: str, key: str, number: int | None = None, /, **figures: str) -> str:
    """Write a sentence; ``number`` chooses the form for one or for several.

    A language that is not there is told in English.
    """
    return tell_in(language, SENTENCES, key, number, **figures)
