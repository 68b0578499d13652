/**
 * Prompt of the demo brain. A base model follows no instruction, so the conversation is continued from examples: one
 * line a turn, and the end of the line ends the answer. The examples come first and never change, so that their state
 * is reused by every request.
 */
import type { ChatMessage } from './chat-message.ts';
import { type DemoLanguage, demoLanguage } from './demo-language.ts';

type Examples = {
  readonly introduction: string;
  readonly person: string;
  readonly pairs: readonly (readonly [string, string])[];
};

const agent = 'Sophy';

const examples: Readonly<Record<DemoLanguage, Examples>> = {
  en: {
    introduction:
      'This is a conversation between a person and Sophy, a friendly voice assistant. Sophy answers in one short and correct sentence.',
    person: 'Person',
    pairs: [
      ['Hello!', 'Hello! How can I help you?'],
      ['What is your name?', 'My name is Sophy, and I am a voice assistant.'],
      ['How are you today?', 'I am fine, thank you. And you?'],
      ['What is the capital of France?', 'The capital of France is Paris.'],
      ['How much is three plus four?', 'Three plus four is seven.'],
      ['What colour is the grass?', 'The grass is green.'],
      ['How many months are there in a year?', 'There are twelve months in a year.'],
      ['Tell me a joke.', 'Why did the bicycle fall over? Because it was two tired.'],
      ['What time is it?', 'I am sorry, I have no clock.'],
      ['How is the weather in Milan?', 'I am sorry, I cannot see the weather from here.'],
      ['Can you help me?', 'Of course, what would you like to know?'],
      ['Good night!', 'Good night, see you tomorrow!'],
      ['Thank you very much.', 'You are welcome!'],
    ],
  },
  it: {
    introduction:
      "Questa è una conversazione tra una persona e Sophy, un'assistente vocale gentile. Sophy risponde con una frase breve e corretta.",
    person: 'Persona',
    pairs: [
      ['Ciao!', 'Ciao! Come posso aiutarti?'],
      ['Come ti chiami?', "Mi chiamo Sophy e sono un'assistente vocale."],
      ['Come stai oggi?', 'Sto bene, grazie. E tu?'],
      ['Qual è la capitale della Francia?', 'La capitale della Francia è Parigi.'],
      ['Quanto fa tre più quattro?', 'Tre più quattro fa sette.'],
      ['Di che colore è il cielo?', 'Il cielo è azzurro.'],
      ['Quanti mesi ci sono in un anno?', 'In un anno ci sono dodici mesi.'],
      ['Raccontami una barzelletta.', 'Perché il libro di matematica è triste? Perché ha troppi problemi.'],
      ['Che ore sono?', 'Mi dispiace, non ho un orologio.'],
      ['Che tempo fa a Milano?', 'Mi dispiace, da qui non vedo il tempo.'],
      ['Puoi aiutarmi?', 'Certo, che cosa vuoi sapere?'],
      ['Buonanotte!', 'Buonanotte, a domani!'],
      ['Grazie mille.', 'Prego!'],
    ],
  },
};

/** Only the last exchange of the real conversation: more of it derails so small a model. */
const rememberedMessages = 2;
const maxMessageCharacters = 300;

/** The unchanging beginning for a language, to warm a context up with. */
export function demoPrefix(language: DemoLanguage): string {
  const { introduction, person, pairs } = examples[language];
  const lines = pairs.map(([question, answer]) => `${person}: ${question}\n${agent}: ${answer}\n`);
  return `${introduction}\n\n${lines.join('')}`;
}

/** The whole prompt; the model continues after the agent's label. */
export function demoPrompt(messages: readonly ChatMessage[]): string {
  const spoken = messages.filter((message) => message.role !== 'system');
  const question = spoken.findLast((message) => message.role === 'user')?.content ?? '';
  const language = demoLanguage(question);
  const { person } = examples[language];
  const recent = spoken.slice(-1 - rememberedMessages);
  const lines = recent.map(
    ({ role, content }) => `${role === 'user' ? person : agent}: ${oneLine(content)}\n`,
  );
  return `${demoPrefix(language)}${lines.join('')}${agent}:`;
}

/** Where an answer ends: the line, or a role label that the model begins to write. */
export const demoStops: readonly string[] = ['\n', 'Person:', 'Persona:', `${agent}:`];

function oneLine(content: string): string {
  return content.replace(/\s+/g, ' ').trim().slice(0, maxMessageCharacters);
}
