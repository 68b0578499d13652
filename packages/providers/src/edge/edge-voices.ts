/** Voices of Edge's read-aloud service. */
import type { Voice } from '@sophy/contracts/http-engines';
import { ProviderError } from '@sophy/conversation/provider-error';
import { z } from 'zod';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { askEngine, readText } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import { browserHeaders, voicesPath } from './edge-protocol.ts';

const identity = { stage: 'tts', engine: 'edge' } as const;

const voicesSchema = z.array(
  z.object({
    ShortName: z.string(),
    FriendlyName: z.string().nullish(),
    Gender: z.string().nullish(),
    Locale: z.string().nullish(),
  }),
);

/** A voice that speaks the language; one that speaks many where the language has none here. */
export function edgeDefaultVoice(language: string | undefined): string {
  switch (language) {
    case 'it':
      return 'it-IT-ElsaNeural';
    case 'en':
      return 'en-US-AvaNeural';
    default:
      return 'en-US-AvaMultilingualNeural';
  }
}

/** The voices that the service lists; where it does not answer, those in Italian and English that it has had for years. */
export async function listEdgeVoices(baseUrl: string, signal: AbortSignal): Promise<readonly Voice[]> {
  try {
    const text = await askEngine(
      {
        identity,
        method: 'GET',
        url: serviceUrl(baseUrl, voicesPath),
        headers: browserHeaders(),
        // Half a megabyte, and nobody is on the line for it.
        timeouts: { ...hostedTimeouts.tts, answerMs: 10_000 },
        awaited: 'list of voices',
        signal,
      },
      (answer) => readText(answer.chunks, 16_000_000),
    );
    return parseAnswer(identity, text, voicesSchema, 'list of voices').map((voice) => ({
      id: voice.ShortName,
      name: voice.FriendlyName ?? voice.ShortName,
      gender: voice.Gender?.toLowerCase() ?? '',
      locale: voice.Locale ?? '',
    }));
  } catch (error) {
    if (error instanceof ProviderError && error.category !== 'cancelled') return lastingVoices;
    throw error;
  }
}

const lastingVoices: readonly Voice[] = [
  ...voicesOf('it-IT', 'female', ['Elsa', 'Isabella']),
  ...voicesOf('it-IT', 'male', ['Diego', 'GiuseppeMultilingual']),
  ...voicesOf('en-US', 'female', ['Aria', 'Ava', 'AvaMultilingual', 'Emma', 'Jenny', 'Michelle']),
  ...voicesOf('en-US', 'male', ['Andrew', 'Brian', 'Christopher', 'Eric', 'Guy', 'Roger', 'Steffan']),
  ...voicesOf('en-GB', 'female', ['Libby', 'Maisie', 'Sonia']),
  ...voicesOf('en-GB', 'male', ['Ryan', 'Thomas']),
];

function voicesOf(locale: string, gender: string, names: readonly string[]): readonly Voice[] {
  return names.map((name) => ({ id: `${locale}-${name}Neural`, name, gender, locale }));
}
