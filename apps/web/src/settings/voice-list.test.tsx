import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderPage, scriptService } from '../testing/render-page.tsx';
import { VoiceList } from './voice-list.tsx';

test('a voice that another card has set is not written over by a row that is added later', async () => {
  scriptService(() => ({ body: { engine: 'edge', voices: [] } }));
  const changes: unknown[] = [];
  function Page() {
    const [value, setValue] = useState<Readonly<Record<string, string>>>({});
    const change = (changed: Readonly<Record<string, string>>) => {
      changes.push(changed);
      setValue(changed);
    };
    return (
      <>
        <button type="button" onClick={() => setValue({ 'local:it': 'paola' })}>
          Elsewhere
        </button>
        <VoiceList label="Voices" hint="" error={undefined} engine="edge" value={value} onChange={change} />
      </>
    );
  }
  await renderPage(Page);
  fireEvent.click(await screen.findByText('Elsewhere'));
  fireEvent.click(screen.getByText('Add a voice'));
  fireEvent.change(screen.getAllByLabelText('Voice')[1] ?? document.body, { target: { value: 'elsa' } });
  expect(changes.at(-1)).toEqual({ 'local:it': 'paola', edge: 'elsa' });
});
