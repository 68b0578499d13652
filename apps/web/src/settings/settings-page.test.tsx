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

const noSecret = { set: false, last4: '' };
const stored = {
  ...settingsSchema.parse({ llm_provider: 'openrouter' }),
  ...mapSecretSettings(() => noSecret),
  openrouter_api_key: { set: true, last4: '9f2c' },
};

function service(onSave: (request: RecordedRequest) => ScriptedAnswer) {
  return (request: RecordedRequest): ScriptedAnswer => {
    if (request.path === '/api/settings' && request.method === 'POST') return onSave(request);
    if (request.path === '/api/settings') return { body: { settings: stored, version: 1 } };
    if (request.path === '/api/engines') return { body: enginesResponse };
    if (request.path.startsWith('/api/tts/')) {
      return {
        body: {
          engine: 'local',
          voices: [{ id: 'paola', name: 'Paola', gender: 'female', locale: 'it-IT' }],
        },
      };
    }
    return { body: { models: [], count: 0 } };
  };
}

const saved = (): ScriptedAnswer => ({ body: { status: 'ok', updated: [] } });
const section = (name: string) => screen.findByRole('region', { name });

test('a refused value shows the reason at its field and keeps what was typed', async () => {
  scriptService(service(() => ({ status: 422, body: { detail: 'tts_speed: must be at most 2.' } })));
  await renderPage(SettingsPage);
  const voice = within(await section('Voice'));
  const speed = voice.getByLabelText('Speed');
  fireEvent.change(speed, { target: { value: '5' } });
  fireEvent.click(voice.getByRole('button', { name: 'Save Voice' }));
  await voice.findByText('must be at most 2.');
  expect(speed.getAttribute('aria-invalid')).toBe('true');
  expect(speed).toHaveProperty('value', '5');
  expect(voice.getByLabelText('Language of the voice').getAttribute('aria-invalid')).toBeNull();
});

test('saving sends only what was changed in that section', async () => {
  const requests = scriptService(service(saved));
  await renderPage(SettingsPage);
  const turns = within(await section('Turns'));
  fireEvent.click(turns.getByLabelText('Answer everything'));
  fireEvent.click(turns.getByRole('button', { name: 'Save Turns' }));
  await turns.findByText('Saved. Applies from the next turn.');
  const posted = requests.filter((request) => request.method === 'POST');
  expect(posted.map((request) => request.body)).toEqual([{ settings: { force_agent_response: true } }]);
});

test('a stored key shows its last four characters, and only a new one is sent', async () => {
  const requests = scriptService(service(saved));
  await renderPage(SettingsPage);
  const brain = within(await section('Brain'));
  expect(brain.getByText(/Set, ends with 9f2c/)).toBeDefined();
  const save = brain.getByRole('button', { name: 'Save Brain' });
  fireEvent.change(brain.getByLabelText('OpenRouter key'), { target: { value: 'sk-new' } });
  fireEvent.change(brain.getByLabelText('OpenRouter key'), { target: { value: '' } });
  expect(save).toHaveProperty('disabled', true);
  fireEvent.change(brain.getByLabelText('OpenRouter key'), { target: { value: 'sk-newer' } });
  fireEvent.click(save);
  await waitFor(() =>
    expect(requests.find((request) => request.method === 'POST')?.body).toEqual({
      settings: { openrouter_api_key: 'sk-newer' },
    }),
  );
});

test('other names are sent as a list', async () => {
  const requests = scriptService(service(saved));
  await renderPage(SettingsPage);
  const persona = within(await section('Persona'));
  fireEvent.change(persona.getByLabelText('Other names'), { target: { value: 'sofi, so fi\nsafi,' } });
  fireEvent.click(persona.getByRole('button', { name: 'Save Persona' }));
  await waitFor(() =>
    expect(requests.find((request) => request.method === 'POST')?.body).toEqual({
      settings: { agent_aliases: ['sofi', 'so fi', 'safi'] },
    }),
  );
});

test('a service that is down is named in words', async () => {
  scriptService(() => ({ status: 503, body: { detail: 'The database does not answer.' } }));
  await renderPage(SettingsPage);
  expect(
    await screen.findByText(/The database does not answer\. The page tries again by itself\./),
  ).toBeDefined();
});
