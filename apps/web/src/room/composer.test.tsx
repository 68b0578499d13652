import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderPage } from '../testing/render-page.tsx';
import { Composer } from './composer.tsx';

async function drawComposer(agentName: string | null) {
  const onSend = vi.fn();
  await renderPage(() => <Composer isEnabled agentName={agentName} onSend={onSend} />);
  const message = await screen.findByLabelText('Message');
  const write = (text: string) => fireEvent.change(message, { target: { value: text } });
  const choose = (to: string) =>
    fireEvent.change(screen.getByLabelText('Send to'), { target: { value: to } });
  return { onSend, message, write, choose };
}

test('a message goes to everybody unless the agent alone is chosen', async () => {
  const { onSend, message, write, choose } = await drawComposer('Sophy');
  write(' hello ');
  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  choose('agent');
  expect(message.getAttribute('placeholder')).toBe('Write only to Sophy');
  write('psst');
  fireEvent.click(screen.getByRole('button', { name: 'Send only to Sophy' }));
  expect(onSend.mock.calls).toEqual([
    ['hello', 'everybody'],
    ['psst', 'agent'],
  ]);
});

test('the choice of the agent alone stays for the next message', async () => {
  const { onSend, message, write, choose } = await drawComposer('Sophy');
  choose('agent');
  for (const text of ['one', 'two']) {
    write(text);
    fireEvent.submit(message);
  }
  expect(onSend.mock.calls.map(([, to]) => to)).toEqual(['agent', 'agent']);
});

test('private words are never sent to everybody because the agent is away', async () => {
  const { onSend, message, write, choose } = await drawComposer(null);
  expect(screen.getByRole('option', { name: 'Only Agent' })).toHaveProperty('disabled', true);
  choose('agent');
  write('psst');
  fireEvent.submit(message);
  expect(onSend).not.toHaveBeenCalled();
  expect(message).toHaveProperty('value', 'psst');
});
