/** Which language a reply is spoken in. */

export type SpokenLanguage = 'en' | 'it';

/** The language to speak in: the setting, else the speaker's, else the fallback. */
export function spokenLanguage(
  setting: string,
  spoken: string | undefined,
  fallback: SpokenLanguage,
): SpokenLanguage {
  if (setting === 'en' || setting === 'it') return setting;
  if (spoken === 'en' || spoken === 'it') return spoken;
  return fallback;
}
