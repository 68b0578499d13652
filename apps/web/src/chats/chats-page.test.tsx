import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { type RecordedRequest, renderPage, scriptService } from '../testing/render-page.tsx';
import { ChatsPage } from './chats-page.tsx';

function chat(number: number, title: string) {
  return {
    id: `0195a6de-6d8b-7c3e-9d0a-00000000000${number}`,
    title,
    room_name: 'lobby',
    created_at: '2026-11-20T09:12:00Z',
    updated_at: '2026-11-20T09:15:00Z',
    message_count: number,
  };
}

function pagesOf(request: RecordedRequest) {
  const query = new URL(request.path, 'http://service').searchParams;
  if (query.has('search')) return { body: { chats: [], next_cursor: null } };
  if (query.get('cursor') === 'after-1') return { body: { chats: [chat(2, 'Second')], next_cursor: null } };
  return { body: { chats: [chat(1, 'First')], next_cursor: 'after-1' } };
}

test('shows the chats and fetches more by the cursor until there are none', async () => {
  scriptService(pagesOf);
  await renderPage(ChatsPage);
  const first = await screen.findByRole('link', { name: /First/ });
  expect(first.getAttribute('href')).toBe('/chats/0195a6de-6d8b-7c3e-9d0a-000000000001');
  expect(first.textContent).toContain('1 message');
  fireEvent.click(screen.getByRole('button', { name: 'Show more' }));
  await screen.findByRole('link', { name: /Second/ });
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});

test('searching asks the service and says when nothing was found', async () => {
  const requests = scriptService(pagesOf);
  await renderPage(ChatsPage);
  fireEvent.change(await screen.findByLabelText('Search in chats'), { target: { value: ' trip & co ' } });
  await screen.findByText('Nothing found for “trip & co”.');
  expect(requests.at(-1)?.path).toBe('/api/chats?search=trip+%26+co');
});

test('a missing password leads to the login', async () => {
  scriptService(() => ({ status: 401, body: { detail: 'Log in first.' } }));
  let asked = 0;
  await renderPage(ChatsPage, () => {
    asked += 1;
  });
  await waitFor(() => expect(asked).toBe(1));
});

test('no answer at all is said in words', async () => {
  scriptService(() => {
    throw new TypeError('fetch failed');
  });
  await renderPage(ChatsPage);
  expect(await screen.findByText('The service does not answer')).toBeDefined();
});
