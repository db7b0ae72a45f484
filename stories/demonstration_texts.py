"""The editorial pages of the demonstration city. Fontelieta and its people are invented; the five
other cities, their programmes and their figures are real."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    """One page in one language; `body` is a list of (block type, value)."""

    title: str
    summary: str
    body: list[tuple[str, Any]]


@dataclass(frozen=True)
class Story:
    """A page in both languages, with its drawn picture and what the picture shows."""

    picture: str
    shows: tuple[str, str]
    italian: Text
    english: Text


def _p(*paragraphs: str) -> tuple[str, str]:
    return ("text", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


def _h(title: str, *paragraphs: str) -> tuple[str, str]:
    return ("text", f"<h2>{title}</h2>" + "".join(f"<p>{text}</p>" for text in paragraphs))


def _list(title: str, *items: str) -> tuple[str, str]:
    return ("text", f"<h2>{title}</h2><ul>" + "".join(f"<li>{i}</li>" for i in items) + "</ul>")


def _quote(text: str, author: str) -> tuple[str, dict[str, str]]:
    return ("quote", {"text": text, "author": author})


HOW_IT_WORKS = Story(
    "how-it-works",
    (
        "Persone di età diverse in una sala: una infila la scheda in un’urna trasparente",
        "People of different ages in a hall: one puts a ballot into a clear box",
    ),
    Text(
        "Come funziona",
        "Dalla proposta al cantiere in cinque passi, con le regole scritte prima.",
        [
            _list(
                "I cinque passi",
                "<b>Si propone.</b> Chi vive, studia, lavora o fa volontariato a Fontelieta "
                "racconta un’idea per il quartiere.",
                "<b>Si valuta.</b> Gli uffici dicono se si può fare, quanto costa e perché.",
                "<b>Si vota.</b> Dai 16 anni, in segreto: fino a tre progetti per tutta la città "
                "e fino a due per un quartiere.",
                "<b>Si conta.</b> La regola è pubblica e chiunque può rifare il conto.",
                "<b>Si realizza.</b> Ogni progetto ha tappe e spese che tutti possono seguire.",
            ),
            _h(
                "Quanti soldi ci sono",
                "In tutto 450.000 euro: 150.000 per progetti che riguardano tutta la città e "
                "50.000 per ognuno dei sei quartieri.",
            ),
            (
                "accordion",
                {
                    "items": [
                        {
                            "title": "Chi può votare?",
                            "text": "<p>Chi ha compiuto 16 anni il giorno in cui si apre il voto e "
                            "vive a Fontelieta, oppure ci lavora, studia o fa volontariato. La "
                            "cittadinanza non conta.</p>",
                        },
                        {
                            "title": "Qualcuno può sapere che cosa ho votato?",
                            "text": "<p>No. Dopo lo scrutinio il legame tra persona e scheda non "
                            "esiste più. A te resta una ricevuta che prova che la scheda è "
                            "nell’urna.</p>",
                        },
                        {
                            "title": "Non ho un computer: come faccio?",
                            "text": "<p>Vieni allo sportello. Un operatore ti accompagna e il tuo "
                            "voto vale come gli altri.</p>",
                        },
                    ]
                },
            ),
        ],
    ),
    Text(
        "How it works",
        "From proposal to building site in five steps, with rules written beforehand.",
        [
            _list(
                "The five steps",
                "<b>Propose.</b> Whoever lives, studies, works or volunteers in Fontelieta tells "
                "an idea for the neighbourhood.",
                "<b>Assess.</b> The offices say whether it can be done, what it costs, and why.",
                "<b>Vote.</b> From the age of 16, in secret: up to three projects for the whole "
                "city and up to two in one neighbourhood.",
                "<b>Count.</b> The rule is public and anybody can redo the count.",
                "<b>Deliver.</b> Every project has milestones and spending that all can follow.",
            ),
            _h(
                "How much money there is",
                "450,000 euros in all: 150,000 for projects that concern the whole city, and "
                "50,000 for each of the six neighbourhoods.",
            ),
            (
                "accordion",
                {
                    "items": [
                        {
                            "title": "Who may vote?",
                            "text": "<p>Whoever is 16 on the day voting opens and lives in "
                            "Fontelieta, or works, studies or volunteers there. Nationality does "
                            "not matter.</p>",
                        },
                        {
                            "title": "Can anybody find out how I voted?",
                            "text": "<p>No. After the count the link between person and ballot no "
                            "longer exists. You keep a receipt that proves your ballot is in the "
                            "box.</p>",
                        },
                        {
                            "title": "I have no computer: what do I do?",
                            "text": "<p>Come to the desk. Somebody helps you, and your vote counts "
                            "like the others.</p>",
                        },
                    ]
                },
            ),
        ],
    ),
)

STORIES = [
    Story(
        "mill",
        (
            "Un gruppo in una vecchia filanda di mattoni attacca foglietti colorati a un pannello",
            "A group in an old brick mill puts coloured notes on a board",
        ),
        Text(
            "Che cosa ci facciamo di una filanda?",
            "Tre sabati nell’ex filanda Bassi, con gli stivali ai piedi e i foglietti in mano.",
            [
                _p(
                    "Il portone dell’ex filanda Bassi si è riaperto in un sabato di "
                    "pioggia. Dentro "
                    "ci aspettavamo polvere; abbiamo trovato quaranta persone.",
                    "C’era chi ci aveva lavorato da ragazza e chi non l’aveva mai vista da dentro. "
                    "A ognuno è stato chiesto di scrivere tre cose: che cosa manca al quartiere, "
                    "che cosa non deve cambiare, che cosa saprebbe fare per questo posto.",
                ),
                _quote(
                    "Il rumore dei telai lo sento ancora. Vorrei sentirci la musica.",
                    "Ines, 81 anni, ha lavorato in filanda",
                ),
                _h(
                    "Che cosa è rimasto sul pannello",
                    "Una sala prove, un laboratorio di riparazione, un’aula per studiare la sera. "
                    "E una condizione, scritta in tanti modi: che il portone resti aperto.",
                ),
            ],
        ),
        Text(
            "What shall we do with a mill?",
            "Three Saturdays in the former Bassi mill, in boots and with notes in hand.",
            [
                _p(
                    "The gate of the former Bassi mill opened again on a rainy Saturday. We "
                    "expected dust inside; we found forty people.",
                    "Some had worked there as girls, some had never seen it from within. Each was "
                    "asked to write three things: what the neighbourhood lacks, what must not "
                    "change, and what they could do for this place.",
                ),
                _quote(
                    "I still hear the noise of the looms. I would like to hear music there.",
                    "Ines, 81, worked at the mill",
                ),
                _h(
                    "What stayed on the board",
                    "A rehearsal room, a repair workshop, a room to study in the evening. And one "
                    "condition, written in many ways: that the gate stays open.",
                ),
            ],
        ),
    ),
    Story(
        "garden",
        (
            "Una lunga tavola apparecchiata di sera tra gli orti, sotto fili di lampadine",
            "A long table laid among the vegetable gardens at night, under strings of lights",
        ),
        Text(
            "Le chiavi dell’orto",
            "In via del Canale il cancello ha ventidue chiavi, e nessuna è di una persona sola.",
            [
                _p(
                    "Gli orti di via del Canale erano un terreno con le ortiche alte come i "
                    "bambini. Adesso hanno ventidue aiuole, una cisterna per la pioggia e un "
                    "quaderno appeso a un chiodo.",
                    "Sul quaderno si scrive chi ha innaffiato, che cosa è maturo, chi parte e "
                    "cerca qualcuno che passi al suo posto. È la regola più rispettata: nessuno "
                    "raccoglie da solo.",
                ),
                _quote(
                    "Ho portato i semi di mia madre. Li ho visti spuntare qui.",
                    "Karim, orto numero 9",
                ),
                _p(
                    "Una sera d’estate gli orti diventano una tavola. Si mangia quello che c’è, si "
                    "decide che cosa piantare, si discute di lumache."
                ),
            ],
        ),
        Text(
            "The keys to the garden",
            "In via del Canale the gate has twenty-two keys, and none belongs to one person.",
            [
                _p(
                    "The gardens of via del Canale were a field with nettles as tall as children. "
                    "Now they have twenty-two beds, a cistern for the rain and a notebook hanging "
                    "from a nail.",
                    "In the notebook people write who has watered, what is ripe, who is leaving "
                    "and looks for somebody to step in. It is the rule best kept: nobody harvests "
                    "alone.",
                ),
                _quote(
                    "I brought my mother's seeds. I saw them come up here.",
                    "Karim, bed number 9",
                ),
                _p(
                    "One summer evening the gardens become a table. We eat what there is, decide "
                    "what to plant, and argue about snails."
                ),
            ],
        ),
    ),
    Story(
        "bench",
        (
            "Due persone parlano su una lunga panchina verde davanti alla stazione, al tramonto",
            "Two people talk on a long green bench in front of the station, at sunset",
        ),
        Text(
            "Una panchina per chi aspetta",
            "In piazza dei Pendolari una panchina è più lunga delle altre. C’è un motivo.",
            [
                _p(
                    "Chi prende il treno delle 7.12 la conosce: è la panchina dove ci si siede "
                    "anche quando il treno è già passato.",
                    "L’ha chiesta un gruppo di pendolari che si salutava da anni senza sapere i "
                    "nomi. È lunga quattro metri, ha i braccioli per rialzarsi e un posto libero "
                    "per una carrozzina.",
                ),
                _quote(
                    "Adesso il ritardo è l’unica cosa della giornata che non mi pesa.",
                    "Anna, pendolare",
                ),
                _p("Il prossimo passo è un albero: d’estate, a mezzogiorno, l’ombra manca."),
            ],
        ),
        Text(
            "A bench for those who wait",
            "In piazza dei Pendolari one bench is longer than the others. There is a reason.",
            [
                _p(
                    "Whoever takes the 7.12 train knows it: the bench where people sit even after "
                    "the train has gone.",
                    "A group of commuters asked for it who had greeted each other for "
                    "years without "
                    "knowing their names. It is four metres long, has armrests to help you up, and "
                    "room for a wheelchair.",
                ),
                _quote(
                    "Now the delay is the only part of the day that I do not mind.",
                    "Anna, commuter",
                ),
                _p("The next step is a tree: on summer noons there is no shade."),
            ],
        ),
    ),
    Story(
        "washhouse",
        (
            "Musicisti suonano di sera sotto la tettoia del lavatoio, davanti a un pubblico",
            "Musicians play at night under the roof of the wash house, before an audience",
        ),
        Text(
            "Il lavatoio ha ricominciato a cantare",
            "A Oltrefiume le vasche sono tornate piene, e il martedì sera si suona.",
            [
                _p(
                    "Al lavatoio vecchio si cantava per tenere il ritmo. Poi sono arrivate le "
                    "lavatrici, e per quarant’anni ci hanno dormito le rondini.",
                    "Il tetto è stato rifatto con le tegole di prima, le vasche sono "
                    "state ripulite "
                    "da chi abita nella via. Le rondini sono rimaste: i lavori hanno aspettato che "
                    "partissero.",
                ),
                _quote(
                    "Le canzoni le sapevamo in tre. Adesso le sanno anche i bambini.",
                    "Grazia, del coro del lavatoio",
                ),
                _h(
                    "Quando si suona",
                    "Il martedì, da maggio a settembre, dalle 21. Si porta la sedia da casa.",
                ),
            ],
        ),
        Text(
            "The wash house sings again",
            "In Oltrefiume the basins are full once more, and on Tuesday nights there is music.",
            [
                _p(
                    "At the old wash house people sang to keep the rhythm. Then came the washing "
                    "machines, and for forty years the swallows slept there.",
                    "The roof was redone with its own tiles, and the basins were cleaned by those "
                    "who live in the street. The swallows stayed: the work waited until they had "
                    "left.",
                ),
                _quote(
                    "Three of us knew the songs. Now the children know them too.",
                    "Grazia, of the wash-house choir",
                ),
                _h(
                    "When there is music",
                    "On Tuesdays, from May to September, from 9 p.m. Bring your own chair.",
                ),
            ],
        ),
    ),
]

EXPERIENCES = [
    Story(
        "leverano",
        (
            "Case bianche e ulivi attorno a un edificio con la scritta Urban Center",
            "White houses and olive trees around a building that says Urban Center",
        ),
        Text(
            "Leverano: un piano scritto con chi ci abita",
            "Tredici obiettivi, quattro progetti pilota e un invito: partecipa al piano.",
            [
                _p(
                    "Leverano, in provincia di Lecce, ha dedicato un asse del suo piano a "
                    "“Comunità, partecipazione ed innovazione sociale”. Gli obiettivi "
                    "generali sono "
                    "tre: servizi di quartiere più forti per educazione, vita sociale e cultura; "
                    "dialogo tra generazioni e inclusione; una cultura della partecipazione."
                ),
                (
                    "table",
                    {
                        "caption": "I quattro progetti pilota (* progetto bandiera)",
                        "headings": ["Progetto", "Che cosa prevede"],
                        "rows": [
                            {
                                "cells": [
                                    "1. Urban center *",
                                    "Uno spazio e una piattaforma digitale",
                                ]
                            },
                            {
                                "cells": [
                                    "2. Arte nei quartieri *",
                                    "Opere pensate con chi ci vive",
                                ]
                            },
                            {
                                "cells": [
                                    "3. Agenzia per la casa",
                                    "Garanzie per l’affitto, accordo territoriale con SUNIA, "
                                    "incentivi per la casa ai giovani",
                                ]
                            },
                            {"cells": ["4. Educazione alla lettura", "Lettura per tutte le età"]},
                        ],
                    },
                ),
            ],
        ),
        Text(
            "Leverano: a plan written with its residents",
            "Thirteen aims, four pilot projects and an invitation: take part in the plan.",
            [
                _p(
                    "Leverano, near Lecce, gave one axis of its plan to “Community, participation "
                    "and social innovation”. It has three general aims: stronger neighbourhood "
                    "services for education, social life and culture; dialogue between generations "
                    "and inclusion; a culture of participation."
                ),
                (
                    "table",
                    {
                        "caption": "The four pilot projects (* flagship)",
                        "headings": ["Project", "What it brings"],
                        "rows": [
                            {"cells": ["1. Urban center *", "A place and a digital platform"]},
                            {"cells": ["2. Art in the neighbourhoods *", "Made with residents"]},
                            {
                                "cells": [
                                    "3. House agency",
                                    "Guarantees for rents, a territorial agreement with SUNIA, "
                                    "incentives for young people's housing",
                                ]
                            },
                            {"cells": ["4. Reading education", "Reading at every age"]},
                        ],
                    },
                ),
            ],
        ),
    ),
    Story(
        "perugia",
        (
            "La stazione ai piedi di una città in collina, con panchine, prato e persone",
            "The station below a hill town, with benches, grass and people",
        ),
        Text(
            "Perugia.zip: ripartire dalla stazione",
            "Attorno a Fontivegge cittadini e Comune lavorano insieme alle relazioni di vicinato.",
            [
                _p(
                    "Perugia.zip nasce da un percorso di coprogettazione ed è finanziato dal Fondo "
                    "sociale europeo 2014-2020, Asse 2, obiettivo tematico 9. L’accordo tra Comune "
                    "di Perugia e Regione Umbria è del 2 ottobre 2018.",
                    "Il centro è Fontivegge, il quartiere della stazione; il lavoro arriva fino a "
                    "Madonna Alta, Zona Cortonese, Ponte della Pietra, Pallotta, Filosofi e Fonti "
                    "Coperte.",
                ),
                _list(
                    "Le linee di azione",
                    "<b>Educativa territoriale</b>: volontariato con i più giovani e "
                    "spazi pubblici "
                    "animati contro la solitudine.",
                    "<b>Centro famiglie / Family Hub</b>: un punto d’incontro, anche digitale, per "
                    "aiutarsi.",
                    "<b>Innovazione sociale</b>, trasversale: laboratori che progettano la "
                    "rigenerazione dei beni comuni.",
                ),
            ],
        ),
        Text(
            "Perugia.zip: starting again from the station",
            "Around Fontivegge residents and city work together on neighbourly relations.",
            [
                _p(
                    "Perugia.zip was born from co-design and is paid by the European Social Fund "
                    "2014-2020, Axis 2, thematic objective 9. The agreement between the city of "
                    "Perugia and the Umbria region is of 2 October 2018.",
                    "Its heart is Fontivegge, the station's neighbourhood; the work "
                    "reaches Madonna "
                    "Alta, Zona Cortonese, Ponte della Pietra, Pallotta, Filosofi and Fonti "
                    "Coperte.",
                ),
                _list(
                    "The lines of action",
                    "<b>Territorial education</b>: volunteering with the young, and public spaces "
                    "brought to life against loneliness.",
                    "<b>Family Hub</b>: a meeting point, digital too, for helping each other.",
                    "<b>Social innovation</b>, across the whole: workshops that design how common "
                    "goods are regenerated.",
                ),
            ],
        ),
    ),
    Story(
        "lucca",
        (
            "Le mura di Lucca con gli alberi, le torri e alcune famiglie sul prato",
            "The walls of Lucca with their trees, the towers, and families on the grass",
        ),
        Text(
            "Lucca, CO-MIX: abitare insieme",
            "Cinque alloggi, due centri e un’idea: la città si mescola, e ci guadagna.",
            [
                _p(
                    "CO-MIX mette nel nome il suo programma: CO come collaborazione e "
                    "coprogettazione, MIX come mescolanza di funzioni e di persone. Pubblico e "
                    "privato l’hanno progettato insieme, con il Fondo per l’Innovazione Sociale.",
                    "I quartieri attivi sono San Vito e San Concordio/Pontetetto; i prossimi "
                    "Sant’Anna e Ponte a Moriano.",
                ),
                _list(
                    "I risultati",
                    "Cinque alloggi comunali a canone moderato, con percorsi di accompagnamento.",
                    "Due centri polifunzionali, a San Vito e a Pontetetto, progettati con i "
                    "giovani.",
                ),
            ],
        ),
        Text(
            "Lucca, CO-MIX: living together",
            "Five dwellings, two centres and one idea: a city that mixes does better.",
            [
                _p(
                    "CO-MIX carries its programme in its name: CO for collaboration and co-design, "
                    "MIX for a mix of uses and of people. Public and private bodies designed it "
                    "together, with Italy's Social Innovation Fund.",
                    "The active neighbourhoods are San Vito and San Concordio/Pontetetto; the next "
                    "are Sant'Anna and Ponte a Moriano.",
                ),
                _list(
                    "The results",
                    "Five municipal dwellings at moderate rent, with support on the way.",
                    "Two multi-purpose centres, in San Vito and Pontetetto, designed with the "
                    "young.",
                ),
            ],
        ),
    ),
    Story(
        "venezia",
        (
            "Una costellazione sopra la laguna di notte, con una barca e le case illuminate",
            "A constellation above the lagoon at night, with a boat and lit houses",
        ),
        Text(
            "Venezia: costellazioni civiche",
            "Due giorni a Mestre per chiedersi come le reti di quartiere cambiano una città.",
            [
                _p(
                    "“Costellazioni civiche: reti per l’innovazione urbana” si è tenuto a "
                    "Mestre il "
                    "18 e 19 dicembre 2024. L’ha organizzato il Comune di Venezia con il PN Metro "
                    "Plus 2021-27, Priorità 4.",
                    "Si è partiti da ciò che è emerso ascoltando le reti sociali del territorio, "
                    "per costruire insieme una teoria del cambiamento. Città ospiti: Milano, "
                    "Torino, Bari e Bologna.",
                ),
                _list(
                    "I quattro laboratori",
                    "Reti di quartiere e cittadinanza attiva",
                    "Azioni integrate nello spazio pubblico",
                    "Economia di quartiere",
                    "Accompagnare e rafforzare chi lavora nel welfare",
                ),
            ],
        ),
        Text(
            "Venice: civic constellations",
            "Two days in Mestre on how neighbourhood networks change a city.",
            [
                _p(
                    "“Costellazioni civiche: reti per l'innovazione urbana” took place in "
                    "Mestre on "
                    "18 and 19 December 2024. The city of Venice organised it with the national "
                    "programme PN Metro Plus 2021-27, Priority 4.",
                    "It began with what listening to the territory's social networks had brought "
                    "up, and started building a shared theory of change. Guest cities: Milan, "
                    "Turin, Bari and Bologna.",
                ),
                _list(
                    "The four workshops",
                    "Neighbourhood networks and active citizenship",
                    "Integrated actions in public space",
                    "Neighbourhood economy",
                    "Accompanying and strengthening welfare workers",
                ),
            ],
        ),
    ),
    Story(
        "casalecchio",
        (
            "Persone in cerchio in una biblioteca ascoltano chi racconta la propria storia",
            "People in a circle in a library listen to somebody telling their story",
        ),
        Text(
            "Casalecchio di Reno: il welfare in laboratorio",
            "Dal 2011 cinque comuni progettano nuovi servizi insieme a chi li usa.",
            [
                _p(
                    "I “Laboratori comunitari del welfare reale” nascono nel 2011 nei "
                    "cinque comuni "
                    "del distretto di Casalecchio di Reno, con il motto “Welfare generativo e "
                    "Innovazione sociale”. Chi vive nel territorio torna a progettare i servizi.",
                    "Si lavora con otto metodi, dall’Open Space Technology al teatro sociale, fino "
                    "alla biblioteca vivente, dove i libri sono persone.",
                ),
                _list(
                    "Quattro dei tredici interventi",
                    "Un orto-frutteto condiviso a Monte San Pietro, oggi con un’aula all’aperto",
                    "L’Ex Nuova Moduli di Calderino: da scuola a centro sociale e culturale",
                    "I condomini solidali di Zola Predosa e Sasso Marconi",
                    "Il percorso partecipato per la Casa della Salute di Casalecchio",
                ),
            ],
        ),
        Text(
            "Casalecchio di Reno: welfare in the workshop",
            "Since 2011 five municipalities have designed services with those who use them.",
            [
                _p(
                    "The “Laboratori comunitari del welfare reale” began in 2011 in the five "
                    "municipalities of the Casalecchio di Reno district, under the motto "
                    "“Generative welfare and social innovation”. Residents design services again.",
                    "They use eight methods, from Open Space Technology to social theatre and the "
                    "living library, where the books are people.",
                ),
                _list(
                    "Four of the thirteen interventions",
                    "A shared orchard-garden in Monte San Pietro, now with an outdoor classroom",
                    "Ex Nuova Moduli in Calderino: a school turned social and cultural centre",
                    "Solidarity condominiums in Zola Predosa and Sasso Marconi",
                    "A participatory path for Casalecchio's Casa della Salute",
                ),
            ],
        ),
    ),
]

HOME_PICTURE = (
    "home",
    (
        "Fontelieta vista dalla riva del fiume: case colorate, il campanile, gente attorno a un "
        "tavolo sul prato"
    ),
    "Fontelieta from the river bank: coloured houses, the bell tower, people around a table",
)
