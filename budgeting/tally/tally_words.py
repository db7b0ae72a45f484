"""What ``rione-tally`` and ``rione-simulate`` say beside their tables, in each language."""

from __future__ import annotations

from .language import Catalogue

WORDS: Catalogue = {
    # --- rione-tally: help ---
    "description": {
        "en": "Count the ballots of a participatory budget in Pabulib format, exactly.",
        "it": "Conta in modo esatto le schede di un bilancio partecipativo in formato Pabulib.",
    },
    "epilog": {
        "en": "The order drawn with --draw is SHA-256 of RIONE-T1|round|contest|SEED|project_id, "
        "ascending; round is 'unit instance' of META, contest is 'subunit', else 'district'.",
        "it": "L’ordine sorteggiato con --draw è SHA-256 di "
        "RIONE-T1|round|contest|SEED|project_id, crescente; "
        "round è «unit instance» di META, contest è «subunit», altrimenti «district».",
    },
    "help-file": {"en": "the election", "it": "la votazione"},
    "help-rule": {
        "en": "how to count: from-file (the default) reads rule and threshold from META; "
        "{methods}; a file with a whole rule as JSON, as rule.json of a recount kit (then with its "
        "draw, conflicts and areas); or the rule as JSON",
        "it": "come contare: from-file (se non lo dici) legge regola e soglia da META; {methods}; "
        "un file con una regola intera in JSON, come rule.json di un kit di riconteggio (allora "
        "con sorteggio, rivali e zone); oppure la regola in JSON",
    },
    "group-every": {"en": "every rule", "it": "ogni regola"},
    "help-min-votes": {
        "en": "least votes (or N%% of ballots)",
        "it": "voti minimi (o N%% delle schede)",
    },
    "help-eligibility": {
        "en": "3B: votes/ballots >= cost/(3 budget)",
        "it": "3B: voti/schede >= costo/(3 budget)",
    },
    "help-ties": {
        "en": "how equal projects are told apart",
        "it": "come si decide tra progetti alla pari",
    },
    "help-draw": {
        "en": "seed of the drawn order for --ties standard",
        "it": "seme dell’ordine sorteggiato per --ties standard",
    },
    "help-areas": {
        "en": "whether areas have budgets of their own, and where unspent money goes (none)",
        "it": "se le zone hanno un budget proprio, e dove va quel che avanza (none)",
    },
    "help-area": {
        "en": "give an area a budget, in the order of counting, in place of those of the file; "
        "=AMOUNT without a name: the city-wide part, last",
        "it": "dà un budget a una zona, nell’ordine di scrutinio, al posto di quelli del file; "
        "=AMOUNT senza nome: la parte di tutta la città, per ultima",
    },
    "help-conflict": {
        "en": "two projects of which at most one can be funded",
        "it": "due progetti di cui se ne può finanziare al massimo uno",
    },
    "help-compat": {
        "en": "habits of another program (none)",
        "it": "abitudini di un altro programma (none)",
    },
    "group-order": {"en": "greedy and Phragmén", "it": "prima i più votati e Phragmén"},
    "help-order": {"en": "what greedy sorts by (votes)", "it": "in che ordine (votes)"},
    "help-overflow": {
        "en": "at a project that does not fit: skip it (greedy), or stop there (Phragmén)",
        "it": "al progetto che non entra: saltarlo (greedy) o fermarsi (Phragmén)",
    },
    "help-stop-at-first": {
        "en": "the same as --overflow stop",
        "it": "lo stesso di --overflow stop",
    },
    "help-partial-share": {
        "en": "greedy: stop there, but fund it if this share (0.8) of its cost is left",
        "it": "greedy: fermarsi lì, ma finanziarlo se resta questa parte (0.8) del suo costo",
    },
    "group-shares": {"en": "Equal Shares", "it": "quote uguali"},
    "help-utility": {
        "en": "what a supporter gets (cost)",
        "it": "che cosa riceve chi sceglie un progetto (cost)",
    },
    "help-completion": {
        "en": "how the rest is spent (none)",
        "it": "come si spende quel che avanza (none)",
    },
    "help-stop": {
        "en": "when the add-one scan ends (overspend)",
        "it": "quando finiscono i giri di add1 (overspend)",
    },
    "help-start": {
        "en": "where the scan begins (exact)",
        "it": "da dove partono i giri (exact)",
    },
    "help-step": {
        "en": "raise per ballot and run, major units (1)",
        "it": "aumento per scheda a ogni giro, in unità di valuta (1)",
    },
    "help-comparison": {
        "en": "greedy replaces the award if more ballots prefer it (satisfaction or coverage)",
        "it": "valgono i più votati se più schede li preferiscono (satisfaction o coverage)",
    },
    "help-explain": {
        "en": "tell one project's story, with what would have been enough; without PROJECT: every "
        "step, to be done again on paper",
        "it": "racconta un progetto, con che cosa sarebbe bastato; senza PROJECT: ogni passo, da "
        "rifare su carta",
    },
    "help-json": {"en": "print the outcome as JSON", "it": "scrive l’esito in JSON"},
    # --- rione-tally: what is wrong with an option ---
    "rule-as-json": {"en": "the rule as JSON", "it": "la regola in JSON"},
    "no-rule": {
        "en": "'{text}' is none of {names}, nor a file with a rule, nor a rule as JSON",
        "it": "«{text}» non è tra {names}, né un file con una regola, né una regola in JSON",
    },
    "no-number": {"en": "'{text}' is not a number", "it": "«{text}» non è un numero"},
    "above-0": {"en": "must be more than 0", "it": "deve essere più di 0"},
    "share": {
        "en": "must be more than 0 and at most 1",
        "it": "deve essere più di 0 e al massimo 1",
    },
    "no-minimum": {
        "en": "'{text}' is neither a number of votes nor a percentage",
        "it": "«{text}» non è né un numero di voti né una percentuale",
    },
    "no-area": {
        "en": "'{text}' is not NAME=AMOUNT; for the city-wide part write =AMOUNT",
        "it": "«{text}» non è NAME=AMOUNT; per la parte di tutta la città scrivi =AMOUNT",
    },
    "no-pair": {
        "en": "'{text}' is not two project ids with a comma between",
        "it": "«{text}» non sono due codici di progetto separati da una virgola",
    },
    # --- rione-tally: refusals ---
    "no-project": {
        "en": "there is no project '{project}'.",
        "it": "il progetto «{project}» non c’è.",
    },
    "name-one": {
        "en": "Name one as in the column project_id, or none for every step.",
        "it": "Scrivilo come nella colonna project_id, o nessuno per tutti i passi.",
    },
    "correct-options": {
        "en": "Correct --area, --conflict or the rule.",
        "it": "Correggi --area, --conflict o la regola.",
    },
    "choose-rule": {
        "en": "Choose the rule with --rule.",
        "it": "Scegli la regola con --rule.",
    },
    "option-unfit": {
        "en": "{option} does not go with the rule {method}.",
        "it": "{option} non va con la regola {method}.",
    },
    "leave-option-out": {"en": "Leave the option out.", "it": "Togli l’opzione."},
    "draw-unfit": {
        "en": "--draw does not go with --ties {ties}.",
        "it": "--draw non va con --ties {ties}.",
    },
    "leave-one-out": {"en": "Leave one of them out.", "it": "Togli una delle due opzioni."},
    "change-rule": {
        "en": "Change the rule or its options.",
        "it": "Cambia la regola o le sue opzioni.",
    },
    "give-seed": {
        "en": "Give the seed as letters, digits and signs.",
        "it": "Scrivi il seme con lettere, cifre e segni.",
    },
    "give-draw": {
        "en": "Give the seed of a draw with --draw, or another procedure with --ties.",
        "it": "Dai il seme di un sorteggio con --draw, o un altro criterio con --ties.",
    },
    "times": {"en": " ({count} times)", "it": " ({count} volte)"},
    # --- rione-simulate: help ---
    "simulate-description": {
        "en": "Count elections in Pabulib format under other rules, and say what changes. The "
        "first column is the election as it was held.",
        "it": "Conta votazioni in formato Pabulib con altre regole e dice che cosa cambia. La "
        "prima colonna è la votazione com’è stata.",
    },
    "simulate-epilog": {
        "en": "Every --rule and every --scenario makes a column. A scenario file is a JSON object "
        "(or a list of them) with name, rule, min_votes, min_share, eligibility, max_length, "
        "budget, budget_factor, areas, unspent, cost_factor, costs, seed; what it does not name "
        "stays as it was.",
        "it": "Ogni --rule e ogni --scenario fa una colonna. Un file di scenario è un oggetto JSON "
        "(o un elenco di oggetti) con name, rule, min_votes, min_share, eligibility, max_length, "
        "budget, budget_factor, areas, unspent, cost_factor, costs, seed; quel che non nomina "
        "resta com’era.",
    },
    "help-election": {"en": "an election", "it": "una votazione"},
    "help-base": {
        "en": "how it was counted, where the file does not say: a name or JSON",
        "it": "come è stata contata, se il file non lo dice: un nome o JSON",
    },
    "help-scenario": {
        "en": "what to vary; may be given several times",
        "it": "che cosa cambiare; si può ripetere",
    },
    "help-other-rule": {
        "en": "{names}; or a whole rule as JSON",
        "it": "{names}; o una regola intera in JSON",
    },
    "help-max-length": {
        "en": "at most so many projects on a ballot",
        "it": "al massimo tanti progetti su una scheda",
    },
    "help-budget": {"en": "in major units", "it": "in unità di valuta"},
    "help-budget-factor": {
        "en": "multiply the budget (0.8)",
        "it": "moltiplica il budget (0.8)",
    },
    "help-cost-factor": {
        "en": "multiply all costs (1.2)",
        "it": "moltiplica tutti i costi (1.2)",
    },
    "help-seed": {
        "en": "decides what is left to chance ({seed})",
        "it": "decide quel che è lasciato al caso ({seed})",
    },
    "help-turnout": {
        "en": "also count growing parts of the ballots, to see how many are needed",
        "it": "conta anche parti crescenti delle schede, per vedere quante ne servono",
    },
    "help-draws": {
        "en": "how often chance shortens the ballots ({draws})",
        "it": "quante volte il caso accorcia le schede ({draws})",
    },
    "help-json-all": {"en": "print everything as JSON", "it": "scrive tutto in JSON"},
    # --- rione-simulate: refusals ---
    "no-rule-name": {
        "en": "'{text}' is none of {names}, nor a rule as JSON",
        "it": "«{text}» non è tra {names}, né una regola in JSON",
    },
    "no-json": {"en": "{path} is no JSON: {problem}", "it": "{path} non è JSON: {problem}"},
    "change-scenario": {"en": "Change the scenario.", "it": "Cambia lo scenario."},
    "choose-another": {"en": "Choose another rule.", "it": "Scegli un’altra regola."},
    "other-ties": {
        "en": "Give the rule other ties than 'refuse'.",
        "it": "Dai alla regola un criterio di parità diverso da «refuse».",
    },
    "say-base": {
        "en": "Say how it was counted with --base.",
        "it": "Di’ con --base come è stata contata.",
    },
    "change-option": {"en": "Change the option.", "it": "Cambia l’opzione."},
    "nothing-varied": {"en": "nothing is varied.", "it": "non cambia nulla."},
    "vary": {
        "en": "Give --rule, --scenario, --max-length, --min-votes or --budget.",
        "it": "Usa --rule, --scenario, --max-length, --min-votes o --budget.",
    },
    # --- rione-simulate: the table ---
    "as-it-was": {"en": "as it was", "it": "com’era"},
    "varied": {"en": "varied", "it": "cambiata"},
    "election": {
        "en": "{ballots} ballots ({vote_type}), {projects} projects, amounts in major units"
        "{currency}",
        "it": "{ballots} schede, {vote_type}, {projects} progetti, importi in unità di valuta"
        "{currency}",
    },
    "funded-projects": {"en": "funded projects", "it": "progetti finanziati"},
    "budget": {"en": "budget", "it": "budget"},
    "cost-of-funded": {"en": "cost of the funded", "it": "costo dei finanziati"},
    "fewest-votes": {
        "en": "fewest votes of a funded project",
        "it": "minimo di voti di un finanziato",
    },
    "exactly": {
        "en": "ballots, choices funded: {number}",
        "it": "schede, scelte finanziate: {number}",
    },
    "or-more": {"en": "ballots with {number} or more", "it": "schede con {number} o più"},
    "with-something": {"en": "with something funded", "it": "con qualcosa di finanziato"},
    "better-off": {
        "en": "ballots better off than in 0",
        "it": "schede a cui va meglio che in 0",
    },
    "worse-off": {
        "en": "ballots worse off than in 0",
        "it": "schede a cui va peggio che in 0",
    },
    "no-place": {"en": "(no place named)", "it": "(nessun luogo)"},
    "needed-any": {
        "en": "ballots needed for one project",
        "it": "schede per un progetto",
    },
    "needed-half": {
        "en": "… for half as many projects",
        "it": "… per metà dei progetti",
    },
    "needed-all": {"en": "… for as many projects", "it": "… per altrettanti progetti"},
    "needed-same": {"en": "… for the same projects", "it": "… per gli stessi progetti"},
    "never": {"en": "never", "it": "mai"},
    "gained": {"en": "{number}: gained {count}", "it": "{number}: in più {count}"},
    "lost": {"en": "{number}: lost {count}", "it": "{number}: in meno {count}"},
}
