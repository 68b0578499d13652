/** Languages that the agent speaks, and in which of them it answers. */

export type SpokenLanguage = 'en' | 'it';

/** The language to speak in: the setting, else the speaker's, else the fallback. */
export function spokenLanguage(
  setting: string,
  spoken: string | undefined,
  fallback: SpokenLanguage,
): SpokenLanguage {
  return asSpokenLanguage(setting) ?? asSpokenLanguage(spoken) ?? fallback;
}

/** `it`, `it-IT`, `Italian`: engines name languages differently. Undefined: none that the agent speaks. */
export function asSpokenLanguage(name: string | undefined): SpokenLanguage | undefined {
  const start = name?.toLowerCase() ?? '';
  if (/^(?:en(?:[-_]|$)|english$)/.test(start)) return 'en';
  return /^(?:it(?:[-_]|$)|italian)/.test(start) ? 'it' : undefined;
}
