/** The parts of the untyped package that are used here and by scripts/models. */
declare module '@echogarden/espeak-ng-emscripten' {
  export type EspeakWorker = {
    /** Name or language of a voice, such as `it`. */
    set_voice(voice: string): number;
    /** Words per minute, 175 by default. */
    set_rate(wordsPerMinute: number): number;
    get_samplerate(): number;
    /** Calls back with each piece of audio as it is made; returning true stops. Blocks until the end. */
    synthesize(text: string, callback: (samples: Int16Array | null, events: unknown) => boolean): void;
  };
  export type EspeakModule = {
    readonly eSpeakNGWorker: new () => EspeakWorker;
    readonly FS: {
      readdir(path: string): string[];
      stat(path: string): { mode: number };
      isDir(mode: number): boolean;
      readFile(path: string): Uint8Array;
    };
  };
  export default function createModule(): Promise<EspeakModule>;
}
