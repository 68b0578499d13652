/** What computes recognition and voices: the processor, or a graphics card where sherpa-onnx can use one. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type ComputeProvider = 'cpu' | 'cuda' | 'coreml';

export type ProviderChoice = {
  readonly provider: ComputeProvider;
  /** Why it is not the one asked for; undefined: it is. */
  readonly fallbackReason: string | undefined;
};

export type MachineFacts = {
  readonly platform: string;
  /** Whether the installed sherpa-onnx brings the CUDA library of onnxruntime. */
  readonly hasCudaLibrary: boolean;
};

/** The provider that works on this machine; `cpu` always does. */
export function chooseProvider(wanted: ComputeProvider, machine: MachineFacts): ProviderChoice {
  switch (wanted) {
    case 'cpu':
      return { provider: 'cpu', fallbackReason: undefined };
    case 'coreml':
      if (machine.platform === 'darwin') return { provider: 'coreml', fallbackReason: undefined };
      return { provider: 'cpu', fallbackReason: 'coreml is there on macOS only' };
    case 'cuda':
      if (machine.hasCudaLibrary) return { provider: 'cuda', fallbackReason: undefined };
      return {
        provider: 'cpu',
        fallbackReason:
          'the installed sherpa-onnx was built without CUDA; see docs/local-engines.md for one that has it',
      };
    default:
      return wanted satisfies never;
  }
}

export function machineFacts(): MachineFacts {
  return { platform: process.platform, hasCudaLibrary: findCudaLibrary() };
}

/** The platform package of sherpa-onnx-node sits beside it under a name made of platform and architecture. */
function findCudaLibrary(): boolean {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const library =
    process.platform === 'win32'
      ? 'onnxruntime_providers_cuda.dll'
      : `libonnxruntime_providers_cuda.${process.platform === 'darwin' ? 'dylib' : 'so'}`;
  try {
    const main = createRequire(import.meta.url).resolve('sherpa-onnx-node');
    const platformPackage = createRequire(main).resolve(`sherpa-onnx-${system}-${process.arch}/package.json`);
    return existsSync(join(dirname(platformPackage), library));
  } catch {
    // Without the platform package nothing is recognized anyway; loading the first model says so.
    return false;
  }
}
