/** Words after a name that go on about it, or that turn to it. All folded. */
import { wordSet } from './word-set.ts';

/** After a name: statement or question, which the next word or a question mark tells. */
export const auxiliaries = wordSet(
  'is was has had does did can could will would should may might must wont cant isnt wasnt doesnt didnt',
  'hasnt couldnt wouldnt shouldnt isn wasn doesn didn hasn couldn wouldn shouldn won ll d ve',
  'e fa era sara ha aveva avra puo poteva doveva deve sa sta stava dice',
);

/** After an auxiliary: the question is turned round, so it is put to the one named. */
export const afterInversion = wordSet(
  'you it i we they there he she anyone anybody anything someone everyone everybody somebody nobody people',
);

/** After an Italian auxiliary: what a request in polite form or a plain question goes on with. */
export const afterPoliteForm = wordSet(
  'ripetere mettere cercare spiegare aprire chiudere abbassare alzare confermare controllare leggere aspettare continuare fare tradurre mandare inviare prenotare',
  'scrivere chiamare spegnere accendere verificare ricordare impostare aggiungere togliere cambiare indicare consigliare suggerire',
  'raccontare calcolare fermare riassumere ricominciare elencare trovare guardare segnare senso piovendo nevicando piovuto',
  'vero possibile ora previsto prevista aperto aperta caldo freddo brutto tardi presto meglio giusto dove come quando che per se chi cosa quanto quale',
);

/** The same after "è": none of them tells about the one named. */
export const afterIs = wordSet(
  'vero possibile ora previsto prevista aperto aperta caldo freddo brutto tardi presto meglio giusto tutto sbagliato strano',
  'dove come quando che troppo finito gia colpa stato lunedi martedi mercoledi giovedi venerdi natale pasqua festa',
);

/** Statement after all: "Sophy può rispondere a tutto", "Sophy sta bene?". */
export const politeVerbs = wordSet('puo potrebbe sa saprebbe dovrebbe vorrebbe deve');

/** Reports behind "ha" and "has": "Sophy ha detto", "Sophy ha ragione". */
export const afterHave = wordSet(
  'ragione torto been said told had made got done answered already never just not always',
);

/** Between a subject and its verb; the verb behind them tells who is meant. */
export const adverbs = wordSet(
  'always never also already just still again yesterday today usually often only probably really actually sometimes now almost even',
  'basically apparently certainly definitely clearly hardly rarely once recently suddenly simply both tipo like',
  'oggi ieri domani sempre mai spesso forse magari anche ancora ormai invece gia poi di solito adesso ora non purtroppo',
  'stamattina stasera probabilmente sicuramente ogni tanto infatti pure intanto finalmente comunque almeno quasi davvero qui la',
);

/** Little words between an Italian subject and its verb that are no article as well. */
export const pronounClitics = wordSet('mi ti ci vi si ne me te se ve ce');
/** Pronoun or article: only a sure verb behind them tells. */
export const articleClitics = wordSet('lo la li le gli l');

/** Alone they order, after a clitic they tell: "Sophy continua", but "Sophy la usa anche mia madre". */
export const afterArticleClitic = wordSet(
  'usa lascia continua torna ascolta aspetta ama odia chiama cerca trova porta fa vede prende mette capisce legge aiuta manda',
);

/** Verbs of a thing that follows them: "mi serve una mano", "ti va di uscire", "arriva il treno". */
export const impersonalVerbs = wordSet(
  'piace serve manca sembra pare interessa va basta arriva parte funziona sa dispiace importa tocca piacciono servono',
  'vale conviene succede esiste esce torna passa gioca inizia comincia',
);

/** Polite orders after "mi", "ci": "mi dica". */
export const politeOrders = wordSet(
  'dica faccia dia ripeta legga metta prenda scriva traduca apra senta scusi perdoni permetta',
);

export const determiners = wordSet(
  'il lo la i gli le l un uno una the a an questo questa quel quella niente nulla qualcosa che piu',
);

/** With them a verb in `-a` tells how it is done as a rule: "Sophy canta bene", "Sophy parla troppo". */
export const habits = wordSet(
  'sempre mai troppo molto spesso bene male meglio peggio benissimo malissimo gia ormai tutti solo soltanto tanto poco',
);

/** After "Sophy and", "Sophy e": a question begins, the name is not one of a pair. */
export const afterAnd = wordSet(
  'what whats when where why how who which could is are domani oggi adesso ora quando dove perche come cosa che quanto quanti chi per se poi then if now',
);

/** They begin an order in English. */
export const englishOrders = wordSet(
  'play turn set tell show give stop open close read call find look search add remind try help repeat explain translate send book',
  'check make put start switch go take write say speak pause skip cancel order please lets let dont remember summarise summarize',
  'please answer wait keep list continue resume lower raise mute shut ask forget bring come get hold talk',
);

/** They begin an order or turn to somebody in Italian. */
export const italianOrders = wordSet(
  'dimmi dicci dammi fammi spiegami raccontami aiutami ricordami ripeti metti cerca leggi apri chiudi accendi spegni alza abbassa',
  'chiama manda scrivi suona ferma fermati prova puoi potresti sai vuoi hai sei stai vai vieni fai dai tu te ti mi smetti smettila',
  'aspetta senti guarda scusa dimmelo dillo traduci segna aggiungi togli prenota controlla rispondi parla passa cambia continua andiamo facciamo',
  'torna annulla salva conferma aumenta avvia trova racconta canta conta calcola spiega porta compra riprova sposta invia elimina',
  'cancella riassumi scegli descrivi lascia ricomincia riprendi procedi',
  'vediamo secondo mettici facci leggimi trovami cercami mandami puo potrebbe prendi imposta fissa',
);

/** Right after a name in the middle they begin a question; elsewhere they may begin a clause. */
export const questionWords = wordSet(
  'what whats when whens where wheres why how hows who whos which cosa che quando dove perche come quanto quanti quanta quante chi quale quali cos',
);

/** Tags that make a statement about somebody sound like a question: "isn't she", "vero". */
export const tagQuestions =
  /\b(?:isn t|doesn t|wasn t|didn t|can t|won t|hasn t|isnt|doesnt|hasnt) (?:she|he|it)$|\b(?:vero|no|giusto|right|eh)$/;
