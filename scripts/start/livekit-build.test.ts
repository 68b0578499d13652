import { expect, test } from 'vitest';
import { goProblem } from './livekit-build.ts';

test.each([
  ['go version go1.26.8 linux/amd64', 'local', undefined],
  ['go version go1.27.0 darwin/arm64', 'local', undefined],
  ['go version go2.0.0 linux/amd64', 'local', undefined],
  ['go version go1.22.1 linux/amd64', 'auto', undefined],
  ['go version go1.22.1 linux/amd64', 'local', 'Go 1.22 is here, 1.26 or newer is needed'],
  ['go version go1.19.8 linux/amd64', 'auto', 'Go 1.19 is here, 1.26 or newer is needed'],
  ['gopher', 'auto', '"go version" says gopher'],
])('%s with GOTOOLCHAIN=%s: %s', (version, toolchain, problem) => {
  expect(goProblem(version, toolchain)).toBe(problem);
});
