"""What ``rione-recount`` finds in a kit, and why it refuses one, in each language."""

from __future__ import annotations

from .language import Catalogue

WORDS: Catalogue = {
    # --- remedies ---
    "again": {"en": "Download the kit again.", "it": "Scarica di nuovo il kit."},
    "archive-again": {
        "en": "Download the archive again; if you packed it yourself, give the unpacked folder "
        "instead.",
        "it": "Scarica di nuovo l’archivio; se l’hai fatto tu, indica invece la cartella.",
    },
    "unpack-again": {"en": "Unpack the archive again.", "it": "Apri di nuovo l’archivio."},
    "take-out": {
        "en": "Take it out of the folder and try again.",
        "it": "Toglilo dalla cartella e riprova.",
    },
    "newer-program": {
        "en": "Use a newer rione-recount.",
        "it": "Usa un rione-recount più recente.",
    },
    # --- archives that cannot be read ---
    "link": {
        "en": "{name} is a link to somewhere else",
        "it": "{name} è un collegamento verso un altro posto",
    },
    "folder-too-large": {
        "en": "the folder holds more than a kit",
        "it": "la cartella contiene più di un kit",
    },
    "archive-damaged": {"en": "the archive is damaged", "it": "l’archivio è danneggiato"},
    "cannot-unpack": {
        "en": "{name} is damaged and cannot be unpacked",
        "it": "{name} è danneggiato e non si può estrarre",
    },
    "archive-too-large": {
        "en": "the archive is larger than any kit",
        "it": "l’archivio è più grande di qualunque kit",
    },
    "no-archive": {"en": "this is not a ZIP archive", "it": "questo non è un archivio ZIP"},
    "no-whole-archive": {
        "en": "this is not a ZIP archive, or not a whole one",
        "it": "questo non è un archivio ZIP, o non è intero",
    },
    "wrong-end": {
        "en": "the archive does not end where it says",
        "it": "l’archivio non finisce dove dice",
    },
    "promises-more": {
        "en": "the directory of the archive promises more than a kit holds",
        "it": "l’indice dell’archivio promette più di quanto un kit contiene",
    },
    "in-parts": {
        "en": "the archive is in parts, or of a form for larger ones",
        "it": "l’archivio è in più parti, o di una forma per archivi più grandi",
    },
    "directory-elsewhere": {
        "en": "the archive is not whole: its directory is not where it says",
        "it": "l’archivio non è intero: il suo indice non è dove dice",
    },
    "other-files": {
        "en": "the directory of the archive holds other files than it says",
        "it": "l’indice dell’archivio contiene altri file da quelli che dice",
    },
    "holds-no-file": {
        "en": "the archive holds {name}, which is no file of a kit",
        "it": "l’archivio contiene {name}, che non è un file di un kit",
    },
    "compressed-otherwise": {
        "en": "{name} is compressed in a way that is not read here",
        "it": "{name} è compresso in un modo che qui non si legge",
    },
    "unpacks-to-more": {
        "en": "the archive unpacks to more than a kit",
        "it": "l’archivio, aperto, è più di un kit",
    },
    "file-twice": {
        "en": "the archive holds a file twice",
        "it": "l’archivio contiene due volte lo stesso file",
    },
    "files-elsewhere": {
        "en": "the files of the archive are not where it says",
        "it": "i file dell’archivio non sono dove dice",
    },
    "directory-damaged": {
        "en": "the directory of the archive is damaged",
        "it": "l’indice dell’archivio è danneggiato",
    },
    "directory-differs": {
        "en": "the directory of the archive is not as it was published",
        "it": "l’indice dell’archivio non è quello pubblicato",
    },
    "packed-again": {
        "en": "{name} is compressed: the archive was packed again",
        "it": "{name} è compresso: l’archivio è stato rifatto",
    },
    "damaged-before": {
        "en": "the archive is damaged before {name}",
        "it": "l’archivio è danneggiato prima di {name}",
    },
    "no-file-bytes": {
        "en": "the archive holds bytes that belong to no file",
        "it": "l’archivio contiene byte che non sono di nessun file",
    },
    # --- kits that cannot be checked ---
    "missing": {"en": "{name} is missing", "it": "manca {name}"},
    "not-belonging": {
        "en": "{name} does not belong to a kit",
        "it": "{name} non fa parte di un kit",
    },
    "all-missing": {"en": "missing: {names}", "it": "mancano: {names}"},
    "without-checksum": {
        "en": "without a checksum: {names}",
        "it": "senza somma di controllo: {names}",
    },
    "no-json": {"en": "{name} is not JSON: {problem}", "it": "{name} non è JSON: {problem}"},
    "other-format": {
        "en": "{name} is not of the format {form}",
        "it": "{name} non è nel formato {form}",
    },
    "lacking": {
        "en": "a document of the kit lacks something: {problem}",
        "it": "in un documento del kit manca qualcosa: {problem}",
    },
    "contest-not-frozen": {
        "en": "the frozen rules do not name this contest",
        "it": "le regole congelate non nominano questa votazione",
    },
    "no-checksum-line": {
        "en": "line {number} is no checksum of a file",
        "it": "la riga {number} non è la somma di controllo di un file",
    },
    "no-commitment-line": {
        "en": "line {number} is no commitment",
        "it": "la riga {number} non è un’impronta di scheda",
    },
    # --- what is checked ---
    "archive": {"en": "archive", "it": "archivio"},
    "checksums": {"en": "checksums", "it": "somme di controllo"},
    "inputs": {"en": "inputs", "it": "dati contati"},
    "ballot-box": {"en": "ballot box", "it": "urna"},
    "frozen-rules": {"en": "frozen rules", "it": "regole congelate"},
    "rule": {"en": "rule", "it": "regola"},
    "count": {"en": "count", "it": "scrutinio"},
    "replay": {"en": "replay", "it": "ripetizione"},
    "projects-and-budget": {"en": "projects and budget", "it": "progetti e budget"},
    "award": {"en": "award", "it": "assegnazione"},
    "votes": {"en": "votes", "it": "voti"},
    "totals": {"en": "totals", "it": "totali"},
    "step": {"en": "step {number}", "it": "passo {number}"},
    "not-funded": {"en": "not funded", "it": "non finanziati"},
    "the-rest": {"en": "the rest", "it": "il resto"},
    # --- files ---
    "bytes-changed": {
        "en": "{name} is not the file that was packed: some of its bytes changed",
        "it": "{name} non è il file pubblicato: alcuni suoi byte sono cambiati",
    },
    "around-files": {
        "en": "bytes around its files are not as they were published",
        "it": "i byte intorno ai suoi file non sono quelli pubblicati",
    },
    "repacked": {
        "en": "packed again by another program, so its own SHA-256 says nothing; its files are "
        "compared one by one",
        "it": "rifatto da un altro programma, quindi il suo SHA-256 non dice nulla; i suoi file si "
        "confrontano uno per uno",
    },
    "not-published": {
        "en": "{name} is not the file that was published",
        "it": "{name} non è il file pubblicato",
    },
    "as-published": {
        "en": "{number} files are as they were published",
        "it": "{number} file sono come pubblicati",
    },
    "named-not-there": {
        "en": "the record names {name}, which is not in the kit",
        "it": "il verbale nomina {name}, che nel kit non c’è",
    },
    "not-the-one-named": {
        "en": "{name} is not the file that the record names",
        "it": "{name} non è il file che il verbale nomina",
    },
    "secret-or-not": {
        "en": "{name} is there although secret, or not there although not",
        "it": "{name} c’è anche se è segreto, o non c’è anche se non lo è",
    },
    # --- ballot box ---
    "not-there": {"en": "{name} is not there", "it": "{name} non c’è"},
    "other-rules": {
        "en": "its checkpoints name other rules than the record",
        "it": "i suoi punti di controllo nominano regole diverse dal verbale",
    },
    "chain-broken": {
        "en": "checkpoint {number} does not follow from the list of commitments",
        "it": "il punto di controllo {number} non segue dall’elenco delle impronte",
    },
    "other-head": {
        "en": "the record names another last head",
        "it": "il verbale nomina un’altra ultima testa",
    },
    "other-commitments": {
        "en": "the record names another number of commitments",
        "it": "il verbale nomina un altro numero di impronte",
    },
    "no-sum": {
        "en": "replaced, annulled and counted do not add up",
        "it": "sostituite, annullate e contate non danno il totale",
    },
    "chain": {
        "en": "{checkpoints} checkpoints follow from {commitments} commitments; last head {head}",
        "it": "{checkpoints} punti di controllo seguono da {commitments} impronte; ultima testa "
        "{head}",
    },
    # --- frozen rules, rule ---
    "rules-not-in-kit": {
        "en": "the record names rules that are not in the kit",
        "it": "il verbale nomina regole che nel kit non ci sono",
    },
    "other-hash": {
        "en": "they do not have the hash that the record repeats",
        "it": "non hanno l’impronta che il verbale ripete",
    },
    "addendum-order": {
        "en": "addendum {number} does not follow the document before it",
        "it": "l’aggiunta {number} non segue il documento prima",
    },
    "other-addenda": {
        "en": "the record names other hashes of addenda",
        "it": "il verbale nomina altre impronte delle aggiunte",
    },
    "other-round": {"en": "they are of another round", "it": "sono di un’altra edizione"},
    "frozen": {
        "en": "SHA-256 {digest}, with {number} addenda",
        "it": "SHA-256 {digest}, con {number} aggiunte",
    },
    "different-rules": {
        "en": "{one} and {other} name different rules",
        "it": "{one} e {other} nominano regole diverse",
    },
    "different-draws": {
        "en": "{one} and {other} name different draws",
        "it": "{one} e {other} nominano sorteggi diversi",
    },
    "not-frozen-rule": {
        "en": "it is not the rule that was frozen",
        "it": "non è la regola che era stata congelata",
    },
    "unreadable-rule": {
        "en": "it cannot be read: {problem}",
        "it": "non si può leggere: {problem}",
    },
    "other-names": {
        "en": "the names beside the seed are not those that were frozen",
        "it": "i nomi accanto al seme non sono quelli congelati",
    },
    "other-rivals": {
        "en": "the projects that exclude each other are not those that were frozen",
        "it": "i progetti che si escludono non sono quelli congelati",
    },
    "rule-frozen": {
        "en": "{method}, as frozen before the vote",
        "it": "{method}, come congelata prima del voto",
    },
    "rule-named": {
        "en": "{method}, as the record names it",
        "it": "{method}, come la nomina il verbale",
    },
    # --- count ---
    "few-people": {
        "en": "fewer than ten people voted, so the ballots are not published and the award cannot "
        "be computed again; what is above was checked",
        "it": "hanno votato meno di dieci persone: le schede non sono pubblicate e l’assegnazione "
        "non si può rifare; il resto qui sopra è stato controllato",
    },
    "cannot-count": {"en": "it cannot be made: {problem}", "it": "non si può fare: {problem}"},
    "other-content": {
        "en": "the ballots file does not hold what was counted",
        "it": "il file delle schede non contiene ciò che è stato contato",
    },
    "told-and-found": {
        "en": "step {number}, {field}: told {told}, found {found}",
        "it": "passo {number}, {field}: scritto {told}, trovato {found}",
    },
    "done-again": {
        "en": "{number} steps, done again in a plain second way",
        "it": "{number} passi, rifatti in un secondo modo semplice",
    },
    "only-in-one": {
        "en": "project {project}: only in one of {one}, {other}",
        "it": "progetto {project}: solo in uno tra {one} e {other}",
    },
    "other-cost": {
        "en": "project {project}: the record names another cost",
        "it": "progetto {project}: il verbale nomina un altro costo",
    },
    "other-budget": {
        "en": "the record names another budget",
        "it": "il verbale nomina un altro budget",
    },
    "projects-frozen": {
        "en": "{number} projects, as frozen",
        "it": "{number} progetti, come congelati",
    },
    "projects-named": {
        "en": "{number} projects, as the record names them",
        "it": "{number} progetti, come li nomina il verbale",
    },
    "project-not-frozen": {
        "en": "project {project} was not frozen",
        "it": "il progetto {project} non era congelato",
    },
    "withdrawn-otherwise": {
        "en": "project {project}: withdrawn or not, other than frozen and added",
        "it": "progetto {project}: ritirato o no, diversamente da regole e aggiunte",
    },
    "frozen-cost": {
        "en": "project {project}: another cost was frozen, or decided on by two people",
        "it": "progetto {project}: era congelato, o deciso da due persone, un altro costo",
    },
    "frozen-missing": {
        "en": "projects that were frozen are missing",
        "it": "mancano progetti che erano congelati",
    },
    "frozen-budget": {
        "en": "another budget was frozen, or decided on by two people",
        "it": "era congelato, o deciso da due persone, un altro budget",
    },
    "changed-by-two": {
        "en": (
            "; {number} amount changed before the count by two people, as an addendum says",
            "; {number} amounts changed before the count by two people, as addenda say",
        ),
        "it": (
            "; {number} importo cambiato prima dello scrutinio da due persone, come da aggiunta",
            "; {number} importi cambiati prima dello scrutinio da due persone, come da aggiunte",
        ),
    },
    "undeclared-cost": {
        "en": "the record and the addenda tell of other changed costs",
        "it": "il verbale e le aggiunte raccontano altri costi cambiati",
    },
    "undeclared-budget": {
        "en": "the record and the addenda tell of another changed budget",
        "it": "il verbale e le aggiunte raccontano un altro budget cambiato",
    },
    "not-in-both": {
        "en": "funded in the record or in the recount, but not in both: {names}",
        "it": "finanziati nel verbale o nel riconteggio, ma non in entrambi: {names}",
    },
    "other-votes": {
        "en": "project {project}: the record names other votes",
        "it": "progetto {project}: il verbale nomina altri voti",
    },
    "other-totals": {
        "en": "the record names another number of ballots or another cost",
        "it": "il verbale nomina un altro numero di schede o un altro costo",
    },
    "funds": {"en": "funds {project}", "it": "finanzia {project}"},
    "votes-differ": {
        "en": "project {project}: recorded {told}, recomputed {found}",
        "it": "progetto {project}: nel verbale {told}, ricontati {found}",
    },
    "only-record": {
        "en": "only the record funds {project}",
        "it": "solo il verbale finanzia {project}",
    },
    "only-recount": {
        "en": "only the recount funds {project}",
        "it": "solo il riconteggio finanzia {project}",
    },
    "funds-other": {
        "en": "the record funds {one}, the recount {other}",
        "it": "il verbale finanzia {one}, il riconteggio {other}",
    },
    "details-differ": {
        "en": "the record and the recount differ in its details",
        "it": "verbale e riconteggio hanno dettagli diversi",
    },
    "fraction-differs": {
        "en": "recorded {one}, recomputed the same but for a fraction too small to show",
        "it": "nel verbale {one}, ricontato lo stesso, salvo una frazione troppo piccola da "
        "mostrare",
    },
    "recorded": {
        "en": "recorded {one}, recomputed {other}",
        "it": "nel verbale {one}, ricontato {other}",
    },
    "nothing": {"en": "nothing", "it": "nulla"},
    "not-funded-record": {
        "en": "not funded only in the record",
        "it": "non finanziato solo nel verbale",
    },
    "not-funded-recount": {
        "en": "not funded only in the recount",
        "it": "non finanziato solo nel riconteggio",
    },
    "not-funded-project": {
        "en": "project {project}: {difference}",
        "it": "progetto {project}: {difference}",
    },
    "same-reasons": {
        "en": "{number} projects, for the same reasons",
        "it": "{number} progetti, per gli stessi motivi",
    },
    # --- the script ---
    "description": {
        "en": "Check a recount kit: its files, the frozen rules, the public list of the ballot "
        "box, and the count, made again and compared step by step.",
        "it": "Controlla un kit di riconteggio: i file, le regole congelate, l’elenco pubblico "
        "dell’urna e lo scrutinio, rifatto e confrontato passo per passo.",
    },
    "epilog": {
        "en": "Ends with 0 if everything agrees, 1 if something does not, 2 if the kit cannot be "
        "read. Needs no network.",
        "it": "Finisce con 0 se tutto concorda, 1 se qualcosa non concorda, 2 se il kit non si può "
        "leggere. Non usa la rete.",
    },
    "help-kit": {"en": "the archive, or its folder", "it": "l’archivio, o la sua cartella"},
    "help-verbose": {
        "en": "say every difference of the count, not the first",
        "it": "dice ogni differenza dello scrutinio, non solo la prima",
    },
    "help-quiet": {
        "en": "say only what does not agree",
        "it": "dice solo quel che non concorda",
    },
    "cannot-check": {
        "en": "cannot be checked: {problem}",
        "it": "non si può controllare: {problem}",
    },
    "not-agreeing": {
        "en": (
            "This kit does NOT agree: {number} thing above.",
            "This kit does NOT agree: {number} things above.",
        ),
        "it": (
            "Questo kit NON concorda: {number} cosa qui sopra.",
            "Questo kit NON concorda: {number} cose qui sopra.",
        ),
    },
    "more": {
        "en": "{number} more that may follow: --verbose.",
        "it": "Altre {number} forse ne seguono: --verbose.",
    },
    "nothing-disagrees": {
        "en": "Nothing disagrees. The award itself could not be computed again.",
        "it": "Nulla discorda. L’assegnazione non si è potuta rifare.",
    },
    "everything-agrees": {
        "en": "Everything agrees: the recount gives the published result.",
        "it": "Tutto concorda: il riconteggio dà il risultato pubblicato.",
    },
}

FIGURES: Catalogue = {
    "budget": {"en": "budget", "it": "budget"},
    "winners": {"en": "winners", "it": "finanziati"},
    "scan": {"en": "scan", "it": "giri"},
    "ballots": {"en": "ballots", "it": "schede"},
    "left": {"en": "left", "it": "quel che resta"},
    "cost": {"en": "its cost", "it": "il costo"},
    "votes": {"en": "its votes", "it": "i voti"},
    "supporters": {"en": "the ballots that pay", "it": "le schede che pagano"},
    "payment": {"en": "what each ballot pays at most", "it": "quanto paga al massimo una scheda"},
    "capped": {
        "en": "the ballots that gave all they had",
        "it": "le schede che hanno dato tutto",
    },
    "effective_votes": {"en": "its effective votes", "it": "i voti effettivi"},
    "rho": {
        "en": "what each ballot pays for one vote of effect",
        "it": "quanto paga una scheda per un voto effettivo",
    },
    "payers": {"en": "who pays how much", "it": "chi paga quanto"},
    "dropped": {
        "en": "the projects that could no longer be paid for",
        "it": "i progetti che non si potevano più pagare",
    },
    "runner_up": {"en": "the next best project", "it": "il progetto che veniva dopo"},
    "remaining": {"en": "what was left", "it": "quel che restava"},
    "missing": {"en": "what was missing", "it": "quel che mancava"},
    "had": {
        "en": "what its supporters had",
        "it": "quanto aveva chi lo sceglie",
    },
    "per_ballot": {"en": "what each ballot owned", "it": "quanto aveva ogni scheda"},
    "needed": {"en": "the votes it needed", "it": "i voti che servivano"},
    "time": {
        "en": "the money of each ballot by then",
        "it": "i soldi di ogni scheda fino ad allora",
    },
    "reason": {"en": "the reason", "it": "il motivo"},
    "tie": {
        "en": "how equal projects were told apart",
        "it": "come si è deciso tra progetti alla pari",
    },
}
"""Names of figures in words; the others tell what they are."""
