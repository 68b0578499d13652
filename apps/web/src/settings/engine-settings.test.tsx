import { mapSecretSettings } from '@sophy/contracts/map-secret-settings';
import { settingsSchema } from '@sophy/contracts/settings';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import {
  type RecordedRequest,
  renderPage,
  type ScriptedAnswer,
  scriptService,
} from '../testing/render-page.tsx';
import { enginesResponse } from './engines-response.test-support.ts';
import { SettingsPage } from './settings-page.tsx';

const stored = { ...settingsSchema.parse({}), ...mapSecretSettings(() => ({ set: false, last4: '' })) };
const saved: ScriptedAnswer = { body: { status: 'ok', updated: [] } };

/** Draws the page; returns the section and what was posted to an address. */
async function openSection(
  name: string,
  answer: (request: RecordedRequest) => ScriptedAnswer | undefined = () => undefined,
) {
  const requests = scriptService((request) => {
    const special = answer(request);
    if (special !== undefined) return special;
    if (request.method === 'POST') return saved;
    if (request.path === '/api/settings') return { body: { settings: stored, version: 1 } };
    if (request.path === '/api/engines') return { body: enginesResponse };
    if (request.path.startsWith('/api/tts/')) return { body: { engine: 'local', voices: [] } };
    if (request.path === '/api/ollama/models') return { body: { models: [], host: '' } };
    return { body: { models: [] } };
  });
  await renderPage(SettingsPage);
  const section = within(await screen.findByRole('region', { name }));
  const posted = (path: string) =>
    requests.filter((each) => each.method === 'POST' && each.path === path).map(({ body }) => body);
  return { section, posted };
}

/** By label or text: to reckon every role of so long a page takes seconds. */
function press(section: ReturnType<typeof within>, name: string) {
  fireEvent.click(section.queryByLabelText(name) ?? section.getByText(name));
}
function choose(section: ReturnType<typeof within>, label: string, value: string) {
  fireEvent.change(section.getByLabelText(label), { target: { value } });
}

test('the fields of the engines in use are shown, and no others', async () => {
  const { section } = await openSection('Brain');
  expect(section.queryByLabelText('Groq key')).toBeNull();
  choose(section, 'Language model', 'groq');
  expect(section.getByLabelText('Groq key')).toBeDefined();
  expect(section.queryByLabelText('Ollama model')).toBeNull();
  choose(section, 'Add an engine that takes over', 'cerebras');
  expect(section.getByLabelText('Cerebras key')).toBeDefined();
  press(section, 'Remove Cerebras');
  expect(section.queryByLabelText('Cerebras key')).toBeNull();
});

test('an engine says what it costs, what it still needs and that calls leave it out', async () => {
  const { section } = await openSection('Brain');
  expect(within(section.getByRole('group', { name: 'Local' })).getByText('Price unknown')).toBeDefined();
  choose(section, 'Language model', 'groq');
  const groq = within(section.getByRole('group', { name: 'Groq' }));
  expect(groq.getByText('$0.075 in, $0.30 out per million tokens')).toBeDefined();
  expect(groq.getByText('Still missing: Groq key.')).toBeDefined();
  expect(groq.getByText('Left out now: it fails')).toBeDefined();
  choose(section, 'Groq key', 'gsk-typed');
  expect(groq.queryByText('Still missing: Groq key.')).toBeNull();
});

test('engines that take over are put in order and sent in that order', async () => {
  const { section, posted } = await openSection('Brain');
  choose(section, 'Add an engine that takes over', 'groq');
  choose(section, 'Add an engine that takes over', 'cerebras');
  press(section, 'Move Cerebras up');
  expect(section.getByText('Cerebras is now number 1 of 2.')).toBeDefined();
  // The first cannot go further up.
  press(section, 'Move Cerebras up');
  press(section, 'Save Brain');
  await waitFor(() =>
    expect(posted('/api/settings')).toEqual([{ settings: { llm_fallbacks: ['cerebras', 'groq'] } }]),
  );
});

test('after an engine is removed the focus is where another can be added', async () => {
  const { section } = await openSection('Brain');
  choose(section, 'Add an engine that takes over', 'groq');
  press(section, 'Remove Groq');
  expect(document.activeElement).toBe(section.getByLabelText('Add an engine that takes over'));
  expect(section.getByText('Groq is removed.')).toBeDefined();
});

test('a voice for an engine and a language is a row', async () => {
  const { section, posted } = await openSection('Voice');
  press(section, 'Add a voice');
  const row = within(section.getByRole('group', { name: 'Voice 1' }));
  choose(row, 'Engine', 'edge');
  choose(row, 'Language', 'it');
  choose(row, 'Voice', 'it-IT-ElsaNeural');
  press(section, 'Save Voice');
  await waitFor(() =>
    expect(posted('/api/settings')).toEqual([
      { settings: { tts_voices: { 'edge:it': 'it-IT-ElsaNeural' } } },
    ]),
  );
});

test('another voice engine begins without the voice of the one before', async () => {
  const settings = { ...stored, tts_voice: 'it-paola' };
  const { section, posted } = await openSection('Voice', ({ path, method }) =>
    path === '/api/settings' && method === 'GET' ? { body: { settings, version: 1 } } : undefined,
  );
  choose(section, 'Speech synthesis', 'edge');
  press(section, 'Save Voice');
  await waitFor(() =>
    expect(posted('/api/settings')).toEqual([{ settings: { tts_engine: 'edge', tts_voice: '' } }]),
  );
});

test('a test tries what is typed and says in words how it went', async () => {
  const path = '/api/engines/llm/groq/test';
  let answer = { ok: false, took_ms: 80, words: null, message: 'Groq answered 401; check the key.' };
  const { section, posted } = await openSection('Brain', (request) =>
    request.path === path ? { body: answer } : undefined,
  );
  choose(section, 'Language model', 'groq');
  choose(section, 'Groq key', 'gsk-typed');
  press(section, 'Test Groq');
  await section.findByText('It does not work. Groq answered 401; check the key.');
  expect(posted(path)).toEqual([{ settings: { llm_provider: 'groq', groq_api_key: 'gsk-typed' } }]);
  answer = { ok: true, took_ms: 120, words: null, message: 'Groq answers.' };
  press(section, 'Test Groq');
  await section.findByText('It works: an answer began after 120 ms.');
});

test('a test of the ears says what they heard', async () => {
  const { section } = await openSection('Ears', ({ path }) =>
    path === '/api/engines/stt/local/test'
      ? { body: { ok: true, took_ms: 90, words: 'the train leaves', message: '' } }
      : undefined,
  );
  press(section, 'Test Local');
  await section.findByText('It works: after 90 ms it heard “the train leaves”.');
});

test('an engine that failed its trial can be saved without checking', async () => {
  const { section, posted } = await openSection('Brain', ({ path, method, body }) => {
    if (path !== '/api/settings' || method !== 'POST') return undefined;
    if (typeof body === 'object' && body !== null && 'check' in body) return saved;
    const detail = 'llm_provider: Groq answered 401; check the key. Nothing was changed.';
    return { status: 422, body: { detail, code: 'engine_check_failed' } };
  });
  choose(section, 'Language model', 'groq');
  press(section, 'Save Brain');
  await section.findByText('Groq answered 401; check the key. Nothing was changed.');
  expect(section.getByLabelText('Language model').getAttribute('aria-invalid')).toBe('true');
  press(section, 'Save without checking');
  await section.findByText('Saved. Applies from the next turn.');
  expect(posted('/api/settings')).toEqual([
    { settings: { llm_provider: 'groq' } },
    { settings: { llm_provider: 'groq' }, check: false },
  ]);
});

test('a refusal for another reason offers no way around it', async () => {
  const { section } = await openSection('Brain', ({ path, method }) =>
    path === '/api/settings' && method === 'POST'
      ? { status: 422, body: { detail: 'groq_api_key: is required when llm_provider is groq' } }
      : undefined,
  );
  choose(section, 'Language model', 'groq');
  press(section, 'Save Brain');
  await section.findByText('is required when llm_provider is groq');
  expect(section.queryByText('Save without checking')).toBeNull();
});
