/** The parts of the untyped package that are used here. */
declare module 'sherpa-onnx-node' {
  export type OfflineRecognizerConfig = {
    featConfig: { sampleRate: number; featureDim: number };
    modelConfig: {
      whisper: { encoder: string; decoder: string; language: string; task: string; tailPaddings: number };
      tokens: string;
      numThreads: number;
      provider: string;
      debug: boolean;
    };
  };
  class OfflineStream {
    acceptWaveform(audio: { samples: Float32Array; sampleRate: number }): void;
  }
  class OfflineRecognizer {
    constructor(configuration: OfflineRecognizerConfig);
    /** Holds for streams decoded afterwards. */
    setConfig(configuration: OfflineRecognizerConfig): void;
    createStream(): OfflineStream;
    decode(stream: OfflineStream): void;
    getResult(stream: OfflineStream): { text: string; lang: string };
  }
  class LinearResampler {
    constructor(inputSampleRate: number, outputSampleRate: number);
    flush(samples: Float32Array): Float32Array;
  }
  export type OfflineTtsConfig = {
    model: {
      vits: { model: string; tokens: string; dataDir: string };
      numThreads: number;
      provider: string;
      debug: boolean;
    };
    maxNumSentences: number;
  };
  class OfflineTts {
    static createAsync(configuration: OfflineTtsConfig): Promise<OfflineTts>;
    readonly sampleRate: number;
    generateAsync(request: {
      text: string;
      sid: number;
      speed: number;
      enableExternalBuffer?: boolean;
      /** One call a sentence; returning 0 stops. */
      onProgress?: (progress: { samples: Float32Array; progress: number }) => number;
    }): Promise<{ samples: Float32Array; sampleRate: number }>;
  }
  /** A CommonJS module whose names Node does not see: everything hangs on the default export. */
  const sherpa: {
    readonly OfflineRecognizer: typeof OfflineRecognizer;
    readonly LinearResampler: typeof LinearResampler;
    readonly OfflineTts: typeof OfflineTts;
  };
  export default sherpa;
}
