"""The first texts of a new site. A city reads them over and makes them its own in the admin."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PageText:
    """One page in one language; `body` is a list of (block type, value)."""

    title: str
    summary: str
    body: list[tuple[str, Any]] = field(default_factory=list)


TAGLINE = {
    "it": "Prendersi cura del quartiere, insieme",
    "en": "Looking after the neighbourhood, together",
}

HOME = {
    "it": PageText(
        title="Partecipa",
        summary="Proponi, discuti, vota e segui i lavori: le scelte del quartiere si fanno qui.",
        body=[
            (
                "hero",
                {
                    "title": "Il quartiere lo decidiamo insieme",
                    "text": (
                        "Qui trovi i luoghi della città, i progetti nati dalle proposte di chi ci "
                        "vive e i soldi che servono per realizzarli."
                    ),
                    "image": None,
                    "link": {"label": "", "page": None, "address": ""},
                },
            ),
            ("map", {"title": "I quartieri", "text": ""}),
            ("delivered", {"title": "Fatto", "text": "I progetti votati e già realizzati."}),
        ],
    ),
    "en": PageText(
        title="Take part",
        summary="Propose, discuss, vote and follow the work: the neighbourhood decides here.",
        body=[
            (
                "hero",
                {
                    "title": "We decide about the neighbourhood together",
                    "text": (
                        "Here are the city's places, the projects born from what its people "
                        "proposed, and the money it takes to carry them out."
                    ),
                    "image": None,
                    "link": {"label": "", "page": None, "address": ""},
                },
            ),
            ("map", {"title": "The neighbourhoods", "text": ""}),
            ("delivered", {"title": "Done", "text": "Projects that were voted and are finished."}),
        ],
    ),
}


def _text(html: str) -> tuple[str, str]:
    return ("text", html)


STANDARD_PAGES: dict[str, dict[str, PageText]] = {
    "accessibility": {
        "it": PageText(
            title="Dichiarazione di accessibilità",
            summary="Quanto è accessibile questo sito e a chi scrivere se qualcosa non funziona.",
            body=[
                _text(
                    "<p>Il Comune si impegna a rendere questo sito accessibile, come chiede la "
                    "legge 9 gennaio 2004, n. 4. Questa dichiarazione riguarda tutte le pagine il "
                    "cui indirizzo comincia come quello di questa pagina.</p>"
                    "<h2>Stato di conformità</h2>"
                    "<p>Il sito è costruito per rispettare le WCAG 2.2, livello AA, e la norma UNI "
                    "CEI EN 301549. Ogni modello di pagina è controllato con prove automatiche, "
                    "con la sola tastiera e con testo ingrandito al 200%.</p>"
                    "<h2>Contenuti che possono creare difficoltà</h2>"
                    "<ul><li>Documenti allegati da altri enti, per esempio scansioni: chiedici il "
                    "testo e te lo mandiamo.</li><li>Mappe: accanto a ognuna c’è un elenco con le "
                    "stesse informazioni.</li></ul>"
                    "<h2>Segnala un problema</h2>"
                    "<p>Scrivi all’indirizzo “Segnala un problema di accessibilità” che trovi in "
                    "fondo a ogni pagina. Racconta che cosa volevi fare e con quali strumenti "
                    "navighi. Rispondiamo entro 30 giorni.</p>"
                    "<h2>Se la risposta non basta</h2>"
                    "<p>Puoi rivolgerti al Difensore civico per il digitale, presso l’Agenzia per "
                    'l’Italia digitale: <a href="https://www.agid.gov.it/it/agenzia/difensore-'
                    'civico-il-digitale">come fare la segnalazione</a>.</p>'
                )
            ],
        ),
        "en": PageText(
            title="Accessibility statement",
            summary="How accessible this site is, and whom to write to when something fails.",
            body=[
                _text(
                    "<p>The city undertakes to make this site accessible, as Italian law no. 4 of "
                    "9 January 2004 asks. This statement covers all pages whose address begins "
                    "like this page's.</p>"
                    "<h2>Conformance</h2>"
                    "<p>The site is built to meet WCAG 2.2, level AA, and the standard EN 301 549. "
                    "Every kind of page is checked with automatic tests, with the keyboard alone "
                    "and with text enlarged to 200%.</p>"
                    "<h2>Content that may be difficult</h2>"
                    "<ul><li>Documents received from other bodies, scans for example: ask us for "
                    "the text and we send it.</li><li>Maps: beside each of them stands a list with "
                    "the same information.</li></ul>"
                    "<h2>Report a problem</h2>"
                    "<p>Write to the address “Report an accessibility problem” at the "
                    "foot of every "
                    "page. Tell us what you wanted to do and which tools you use. We answer within "
                    "30 days.</p>"
                    "<h2>If the answer is not enough</h2>"
                    "<p>You can turn to the ombudsman for digital services at the Agency for "
                    'Digital Italy: <a href="https://www.agid.gov.it/it/agenzia/difensore-'
                    'civico-il-digitale">how to report</a> (in Italian).</p>'
                )
            ],
        ),
    },
    "privacy": {
        "it": PageText(
            title="Privacy",
            summary="Quali dati usiamo, perché, per quanto tempo, e come puoi controllarli.",
            body=[
                _text(
                    "<p>Il titolare del trattamento è il Comune, ai recapiti in fondo alla pagina. "
                    "Informazioni secondo gli articoli 13 e 14 del Regolamento (UE) 2016/679.</p>"
                    "<h2>Se leggi soltanto</h2>"
                    "<p>Non ti chiediamo nulla e non usiamo cookie. Il server annota per un breve "
                    "periodo gli indirizzi di rete, per difendersi dagli attacchi. Non ci sono "
                    "statistiche di terzi, pubblicità o contenuti caricati da altri siti.</p>"
                    "<h2>Se accedi</h2>"
                    "<ul><li>Usiamo il tuo indirizzo e-mail, e il tuo nome se lo dai, per "
                    "riconoscerti e per scriverti di ciò che segui.</li>"
                    "<li>Usiamo solo cookie tecnici: uno che ricorda il tuo accesso e uno che "
                    "protegge i moduli. Non serve il tuo consenso.</li></ul>"
                    "<h2>Se partecipi</h2>"
                    "<ul><li>Per sapere chi può votare il Comune usa l’albo degli aventi diritto, "
                    "dove il codice fiscale è conservato solo in forma cifrata e "
                    "irreversibile.</li>"
                    "<li>Il voto è segreto: dopo lo scrutinio nessuno può collegare una scheda a "
                    "una persona.</li><li>Le tue proposte e i tuoi commenti sono pubblici con il "
                    "nome che scegli.</li></ul>"
                    "<p>La base giuridica è l’esecuzione di un compito di interesse pubblico.</p>"
                    "<h2>I tuoi diritti</h2>"
                    "<p>Puoi chiedere di vedere, correggere o cancellare i tuoi dati, di "
                    "averne una "
                    "copia, di limitarne l’uso o di opporti. Scrivi ai recapiti in fondo alla "
                    "pagina o al responsabile della protezione dei dati del Comune. Puoi anche "
                    'presentare reclamo al <a href="https://www.garanteprivacy.it">Garante per la '
                    "protezione dei dati personali</a>.</p>"
                )
            ],
        ),
        "en": PageText(
            title="Privacy notice",
            summary="Which data we use, why, for how long, and how you keep control of them.",
            body=[
                _text(
                    "<p>The controller is the city, at the contacts at the foot of the page. This "
                    "notice follows articles 13 and 14 of Regulation (EU) 2016/679.</p>"
                    "<h2>If you only read</h2>"
                    "<p>We ask nothing and use no cookies. The server notes network addresses for "
                    "a short time, to defend itself from attacks. There are no third-party "
                    "statistics, no advertising, nothing loaded from other sites.</p>"
                    "<h2>If you sign in</h2>"
                    "<ul><li>We use your e-mail address, and your name if you give it, to know you "
                    "again and to write to you about what you follow.</li>"
                    "<li>We use technical cookies only: one remembers that you are signed in, one "
                    "protects the forms. They need no consent.</li></ul>"
                    "<h2>If you take part</h2>"
                    "<ul><li>To know who may vote the city uses the voter roll, where the tax code "
                    "is kept only in an irreversible, encrypted form.</li>"
                    "<li>The vote is secret: after the count nobody can link a ballot to a "
                    "person.</li><li>Your proposals and comments are public under the name you "
                    "choose.</li></ul>"
                    "<p>The legal basis is a task carried out in the public interest.</p>"
                    "<h2>Your rights</h2>"
                    "<p>You can ask to see, correct or erase your data, to have a copy of them, to "
                    "restrict their use or to object. Write to the contacts at the foot "
                    "of the page "
                    "or to the city's data protection officer. You can also complain to the "
                    '<a href="https://www.garanteprivacy.it">Italian data protection '
                    "authority</a>.</p>"
                )
            ],
        ),
    },
    "legal": {
        "it": PageText(
            title="Note legali",
            summary="Come puoi riusare ciò che trovi qui e di che cosa risponde il Comune.",
            body=[
                _text(
                    "<h2>Testi, immagini e dati</h2>"
                    "<p>Dove non è scritto altro, i contenuti sono distribuiti con licenza "
                    '<a href="https://creativecommons.org/licenses/by/4.0/deed.it">Creative '
                    "Commons Attribuzione 4.0</a>: puoi copiarli e modificarli, anche a fini "
                    "commerciali, se citi la fonte. I dati dei voti sono aperti e non contengono "
                    "dati personali.</p>"
                    "<h2>Il programma</h2>"
                    "<p>Il sito usa Rione, software libero con licenza AGPL 3: chiunque può "
                    "leggerlo, usarlo e migliorarlo.</p>"
                    "<h2>Che cosa scrivono le persone</h2>"
                    "<p>Di proposte e commenti risponde chi li scrive. Il Comune toglie ciò che "
                    "offende, discrimina o viola la legge, e spiega perché.</p>"
                    "<h2>Collegamenti ad altri siti</h2>"
                    "<p>Il Comune non risponde del contenuto dei siti esterni.</p>"
                )
            ],
        ),
        "en": PageText(
            title="Legal notes",
            summary="How you may reuse what is here, and what the city answers for.",
            body=[
                _text(
                    "<h2>Texts, pictures and data</h2>"
                    '<p>Unless it says otherwise, content is published under the <a href="https://'
                    'creativecommons.org/licenses/by/4.0/">Creative Commons Attribution 4.0</a> '
                    "licence: you may copy and change it, also for profit, if you name the source. "
                    "The votes' data are open and contain no personal data.</p>"
                    "<h2>The program</h2>"
                    "<p>The site uses Rione, free software under the AGPL 3 licence: anybody may "
                    "read it, use it and improve it.</p>"
                    "<h2>What people write</h2>"
                    "<p>Authors answer for their proposals and comments. The city removes what "
                    "offends, discriminates or breaks the law, and says why.</p>"
                    "<h2>Links to other sites</h2>"
                    "<p>The city does not answer for what other sites contain.</p>"
                )
            ],
        ),
    },
    "contacts": {
        "it": PageText(
            title="Contatti",
            summary="Dove trovarci se hai una domanda o vuoi una mano per partecipare.",
            body=[
                _text(
                    "<h2>Ufficio partecipazione</h2>"
                    "<p>Indirizzo, telefono ed e-mail sono in fondo a ogni pagina. Rispondiamo "
                    "entro cinque giorni lavorativi.</p>"
                    "<h2>Ti serve aiuto per partecipare?</h2>"
                    "<p>Se non hai un computer, lo SPID o la carta d’identità elettronica, puoi "
                    "venire allo sportello: una persona ti accompagna e la tua proposta o il tuo "
                    "voto valgono come gli altri.</p>"
                    "<h2>Una pagina non funziona?</h2>"
                    "<p>Scrivi all’indirizzo per l’accessibilità in fondo alla pagina e racconta "
                    "che cosa è successo.</p>"
                )
            ],
        ),
        "en": PageText(
            title="Contacts",
            summary="Where to find us when you have a question or want help to take part.",
            body=[
                _text(
                    "<h2>Participation office</h2>"
                    "<p>Address, telephone and e-mail are at the foot of every page. We answer "
                    "within five working days.</p>"
                    "<h2>Do you need help to take part?</h2>"
                    "<p>If you have no computer, no SPID and no electronic identity card, come to "
                    "the desk: somebody helps you, and your proposal or vote counts like the "
                    "others.</p>"
                    "<h2>Does a page not work?</h2>"
                    "<p>Write to the accessibility address at the foot of the page and tell us "
                    "what happened.</p>"
                )
            ],
        ),
    },
}
