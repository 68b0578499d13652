/** What people say over the agent in the interruption bench, and what they ask before. */

export type BenchLanguage = 'en' | 'it';
export type SpokenText = { readonly text: string; readonly language: BenchLanguage };

/** Somebody wants the floor; some begin like a nod. */
export const realInterruptions: readonly SpokenText[] = interleave(
  [
    'Wait, which king was that?',
    'Stop.',
    'Can you say that again?',
    'Sorry, I wanted to know about tomorrow.',
    'Hold on a second.',
    'No, that is not what I asked.',
    'Okay, but how much is the ticket?',
    'What about the children?',
    'Yeah, but is it open on Sunday?',
    'Let me ask something else.',
    'Sophy, be quiet please.',
    'Actually, never mind.',
  ],
  [
    'No scusa, volevo sapere domani.',
    'Basta così.',
    'Aspetta un momento.',
    'Puoi ripetere?',
    'Scusa, quanto costa il biglietto?',
    'Sì, ma è aperto la domenica?',
    'Fermati, per favore.',
    'E per i bambini?',
    'No no, intendevo un altro museo.',
    'Parliamo di altro.',
    'Ok, ma come ci arrivo?',
    'Non ho capito, dove si trova?',
  ],
);

/** Somebody nods along; spoken, 250 to 850 ms. */
export const backChannels: readonly SpokenText[] = interleave(
  [
    'Mm-hm.',
    'Okay.',
    'Yeah.',
    'Right.',
    'Uh-huh.',
    'Yes, yes.',
    'I see.',
    'Sure.',
    'Got it.',
    'Oh, nice.',
    'Of course.',
    'Exactly.',
    'Makes sense.',
  ],
  [
    'Sì sì.',
    'Certo.',
    'Ah ok.',
    'Va bene.',
    'Esatto.',
    'Sì.',
    'Ho capito.',
    'Giusto.',
    'Ok.',
    'Bene, bene.',
    'Perfetto.',
    "D'accordo.",
    'Mm, sì.',
  ],
);

export const museumQuestion: SpokenText = { text: 'Sophy, tell me about the museum.', language: 'en' };
/** Some 7 s of the scripted voice: a nod early and a nod late both leave enough to hear that it goes on. */
export const museumReply =
  'The museum opens at ten and closes at six. On the first floor you find paintings, under the roof a small coffee house.';
/** What a question of its own gets, so that an answered nod would be heard. */
export const otherReply = 'Of course.';

function interleave(english: readonly string[], italian: readonly string[]): readonly SpokenText[] {
  return english.flatMap((text, index) => [
    { text, language: 'en' as const },
    ...(italian[index] === undefined ? [] : [{ text: italian[index], language: 'it' as const }]),
  ]);
}
