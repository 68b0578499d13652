import { expect, test } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { joinProblemOf } from './join-problem.ts';

test('a taken name is said at the name field', () => {
  expect(joinProblemOf(new ApiError('refused', 409, 'taken'))).toEqual({
    at: 'name',
    text: 'join.nameTaken',
  });
});

test('a part that is down is named with the words of the service', () => {
  expect(joinProblemOf(new ApiError('refused', 503, 'LiveKit does not answer.'))).toMatchObject({
    text: 'join.partDown',
    detail: 'LiveKit does not answer.',
  });
});

test('a full fleet is no part that is down', () => {
  const error = new ApiError('refused', 503, 'Every agent is in a call.', { code: 'fleet-full' });
  expect(joinProblemOf(error)).toEqual({ at: 'form', text: 'join.allBusy', detail: '' });
});

test.each([
  [new ApiError('unreachable', 0, ''), 'join.unreachable'],
  [new ApiError('refused', 429, 'slow down'), 'join.tooMany'],
  [new ApiError('refused', 403, 'The room is full.'), 'join.refused'],
  [new ApiError('malformed', 200, '/api/token'), 'join.unexpected'],
  [new TypeError('a mistake of the page'), 'join.unexpected'],
] as const)('%s', (error, text) => {
  expect(joinProblemOf(error)).toMatchObject({ at: 'form', text });
});
