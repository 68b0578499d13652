/** Which marks of pauses, spelling and emphasis a voice understands. */

/** `none`: as words and punctuation, or not at all. */
export type SpeechMarkup = 'none' | 'ssml' | 'elevenlabs' | 'cartesia';
