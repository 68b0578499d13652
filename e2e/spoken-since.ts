/** What the voice was asked to say in answers: phrases that every call has said ahead, unheard, are left out. */
import { phraseVariants } from '@sophy/conversation/speech/phrases';
import type { ScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';

const saidAhead = new Set(
  (['apology', 'filler'] as const).flatMap((name) => [
    ...phraseVariants(name, 'en'),
    ...phraseVariants(name, 'it'),
  ]),
);

/** Texts in the order of their requests, from the request of this index on. */
export function spokenSince(engines: ScriptedEngineServer, index: number): readonly string[] {
  return engines.requests
    .slice(index)
    .flatMap((request) => (request.stage === 'tts' ? [request.text] : []))
    .filter((text) => !saidAhead.has(text));
}
