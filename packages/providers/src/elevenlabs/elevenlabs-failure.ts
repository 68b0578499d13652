/** What ElevenLabs means by the errors that it sends and the goodbyes that it says. */
import type { ProviderError, ProviderErrorCategory } from '@sophy/conversation/provider-error';
import { engineFailure } from '../http/engine-failure.ts';
import { machineName } from '../http/exchange-with-engine.ts';

export const elevenLabsIdentity = { stage: 'tts', engine: 'elevenlabs' } as const;

/** Failure for an error message; its text is left out, for it may quote what was to be spoken. */
export function failureOfMessage(error: string): ProviderError {
  const name = machineName(error);
  const category = categoryOf(error);
  const advice = category === 'invalid-request' ? '; check the model and the voice' : '';
  return engineFailure(
    elevenLabsIdentity,
    category,
    `failed${name === undefined ? '' : ` (${name})`}${advice}`,
  );
}

/** Failure for the end of a connection in the middle of a sentence; undefined: it broke. */
export function failureOfClose(code: number, reason: string): ProviderError | undefined {
  switch (code) {
    case 1008:
      return failureOfMessage(reason);
    // What a voice that the model cannot speak ends with.
    case 1009:
      return failureOfMessage('invalid_voice');
    case 1011:
      return engineFailure(elevenLabsIdentity, 'server', 'ended the connection with an error (1011)');
    default:
      return undefined;
  }
}

/** Names are those of elevenlabs.io/docs/resources/error-messages; goodbyes spell some as sentences. */
function categoryOf(error: string): ProviderErrorCategory {
  const words = error.toLowerCase().replaceAll(/[\s-]+/g, '_');
  if (/quota|credits|payment|subscription/.test(words)) return 'quota';
  if (/api_key|authoriz|authentic|permission|sign_in/.test(words)) return 'authentication';
  if (/max_active_conversations|maximum_simultaneous|concurrent|rate_limit|too_many|busy/.test(words))
    return 'rate-limit';
  if (/invalid|not_found|does_not_exist|not_supported|unsupported|validation/.test(words))
    return 'invalid-request';
  if (/timeout/.test(words)) return 'timeout';
  return 'server';
}
