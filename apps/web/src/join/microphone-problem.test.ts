import { expect, test } from 'vitest';
import { microphoneProblemOf, microphoneProblemTexts } from './microphone-problem.ts';

test.each([
  ['NotAllowedError', 'denied'],
  ['PermissionDeniedError', 'denied'],
  ['NotFoundError', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotReadableError', 'busy'],
  ['AbortError', 'busy'],
] as const)('%s means %s', (name, problem) => {
  expect(microphoneProblemOf(new DOMException('', name), true)).toBe(problem);
});

test('an insecure page is named as such whatever was thrown', () => {
  expect(microphoneProblemOf(new TypeError('navigator.mediaDevices is undefined'), false)).toBe(
    'insecure-origin',
  );
});

test('each reason has its own title and advice', () => {
  const texts = Object.values(microphoneProblemTexts).flatMap(({ title, advice }) => [title, advice]);
  expect(new Set(texts).size).toBe(8);
});
