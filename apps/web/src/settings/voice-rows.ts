/** Voices by engine as rows of a form: the setting has `edge:it` where a row has engine and language. */

export type VoiceRow = {
  /** Tells rows apart while they change. */
  readonly id: number;
  readonly engine: string;
  /** Empty: all languages. */
  readonly language: string;
  readonly voice: string;
};

/** @param voices the value of `tts_voices`; what has another shape gives no rows. */
export function rowsOfVoices(voices: unknown): readonly VoiceRow[] {
  if (typeof voices !== 'object' || voices === null) return [];
  return Object.entries(voices).map(([key, voice], index) => {
    const [engine = '', language = ''] = key.split(':');
    return { id: index + 1, engine, language, voice: String(voice) };
  });
}

/** Rows without a voice are left out; of two for the same engine and language the later one counts. */
export function voicesOfRows(rows: readonly VoiceRow[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rows
      .filter(({ voice }) => voice.trim() !== '')
      .map(({ engine, language, voice }) => [
        language === '' ? engine : `${engine}:${language}`,
        voice.trim(),
      ]),
  );
}
