/** What the caller says, in this order: Italian as it is spoken, and English in between. */
import type { SpokenLanguage } from '@sophy/conversation/speech/spoken-language';

export type CallSentence = { readonly language: SpokenLanguage; readonly text: string };

const it = (text: string): CallSentence => ({ language: 'it', text });
const en = (text: string): CallSentence => ({ language: 'en', text });

/** Numbers, dates, times, names, places, orders and questions; the English ones show that the language follows. */
export const callSentences: readonly CallSentence[] = [
  it('Buongiorno, vorrei prenotare un tavolo per quattro persone.'),
  it('A che ora parte il treno per Milano domani mattina?'),
  it('Mi puoi ricordare di chiamare mio fratello Giovanni?'),
  it('Il mio compleanno è il ventitré marzo.'),
  it('Quanto costa un biglietto di andata e ritorno per Firenze?'),
  it('La signora Martini abita in via Garibaldi al numero dodici.'),
  en('Can you tell me what the weather is like today?'),
  en('Which bus goes to the city center?'),
  it('Che tempo fa oggi a Roma?'),
  it('Accendi la luce in cucina, per favore.'),
  it('Ho comprato due chili di mele e un litro di latte.'),
  it('Qual è la capitale della Francia?'),
  it('Mi sai spiegare come funziona questa macchina?'),
  it("C'è una farmacia aperta qui vicino?"),
  it('Secondo te conviene prendere il treno o la macchina?'),
  it('La riunione di giovedì comincia alle nove e mezza.'),
  en('Please remind me to call my mother tomorrow.'),
  it('Vorrei parlare con il dottor Bianchi.'),
  it('Mia figlia ha otto anni e va a scuola a Torino.'),
  it('Grazie mille, per oggi è tutto.'),
];
