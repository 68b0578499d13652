/** Query definitions of everything that pages read; keys live here only. */
import { chatListResponseSchema, chatResponseSchema } from '@sophy/contracts/http-chat';
import {
  engineModelsResponseSchema,
  enginesResponseSchema,
  ttsVoicesResponseSchema,
} from '@sophy/contracts/http-engines';
import { settingsResponseSchema } from '@sophy/contracts/http-settings';
import { timingResponseSchema } from '@sophy/contracts/http-status';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { requestJson } from './request.ts';

export const chatsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['chats', { search }],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      if (search !== '') query.set('search', search);
      if (pageParam !== null) query.set('cursor', pageParam);
      const suffix = query.size === 0 ? '' : `?${query}`;
      return requestJson(async () => chatListResponseSchema, `/api/chats${suffix}`, { signal });
    },
    getNextPageParam: (page) => page.next_cursor,
  });

export const chatQuery = (chatId: string) =>
  queryOptions({
    queryKey: ['chat', chatId],
    queryFn: ({ signal }) =>
      requestJson(async () => chatResponseSchema, `/api/chats/${encodeURIComponent(chatId)}`, { signal }),
  });

export const settingsQuery = () =>
  queryOptions({
    queryKey: ['settings'],
    queryFn: ({ signal }) => requestJson(async () => settingsResponseSchema, '/api/settings', { signal }),
  });

export const timingQuery = () =>
  queryOptions({
    queryKey: ['timing'],
    queryFn: ({ signal }) => requestJson(async () => timingResponseSchema, '/api/timing', { signal }),
    refetchInterval: 10_000,
  });

export const voicesQuery = (engine: string) =>
  queryOptions({
    queryKey: ['voices', engine],
    queryFn: ({ signal }) =>
      requestJson(async () => ttsVoicesResponseSchema, `/api/tts/${encodeURIComponent(engine)}/voices`, {
        signal,
      }),
  });

export const enginesQuery = () =>
  queryOptions({
    queryKey: ['engines'],
    queryFn: ({ signal }) => requestJson(async () => enginesResponseSchema, '/api/engines', { signal }),
  });

export const engineModelsQuery = (stage: string, engine: string) =>
  queryOptions({
    queryKey: ['engine-models', stage, engine],
    queryFn: ({ signal }) =>
      requestJson(async () => engineModelsResponseSchema, `/api/engines/${stage}/${engine}/models`, {
        signal,
      }),
  });
