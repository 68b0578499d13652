/** Languages of multilingual Whisper. Any other code kills the native recognizer, and the process with it. */

const codes =
  'af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh';

export const whisperLanguages: ReadonlySet<string> = new Set(codes.split(' '));

/** The code that Whisper knows: `it-IT` is `it`; undefined for an unknown language. */
export function whisperLanguage(language: string): string | undefined {
  const [code = ''] = language.trim().toLowerCase().split(/[-_]/);
  return whisperLanguages.has(code) ? code : undefined;
}
