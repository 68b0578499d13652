/** Italian and English words that tell speaking to somebody from speaking about them. All folded. */
import { wordSet } from './word-set.ts';

/** Calls after which a name is spoken to. */
export const strongCalls = wordSet(
  'hey ehi ehy ei hei hi hello hallo ciao salve buongiorno buonasera buonanotte heyy oi ehila',
);

/** Words before a name that may open a call and may open anything else. */
const weakCalls = wordSet(
  'ok okay okey senti senta scusa scusami scusi scusate ascolta dai allora dunque bene ecco dimmi no si yes yeah so well now',
  'oh yo gentilmente cortesemente cioe right listen sorry please excuse me ah um uh uhm eh ehm mm hmm and but e ma thanks thank grazie per favore cara dear there signora dottoressa signorina miss',
  'tu pronto good morning afternoon evening night actually anyway alright then again wait aspetta poi quindi insomma oddio',
  'brava bravo prego beh mah certo perfetto ottimo great perfect cool sure hang on look guarda guardi vabbe va comunque gentile',
);

/** Openers that do not end the start of a sentence: "ok so Sophy ..." still begins with the name. */
export const openers: ReadonlySet<string> = new Set([...strongCalls, ...weakCalls]);

/** What a bare call is made of, apart from the name. */
export const callWords: ReadonlySet<string> = new Set([
  ...[...strongCalls].filter((word) => word !== 'buonanotte'),
  ...wordSet(
    'oh yo tu dai su psst ue ok okay okey senti senta scusa scusami scusi ascolta allora ah um uh uhm eh ehm listen excuse me there pronto',
    'good morning afternoon evening e and so well',
  ),
]);
export const courtesyWords = wordSet('please per favore cara dear');

/** At the end of a turn, after the name, they change nothing: "that is all Sophy thank you". */
export const closingWords = wordSet('please per favore piacere cortesia grazie mille thanks thank you');

/** They begin a new clause wherever they stand. */
export const clauseOpeners = wordSet('but ma so allora quindi dunque poi then');

/** Before a name: it is somebody's topic, companion or possession. Italian "e" and "ma" are openers, not here. */
export const beforeTopic = wordSet(
  'la alla dalla della sulla nella una con di da a ad per su tra fra senza verso come chi oltre presso',
  'anche soltanto proprio perfino persino neanche nemmeno neppure only even just also non mica',
  'tranne eccetto salvo povera',
  'the a an my your our their his her poor without of from in by with for at about to',
  'than through between behind called named versus vs nor into as during except besides against',
  'and or e ed o od ne',
);

/** Before a name they govern it, behind a verb with its object they end the clause: "turn it off", "a dopo". */
export const particles = wordSet('on off up over out down dopo prima pure');
/** Verbs that with a particle take an object: "turn off Sophy", "rely on Sophy". */
export const phrasalVerbs =
  /^(?:turn\w*|switch\w*|set\w*|plug\w*|pick\w*|hook\w*|boot\w*|fir\w*|start\w*|log\w*|rel\w+|count\w*|depend\w*|based?|bring\w*)$/;

/** Italian, before a name or behind the noun that is owned. */
export const possessives = wordSet('mia tua sua nostra vostra mio tuo suo nostro vostro');

/** Who the named one is to somebody: "my sister Sophie", "l'assistente Sophy". */
export const roles = wordSet(
  'sister daughter friend colleague boss teacher aunt cousin niece wife mum girlfriend assistant bot robot agent ai dog cat neighbour',
  'sorella figlia amica collega capa maestra zia cugina nipote moglie mamma ragazza assistente agente vicina gatta',
);

/** English verbs turned before their subject: "does Sophy", "won't Sophy". */
export const turnedVerbs = wordSet(
  'is was are were am has have had do does did can could will would should may might must isn wasn aren weren hasn haven',
  'doesn didn don can couldn won wouldn shouldn cant wont isnt doesnt didnt dont',
);

export const subjectPronouns = wordSet('i you we they he she it io tu noi voi loro lui lei');

/** They open a clause whose subject the name is: "when Sophy arrives". */
export const subordinators = wordSet(
  'if when because cause that whether what how why where while until till since once unless though although whenever before after',
  'se quando perche che cosa dove appena finche mentre siccome dato visto caso purche affinche qualora quanto come cui',
);

/** Verbs that take a name as their object or ask after it, in the forms that no ending gives. */
export const beforeObject = wordSet(
  'ask told tell tells say said says call calls name named use uses try tries tried like likes love loves hate hates know knew',
  'knows met meet see saw seen hear heard make makes made let lets think thought thinks want wants wanted need needs needed blame',
  'trust show install bought buy give gave given sent send miss taught teach prefer restart reboot reset update replace invite add',
  'remove mute unmute ignore ignores interrupt mention thank greet follow visit remember remembers forget believe chose choose got get bring',
  'blames left leave leaves beat beats fix fixed set named pay paid guess bet suppose pick',
  'thats whos wheres comes came forget believes',
  'chiedilo diciamo',
  'vedo sento lascia lasciamo',
  'ascoltare sentire vedere togliere togli aggiungi aggiungere',
  'sta stava era sia sono presente launch delete uninstall sentite vedete vedi costa sembri sembra dove chi e torna viene arriva parte ha aveva pensa risponde funziona parla parlava piace abita lavora crede',
  'capisce sa vuole interrompe aspetta sembra pare decide propone consiglia trova dice diceva pensava',
);

/** They rather take a clause, so at the end of one they are complete when they have a subject: "as I said Sophy". */
export const clauseVerbs = wordSet(
  'think thought guess suppose bet say said know knew see hope believe remember like want need leave left try forget win pay',
);

/** Italian verb heads of compound forms: "ho", "hai". */
export const haveForms = wordSet('ho hai abbiamo avete hanno ha aveva avevo avevi aver avere avessi');

/** Participles that need no object: "ho capito Sophy" speaks to her. */
export const selfSufficient = wordSet(
  'capito finito sbagliato fatto detto deciso dormito mangiato promesso previsto prenotato vinto perso iniziato cominciato bevuto cenato deciso',
);

/** They may stand between a verb and the name that belongs to it: "viene anche Sophy". */
export const focusAdverbs = wordSet(
  'anche pure solo sempre mai gia ancora proprio soltanto poi spesso also only even just ever already never',
);

/** They make another do something: "lasciamo parlare Sophy". */
export const causatives = wordSet(
  'lascia lascio lasciamo lasciate lasciare fai fa far fare fate faccio facciamo let make',
);

/** Italian verbs that take a person or a tool as their object, in any form but the participle. */
export const objectVerb =
  /^(?:chiud|ferm|blocch?|avvi|lanci|apr|resett|elimin|cancell|us|prov|test|installa?|riavvi|spegn|spent|accend|aggiorn|configur|sostitu|invit|rimuov|silenzi|chiam|chied|ringrazi|salut|ignor|interromp|disturb|contatt|attiv|disattiv|stacc|conosc|sfid|nomin|present|licenzi|scegl|prefer|ador|odi|am|consult|interrog|sopport|incontr|compr|aspett)(?:o|i|a|e|iamo|ate|ete|ite|ano|ono|are|ere|ire|ando|endo|ava|avo|eva|evo|isco|isce)$/;
