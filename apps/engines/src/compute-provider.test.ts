import { expect, it } from 'vitest';
import { chooseProvider } from './compute-provider.ts';

const linux = { platform: 'linux', hasCudaLibrary: false };

it.each([
  ['cpu', linux, 'cpu', undefined],
  ['cuda', { platform: 'linux', hasCudaLibrary: true }, 'cuda', undefined],
  ['cuda', linux, 'cpu', /built without CUDA/],
  ['coreml', { platform: 'darwin', hasCudaLibrary: false }, 'coreml', undefined],
  ['coreml', linux, 'cpu', /macOS/],
] as const)('%s on %j is %s', (wanted, machine, provider, reason) => {
  const choice = chooseProvider(wanted, machine);
  expect(choice.provider).toBe(provider);
  expect(choice.fallbackReason ?? '').toMatch(reason ?? /^$/);
});
