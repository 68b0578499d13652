/** What the doctor says of one part. */

export type Finding = {
  readonly part: string;
  /** `note`: works, and there is something worth knowing. */
  readonly state: 'fine' | 'note' | 'broken';
  /** What was found; for `broken`, the cause. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
};

const marks = { fine: '✓', note: '·', broken: '✗' } as const;

/** One line a part, the fix below it. Pure. */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.part.length));
  return findings
    .flatMap(({ part, state, message, fix }) => [
      `${marks[state]} ${part.padEnd(width)}  ${message}`,
      ...(fix === undefined ? [] : [`  ${' '.repeat(width)}  → ${fix}`]),
    ])
    .join('\n');
}

/** Last line, e.g. `9 parts looked at, 1 broken`. */
export function closingWords(findings: readonly Finding[]): string {
  const broken = findings.filter((finding) => finding.state === 'broken').length;
  return `${findings.length} parts looked at, ${broken === 0 ? 'none' : broken} broken`;
}
