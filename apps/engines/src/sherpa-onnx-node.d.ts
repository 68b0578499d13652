/** The parts of the untyped package that are used here. */
declare module 'sherpa-onnx-node' {
  export type OfflineRecognizerConfig = {
    featConfig: { sampleRate: number; featureDim: number };
    modelConfig: {
      whisper?: { encoder: string; decoder: string; language: string; task: string; tailPaddings: number };
      transducer?: { encoder: string; decoder: string; joiner: string };
      modelType?: string;
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
    /** Whisper leaves the times empty; transducers leave the language empty. Times are in seconds. */
    getResult(stream: OfflineStream): {
      text: string;
      lang: string;
      tokens: string[];
      timestamps: number[];
      durations?: number[];
    };
  }
  export type OnlineRecognizerConfig = {
    featConfig: { sampleRate: number; featureDim: number };
    modelConfig: {
      transducer: { encoder: string; decoder: string; joiner: string };
      tokens: string;
      numThreads: number;
      provider: string;
      debug: boolean;
    };
    enableEndpoint: boolean;
  };
  class OnlineStream {
    acceptWaveform(audio: { samples: Float32Array; sampleRate: number }): void;
  }
  class OnlineRecognizer {
    constructor(configuration: OnlineRecognizerConfig);
    createStream(): OnlineStream;
    isReady(stream: OnlineStream): boolean;
    decode(stream: OnlineStream): void;
    reset(stream: OnlineStream): void;
    getResult(stream: OnlineStream): { text: string };
  }
  class LinearResampler {
    constructor(inputSampleRate: number, outputSampleRate: number);
    /** Keeps what it needs for the next samples. */
    resample(samples: Float32Array): Float32Array;
    flush(samples: Float32Array): Float32Array;
  }
  export type OfflineTtsConfig = {
    model: {
      vits?: { model: string; tokens: string; dataDir: string };
      kokoro?: {
        model: string;
        voices: string;
        tokens: string;
        dataDir: string;
        lexicon: string;
        /** Language code of espeak-ng; left out: English by the lexicon. */
        lang?: string;
      };
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
    readonly OnlineRecognizer: typeof OnlineRecognizer;
    readonly LinearResampler: typeof LinearResampler;
    readonly OfflineTts: typeof OfflineTts;
  };
  export default sherpa;
}
