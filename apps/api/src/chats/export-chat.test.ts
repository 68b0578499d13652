import { type ChatResponse, chatResponseSchema } from '@sophy/contracts/http-chat';
import { describe, expect, test } from 'vitest';
import { exportChat } from './export-chat.ts';

const chat: ChatResponse = chatResponseSchema.parse({
  id: '0b9ffdd4-1d0f-4a3b-8b19-3b2f0a4f6a11',
  title: 'Stanza *blu*',
  room_name: 'blu',
  created_at: '2026-01-01T10:00:00.000Z',
  updated_at: '2026-01-01T10:00:02.500Z',
  message_count: 2,
  messages: [
    {
      id: '1',
      role: 'user',
      content: 'Che ore <b>sono</b> --> ora?\n\nDimmi & basta',
      speaker: 'Anna',
      created_at: '2026-01-01T10:00:00.000Z',
      interrupted: false,
    },
    {
      id: '2',
      role: 'assistant',
      content: 'Sono le',
      speaker: null,
      created_at: '2026-01-01T10:00:02.500Z',
      interrupted: true,
    },
  ],
});

describe('export of a chat', () => {
  test('text names the speakers and marks what was cut', () => {
    const { body, contentType } = exportChat(chat, 'txt', 'Sophy');
    expect(contentType).toBe('text/plain; charset=utf-8');
    expect(body).toContain('[2026-01-01T10:00:02.500Z] Sophy: Sono le —');
  });

  test('Markdown keeps marks of the speakers from becoming marks of the page', () => {
    const { body } = exportChat(chat, 'md', 'Sophy');
    expect(body).toContain('# Stanza \\*blu\\*');
    expect(body).toContain('\\<b\\>sono');
  });

  test('JSON reads back as the same chat', () => {
    expect(JSON.parse(exportChat(chat, 'json', 'Sophy').body)).toEqual(chat);
  });

  test('captions keep one cue for each message, whatever is in it', () => {
    const { body } = exportChat(chat, 'vtt', 'Sophy');
    expect(body).toBe(
      [
        'WEBVTT',
        '',
        '00:00:00.000 --> 00:00:02.867',
        '<v Anna>Che ore &lt;b&gt;sono&lt;/b&gt; --&gt; ora?\nDimmi &amp; basta',
        '',
        '00:00:02.500 --> 00:00:03.500',
        '<v Sophy>Sono le —',
        '',
      ].join('\n'),
    );
  });

  test('an empty chat is a valid file in every format', () => {
    for (const format of ['txt', 'md', 'json', 'vtt'] as const) {
      expect(exportChat({ ...chat, messages: [] }, format, 'Sophy').body).not.toContain('NaN');
    }
  });
});
