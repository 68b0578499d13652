/**
 * Italian and English words, first names included, that are one letter away from names that people give to agents.
 * Such a word is never taken for a misheard name.
 */
export const ordinaryWords: ReadonlySet<string> = new Set(
  [
    // Around Sophy, Sophie, Sofia and their aliases.
    'sofa sofas soppy soapy sophs soph sortie softy softly softies soffia soffi soffio soffre sofferto sonia sofisma sopra sofista',
    'sofferta sorti sotto sopia sapia soria soia solia sofija sophism sophist stofa scopia',
    // Around other usual names: Claudia, Anna, Marta, Luna, Alice, Giulia, Laura, Clara, Chiara, Elena, Emma, Nora, Aurora, Stella.
    'claudio gloria anno annata nonna hanna manna marte carta parta sarta marta martha maria mario marca marea tarda luna lunga',
    'lunar laura lauro aura paura giulio giulie giura giuria clara claro cara chiaro chiare chiami chiama elena elenca scena slice alive',
    'alica malice police allice amica amici emma gemma nora norma ora aurora ancora stelle stalla sella stessa bella spella',
    'aria arias area maria alexa alexi alessa siri sirio cortina cortana roberta roberto alberta alberto carla carlo paola paolo parola',
    'jarvis friday hello helen helena helene ellen marco margo marcy mercy nancy fancy lucy lucia luci lucio juicy dusty rusty robin robot',
    'charlie charles oscar scar oliver olivia olive silver olivo max marx jenny penny benny jonny johnny daisy dairy daily ruby rugby',
    // Frequent words of five letters and more that a one-letter slip reaches easily.
    'about above after again agent along among apple being below bring build built carry cause chair check chief child class clean clear',
    'close could count cover cross daily dance doing doubt dream dress drink drive early earth eight email enjoy enter equal event every',
    'exact extra faith false field fight final first fixed floor focus force found frame fresh front fully funny glass going grand grant',
    'great green group guess guide happy heart heavy hello hotel hours house human image index issue large later laugh learn leave level',
    'light limit local lucky lunch maybe means media might money month motor mouth movie music never night noise north novel nurse occur',
    'offer often order other paint paper party peace phone photo piece place plain plane plant plate point power press price print prize',
    'proof proud quick quiet quite radio raise range reach ready refer right river round route scale scene score sense serve seven shall',
    'shape share sharp sheet shift shirt shock short shown sight since sleep small smart smile smoke solid solve sorry sound south space',
    'speak speed spend sport staff stage stand start state steel still stock stone store story study stuff style sugar table taken taste',
    'teach thank their theme there these thick thing think third those three throw tight times tired title today topic total touch tough',
    'tower track trade train treat trend trial truck truly trust truth twice under until upper usual value video visit voice waste watch',
    'water wheel where which while white whole whose woman world worry worth would wrong young',
    'abito acqua adesso alcuni allora altra altri altro amico anche andare anima appena avere basta bello bene bocca breve buona buono',
    'caldo campo cambia cane capire carne caro caso cento cerca certo chiedi chiusa cielo cinque citta colpa colore come conto corpo corso',
    'corto cosa costa credo cuore cucina dentro destra detto dieci dietro dolce donna dopo dovere entra essere estate fame farlo fatto',
    'festa fianco figlia figlio fine finire fiore fondo forma forse forte freddo fuoco fuori gente giorno giovane giusto gruppo guarda',
    'guerra idea ieri inizio lavoro legge letto libro lingua lontano luogo madre male mano mare meglio meno mente mese messo mezzo mille',
    'minuti mondo morte mossa museo nasce notte nuova nuovo occhi opera ordine padre paese parla parte passa pausa pensa perso pezzo',
    'piano piccolo piede pieno poco ponte porta posso posto presto prima primo prova punto quale quando quanto quasi quattro quello questo',
    'ragione resto ricco ritmo roba rosso salute sangue santo scuola sedia segno senso sente senza serata serve sicura silenzio sinistra',
    'soldi solito solo sonno sorella spesa spesso stanco stanza storia strada suono tempo tenere terra testa tipo tocca torna tratto treno',
    'triste troppo trova tutta tutti tutto uguale ultima unico uomini vario vecchio vedere veloce venti verde verso vicino vista vivere',
    'voglio volta vuole zero',
  ].flatMap((line) => line.split(' ')),
);
