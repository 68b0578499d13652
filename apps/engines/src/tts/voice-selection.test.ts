import { describe, expect, it } from 'vitest';
import type { SpeechVoice } from './speech-voice.ts';
import { selectVoice } from './voice-selection.ts';

function voice(id: string, language: string): SpeechVoice {
  return {
    id,
    name: id,
    gender: 'unknown',
    locale: language,
    language,
    modelId: id,
    speakerId: 0,
    engineKey: id,
  };
}

const voices = [voice('joe', 'en'), voice('paola', 'it')];

describe('selectVoice', () => {
  it.each([
    [{ voice: 'paola', language: 'en' }, 'paola'],
    [{ language: 'it-IT' }, 'paola'],
    [{ voice: '', language: 'en' }, 'joe'],
    [{}, 'joe'],
  ])('answers %j with %s', (request, id) => {
    expect(selectVoice(voices, request).id).toBe(id);
  });

  it('names what there is when it has not what is asked for', () => {
    expect(() => selectVoice(voices, { voice: 'alloy' })).toThrow('Voices: joe, paola.');
    expect(() => selectVoice(voices, { language: 'de' })).toThrow('Languages: en, it.');
  });
});
