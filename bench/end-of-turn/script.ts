/** A turn as it is to be spoken: its words, and where the person pauses without being done. */

export type TurnKind =
  | 'clean'
  | 'question'
  | 'hesitation'
  | 'conjunction'
  | 'list'
  | 'number'
  | 'email'
  | 'spelling';

export type TurnScript = {
  readonly language: 'en' | 'it';
  readonly kind: TurnKind;
  /** The pieces between pauses. */
  readonly parts: readonly string[];
};

/** Scripts from lines in which `|` is a pause. */
export function scripts(
  language: TurnScript['language'],
  lines: Readonly<Record<TurnKind, readonly string[]>>,
): readonly TurnScript[] {
  const kinds: readonly TurnKind[] = [
    'clean',
    'question',
    'hesitation',
    'conjunction',
    'list',
    'number',
    'email',
    'spelling',
  ];
  return kinds.flatMap((kind) =>
    lines[kind].map((line) => ({ language, kind, parts: line.split('|').map((part) => part.trim()) })),
  );
}
