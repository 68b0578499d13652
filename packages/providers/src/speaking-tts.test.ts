import { settingsSchema } from '@sophy/contracts/settings';
import type { TtsAudio, TtsRequest } from '@sophy/conversation/tts-port';
import { expect, it } from 'vitest';
import { ttsCatalog } from './engine-catalog.ts';
import type { TtsCapabilities, TtsEntry } from './engine-entry.ts';
import { noEndpoints } from './no-endpoints.test-support.ts';
import { createSpeakingTts } from './speaking-tts.ts';

const request: TtsRequest = { text: 'one two', language: 'en', voice: undefined, speed: 1 };

/** What the engine is asked for and what comes out. `spoken` are the characters that it tells. */
async function speak(
  changes: Partial<TtsRequest>,
  capabilities: Partial<TtsCapabilities> = {},
  spoken: (text: string) => readonly (number | undefined)[] = () => [undefined],
) {
  const asked: TtsRequest[] = [];
  const entry: TtsEntry = {
    ...ttsCatalog.edge,
    capabilities: {
      ...ttsCatalog.edge.capabilities,
      markup: 'none',
      speed: { min: 0.5, max: 2 },
      ...capabilities,
    },
    defaultVoice: (language) => `voice of ${language}`,
    open: () => ({
      label: 'a',
      async *synthesize(given): AsyncGenerator<TtsAudio> {
        asked.push(given);
        for (const spokenCharacters of spoken(given.text))
          yield {
            samples: new Int16Array(1),
            sampleRateHz: 8_000,
            ...(spokenCharacters === undefined ? {} : { spokenCharacters }),
          };
      },
    }),
  };
  const settings = settingsSchema.parse({ tts_engine: 'edge' });
  const port = createSpeakingTts(entry, { settings, endpoints: noEndpoints });
  const given: TtsAudio[] = [];
  const signal = new AbortController().signal;
  for await (const audio of port.synthesize({ ...request, ...changes }, { signal })) given.push(audio);
  return { asked, progress: given.map(({ spokenCharacters }) => spokenCharacters) };
}

it('a voice is asked to speak as people do, in the language of the text', async () => {
  expect((await speak({ text: 'It is 3 kg.' })).asked[0]?.text).toBe('It is three kilograms.');
  expect((await speak({ text: 'Sono 3 kg.', language: 'it' })).asked[0]?.text).toContain('tre');
});

it('a voice is the one of the engine for the language unless the request names one', async () => {
  expect((await speak({ language: 'it' })).asked[0]?.voice).toBe('voice of it');
  expect((await speak({ voice: 'anna' })).asked[0]?.voice).toBe('anna');
});

it('the rate stays within what the engine can do', async () => {
  const speeds = async (speed: number, of: TtsCapabilities['speed']) =>
    (await speak({ speed }, { speed: of })).asked[0]?.speed;
  expect(await speeds(3, { min: 0.5, max: 2 })).toBe(2);
  expect(await speeds(0.1, { min: 0.5, max: 2 })).toBe(0.5);
  expect(await speeds(1.2, { min: 0.5, max: 2 })).toBe(1.2);
  expect(await speeds(1.2, undefined)).toBe(1);
});

it('progress is told in letters of the text as it was written', async () => {
  const { asked, progress } = await speak({ text: '3 kg of 3 kg' }, {}, (text) => [
    0,
    text.length / 2,
    text.length,
    undefined,
  ]);
  expect(asked[0]?.text.length).toBeGreaterThan(12);
  expect(progress).toEqual([0, 6, 12, undefined]);
});

it('progress in a text that is spoken as it is written is exact', async () => {
  const text = Array.from({ length: 30 }, () => 'word').join(' ');
  const { progress } = await speak({ text }, {}, (spoken) => Array.from(spoken, (_, index) => index));
  expect(progress).toEqual(Array.from(text, (_, index) => index));
});

it('nothing is asked for where there is nothing to say', async () => {
  for (const text of ['', ' ', '**', '😀']) expect((await speak({ text })).asked).toEqual([]);
});
