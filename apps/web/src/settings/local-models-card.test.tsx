import type { LocalModel } from '@sophy/contracts/http-engines';
import { settingsSchema } from '@sophy/contracts/settings';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import {
  type RecordedRequest,
  renderPage,
  type ScriptedAnswer,
  scriptService,
} from '../testing/render-page.tsx';
import { LocalModelsCard } from './local-models-card.tsx';

function model(id: string, kind: LocalModel['kind'], more: Partial<LocalModel> = {}): LocalModel {
  return {
    id,
    object: 'model',
    created: 1,
    owned_by: 'local',
    kind,
    title: id,
    license: 'MIT',
    languages: [],
    is_default: false,
    state: 'installed',
    bytes: 64_000_000,
    sources: ['hub'],
    download: null,
    ...more,
  };
}

const path = '/api/engines/local/models';

/** Draws the card over models that the test may change; `answer` comes first. */
async function openCard(
  models: LocalModel[],
  settings: object = {},
  answer: (request: RecordedRequest) => ScriptedAnswer | undefined = () => undefined,
) {
  const requests = scriptService(
    (request) =>
      answer(request) ??
      (request.method === 'GET'
        ? { body: { object: 'list', data: models } }
        : { body: { status: 'ok', updated: [] } }),
  );
  const stored = settingsSchema.parse(settings);
  await renderPage(() => <LocalModelsCard stored={stored} />);
  await screen.findByRole('heading', { name: 'Local models' });
  const row = async (name: string) => within(await screen.findByRole('listitem', { name }));
  const sent = () => requests.filter(({ method }) => method !== 'GET');
  return { row, sent };
}

test('each model says what it is, and only what can be done with it is offered', async () => {
  const { row } = await openCard([
    model('whisper-base', 'stt', { is_default: true, state: 'loaded', languages: ['en', 'it', 'fr', 'de'] }),
    model('zipformer', 'stt', { is_streaming: true }),
    model('whisper-turbo', 'stt', { state: 'installable', bytes: 1_040_000_000, languages: ['en', 'it'] }),
    model('qwen', 'llm'),
  ]);
  // The setting says "base", as the engines allow.
  const base = await row('whisper-base');
  expect(base.getByText('64 MB · 4 languages · MIT')).toBeDefined();
  expect(base.getByText('In use')).toBeDefined();
  expect(base.queryAllByRole('button')).toEqual([]);
  const names = async (name: string) =>
    (await row(name)).getAllByRole('button').map((button) => button.getAttribute('aria-label'));
  expect(await names('zipformer')).toEqual(['Delete zipformer']);
  expect(await names('whisper-turbo')).toEqual(['Download whisper-turbo']);
  expect(await names('qwen')).toEqual(['Delete qwen']);
  expect((await row('whisper-turbo')).getByText('1.04 GB · English, Italian · MIT')).toBeDefined();
});

test('a download is begun, watched to its end, and the keyboard stays at its row', async () => {
  const models = [model('amy', 'tts', { state: 'installable' })];
  const become = (more: Partial<LocalModel>) => models.splice(0, 1, model('amy', 'tts', more));
  const progress = { phase: 'downloading', received_bytes: 32_000_000, total_bytes: 64_000_000, message: '' };
  const { row, sent } = await openCard(models, {}, ({ method }) => {
    if (method !== 'POST') return undefined;
    become({ state: 'downloading', download: progress });
    return { body: models[0] };
  });
  fireEvent.click((await row('amy')).getByRole('button', { name: 'Download amy' }));
  const bar = await screen.findByRole('progressbar', { name: 'Download of amy' });
  expect([bar.getAttribute('value'), bar.getAttribute('max')]).toEqual(['32000000', '64000000']);
  expect((await row('amy')).getByText('32 MB of 64 MB')).toBeDefined();
  expect(document.activeElement).toBe(screen.getByRole('listitem', { name: 'amy' }));
  expect(sent().map(({ path: asked }) => asked)).toEqual([`${path}/amy/download`]);
  become({ state: 'installed' });
  await waitFor(() => expect(screen.getByText('Installed')).toBeDefined(), { timeout: 4_000 });
});

test('a download that failed says why and can be begun again', async () => {
  const download = { phase: 'failed', received_bytes: 0, total_bytes: null, message: 'The disk is full.' };
  const { row } = await openCard([model('amy', 'tts', { state: 'failed', download })]);
  const amy = await row('amy');
  expect(amy.getByText('Could not be downloaded. The disk is full.')).toBeDefined();
  expect(amy.getByRole('button', { name: 'Download amy' })).toBeDefined();
});

test('a model is deleted after a question, and a refusal is told at its row', async () => {
  const { row, sent } = await openCard([model('amy', 'tts')], {}, ({ method }) =>
    method === 'DELETE' ? { status: 409, body: { detail: 'amy is in use now.' } } : undefined,
  );
  fireEvent.click((await row('amy')).getByRole('button', { name: 'Delete amy' }));
  const question = within(await screen.findByRole('alertdialog'));
  expect(sent()).toEqual([]);
  fireEvent.click(question.getByRole('button', { name: 'Delete' }));
  expect((await screen.findByRole('alert')).textContent).toBe('amy is in use now.');
  expect(sent()).toEqual([{ method: 'DELETE', path: `${path}/amy`, body: null }]);
});

test('using a model sets what fits: the recognizer by name, a voice for its languages', async () => {
  const { row, sent } = await openCard(
    [
      model('whisper-small', 'stt'),
      model('piper-it_IT-paola-medium', 'tts', { languages: ['it'] }),
      model('kokoro-multi-lang-v1_0', 'tts', { languages: ['it', 'en'] }),
    ],
    { tts_engine: 'edge', tts_voice: 'it-IT-ElsaNeural', tts_voices: { 'edge:en': 'en-US-AvaNeural' } },
  );
  for (const name of ['whisper-small', 'piper-it_IT-paola-medium', 'kokoro-multi-lang-v1_0'])
    fireEvent.click((await row(name)).getByRole('button', { name: `Use ${name}` }));
  const edge = { 'edge:en': 'en-US-AvaNeural' };
  await waitFor(() =>
    expect(sent().map(({ body }) => body)).toEqual([
      { settings: { stt_engine: 'local', whisper_model: 'whisper-small' } },
      {
        settings: {
          tts_engine: 'local',
          tts_voice: '',
          tts_voices: { ...edge, 'local:it': 'it_IT-paola-medium' },
        },
      },
      {
        settings: {
          tts_engine: 'local',
          tts_voice: '',
          tts_voices: { ...edge, 'local:it': 'if_sara', 'local:en': 'af_heart' },
        },
      },
    ]),
  );
});

test('a voice that the settings name is in use', async () => {
  const { row } = await openCard([model('piper-it_IT-paola-medium', 'tts', { languages: ['it'] })], {
    tts_voices: { 'local:it': 'it_IT-paola-medium' },
  });
  expect((await row('piper-it_IT-paola-medium')).getByText('In use')).toBeDefined();
});

test('without local engines the page says so and nothing alarms', async () => {
  await openCard([], {}, () => ({ status: 503, body: { detail: 'There are no local engines.' } }));
  expect(await screen.findByText('There are no local engines.')).toBeDefined();
  expect(screen.queryByRole('alert')).toBeNull();
});
