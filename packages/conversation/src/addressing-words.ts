/** Italian and English words that tell speaking to somebody from speaking about them. All folded. */

function list(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** Calls after which a name is always spoken to. */
export const strongCalls = list('hey ehi ehy ei hei hi hello hallo ciao salve buongiorno buonasera heyy yo');

/** Words before a name that may open a call and may open anything else. */
const weakCalls = list(
  'ok okay okey senti senta scusa scusami scusi ascolta dai allora dunque bene ecco dimmi no si yes yeah so well now',
  'right listen sorry please excuse me oh ah um uh eh ehm and but e ma thanks thank grazie per favore cara dear',
);

/** Openers that do not end the start of a sentence: "ok so Sophy ..." still begins with the name. */
export const openers: ReadonlySet<string> = new Set([...strongCalls, ...weakCalls]);

/** What a bare call is made of, apart from the name. */
export const callWords = list(
  'hey ehi ehy ei hei hi hello hallo ciao salve buongiorno buonasera heyy yo ok okay okey senti senta scusa scusami',
  'scusi ascolta allora oh ah um uh eh ehm listen excuse me',
);
export const courtesyWords = list('please per favore cara dear');

/** Before a name: it is somebody's topic, companion or possession. Italian "e" and "ma" are openers, not here. */
export const beforeTopic = list(
  'la alla dalla della sulla nella quella questa una con di da a per su tra fra senza verso come che chi',
  'anche pure solo soltanto proprio only even just also',
  'mia tua sua nostra vostra altra stessa nuova vecchia povera',
  'the a an this that my your our their his her another new old with without about to of from by for at in on like',
  'off out up over than via through between called named versus vs',
);

/** Verbs before a name that take it as their object, or ask after it. */
export const beforeObject = list(
  'ask asked asking asks tell told telling tells say said call called calling calls name named use used uses using',
  'try tried trying like liked love loved hate hated know knew knows met meet meeting see saw seen hear heard make made',
  'think thought want wanted need needed blame trust trusted let lets is was are were where who has had did does',
  'thats whos wheres show install installed buy bought give gave sent miss missed teach taught',
  'chiedi chiedo chiedere chiediamo chiedilo detto dice dico dire diciamo conosci conosco conosce conoscete usa uso usi',
  'usare usato usiamo provato provare adoro amo odio sentito sento visto vedo incontrato chiama chiamato chiamata',
  'chiamiamo chiamano sta stava era sia sono dove chi ringrazia lascia spegni spento accendi acceso installato comprato',
  'ha hanno aveva arriva arrivata viene venuta torna manca pensa pensava risponde risposto funziona parla parlato piace',
  'stata stato stare interrompe ascolta aspetta comes came',
);

/** After a name at the start: it did, said or was something. No question makes these a request. */
export const afterReport = list(
  'said says told tells thinks thought knows knew answered replied responded worked works gave gives got made makes went',
  'sounds seems looks seemed looked came comes wants wanted heard hears stopped stops keeps kept lets',
  'hates loves likes needs listens plays writes reads remembers forgets understands repeats replies interrupts fails prefers',
  'answers asks calls speaks lives breaks disagrees takes took helps helped crashed runs costs lives arrives arrived speaks talks exists died',
  'disse diceva dirà pensa pensava crede sapeva risponde rispose rispondeva funziona funzionava sembra sembrava voleva',
  'vuole capisce capiva parla parlava sbaglia viene venne fece faceva dava da diede',
  'costa abita arriva lavora serve conosce manca crede sente vede sia fosse vengono sono',
);

/** After a name: statement or question, which the next word or a question mark tells. */
export const afterAuxiliary = list(
  'is was are were has had have does did do can could will would should may might must wont cant isnt wasnt doesnt didnt',
  'hasnt couldnt wouldnt shouldnt isn wasn doesn didn hasn couldn wouldn shouldn won',
  'e fa era sara ha aveva avra puo poteva potrebbe doveva deve dovrebbe sa sta stava dice',
);

/** After an auxiliary: the question is turned round, so it is put to the one named. */
export const afterInversion = list(
  'you it i we they there he she anyone anybody anything someone my your these those',
);

/** After an Italian auxiliary: what a request in polite form or a plain question goes on with. */
export const afterPoliteForm = list(
  'dirmi dirci darmi aiutarmi aiutarci farmi spiegarmi ripetere mettere cercare leggermi ricordarmi vero possibile ora',
  'previsto prevista aperto aperta caldo freddo bello brutto',
);

/** Between a subject and its verb; the verb behind them tells who is meant. */
export const adverbs = list(
  'always never also already just still again yesterday today usually often only probably really actually sometimes',
  'oggi ieri domani sempre mai spesso forse magari anche ancora ormai invece gia poi di solito adesso ora non',
);

/** Before an Italian participle whose subject follows: "cosa ha scritto Sophy", "e tornata Sophy". */
export const participleHeads = list('ha aveva hanno era sara avra');

/** Little words between an Italian subject and its verb; the verb behind them tells who is meant. */
export const clitics = list('mi ti ci vi si lo la li le gli ne me te se ve ce');

/** Alone they order, after a clitic they tell: "Sophy continua", but "Sophy la usa anche mia madre". */
export const orderWithoutClitic = list(
  'usa lascia continua torna ascolta aspetta ama odia chiama cerca trova porta',
);

/** Verbs that after a clitic ask politely: "Sophy mi può dire ...", "Sophy si può fare?". */
export const politeVerbs = list('puo potrebbe sa saprebbe deve dovrebbe fa');

/** Reports behind an Italian "ha": "Sophy ha detto", "Sophy ha ragione". */
export const afterHave = list(
  'detto risposto capito fatto sbagliato ragione torto parlato funzionato smesso chiesto dato preso scritto trovato',
  'sentito visto finito iniziato been said told had made got done answered already never just',
);

/** Words that ask or order, anywhere in a turn whose name stands in the middle. */
export const requestWords = list(
  'can could would will please tell give show do you your',
  'puoi potresti dimmi dicci dammi fammi spiegami raccontami aiutami ricordami ripeti metti cerca leggi ti tu tuo tua',
  'pensi sai vuoi hai sei',
);

/** Right after a name in the middle they begin a question; elsewhere they may begin a clause. */
export const questionWords = list(
  'what whats when where why how who which cosa che quando dove perche come quanto quanti quante chi quale quali',
);

/** Before 's: "it's Sophy", "who's Sophy" tell or ask who somebody is. */
export const beforeContractedIs = list('it that this what who where here there he she how');

/** After "Sophy and", "Sophy e": a question begins, the name is not one of a pair. */
export const afterAnd = list(
  'what whats when where why how who can could is are domani oggi adesso ora quando dove perche come cosa che quanto quanti chi per se poi',
);

/** Tags that make a statement about somebody sound like a question: "isn't she", "vero". */
export const tagQuestions =
  /\b(?:isn t|doesn t|wasn t|didn t|can t|won t|hasn t) (?:she|he|it)$|\b(?:vero|no|giusto|right)$/;
