/** Queries that the first page needs; apart from the rest so that it loads little. */
import { queryOptions } from '@tanstack/react-query';
import { requestJson } from './request.ts';

const contracts = () => import('@sophy/contracts/http-status');

const retryIntervalMs = 4_000;

export const configQuery = () =>
  queryOptions({
    queryKey: ['config'],
    queryFn: ({ signal }) =>
      requestJson(async () => (await contracts()).configResponseSchema, '/api/config', { signal }),
    refetchInterval: (query) => (query.state.status === 'error' ? retryIntervalMs : false),
  });

export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: ({ signal }) =>
      requestJson(async () => (await contracts()).healthResponseSchema, '/api/health', { signal }),
  });

export const statusQuery = () =>
  queryOptions({
    queryKey: ['status'],
    queryFn: ({ signal }) =>
      requestJson(async () => (await contracts()).statusResponseSchema, '/api/status', { signal }),
    refetchInterval: (query) => (query.state.status === 'error' ? retryIntervalMs : 10_000),
  });
