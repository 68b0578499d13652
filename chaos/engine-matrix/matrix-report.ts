/** What a matrix run came to: a line an engine, the promises, and which case broke which. Pure. */
import { summarize } from '@sophy/bench/percentiles';
import { alignRows } from '@sophy/bench/report';
import type { CaseResult } from './play-case.ts';

/** The promises of issue and specification: people are not left in silence, an answer comes, few words come twice. */
export const matrixPromises = { deadAirP95Ms: 4_000, answerMs: 6_000, repeatedWords: 3 } as const;

export function matrixReport(
  results: readonly CaseResult[],
  broken: readonly string[],
): { readonly lines: readonly string[]; readonly isKept: boolean } {
  const names = [...new Set(results.map(({ stage, engine }) => `${stage}:${engine}`))];
  const rows = names.map((name) => {
    const cases = results.filter(({ stage, engine }) => `${stage}:${engine}` === name);
    const answers = cases.flatMap(({ answerMs }) => (answerMs === null ? [] : [answerMs]));
    return [
      name,
      String(cases.length),
      summarize(cases.map(({ deadAirMs }) => deadAirMs)).p50.toFixed(0),
      summarize(cases.map(({ deadAirMs }) => deadAirMs)).max.toFixed(0),
      `${answers.length}`,
      answers.length === 0 ? '-' : summarize(answers).max.toFixed(0),
      Math.max(...cases.map(({ repeatedWords }) => repeatedWords)).toFixed(1),
      String(cases.filter(({ hasGoneOn }) => !hasGoneOn).length),
    ];
  });
  const complaints = [...broken, ...results.flatMap(complaintsOf)];
  const deadAir = results.length === 0 ? undefined : summarize(results.map(({ deadAirMs }) => deadAirMs));
  if (deadAir !== undefined && deadAir.p95 > matrixPromises.deadAirP95Ms)
    complaints.push(`dead air p95 ${deadAir.p95.toFixed(0)} ms, not ${matrixPromises.deadAirP95Ms}`);
  return {
    isKept: complaints.length === 0,
    lines: [
      alignRows(
        ['engine', 'n', 'dead air p50', 'max', 'answered', 'answer max', 'words twice', 'calls ended'],
        rows,
      ),
      '',
      deadAir === undefined
        ? 'nothing was measured'
        : `${results.length} cases, dead air p50 ${deadAir.p50.toFixed(0)}, p95 ${deadAir.p95.toFixed(0)}, max ${deadAir.max.toFixed(0)} ms`,
      ...(complaints.length === 0 ? ['Every promise was kept.'] : complaints),
    ],
  };
}

function complaintsOf(result: CaseResult): string[] {
  const { stage, engine, fault, answerMs, repeatedWords, hasGoneOn } = result;
  const name = `${stage}:${engine} ${fault}`;
  const complaints: string[] = [];
  if (!hasGoneOn) complaints.push(`${name}: the call did not go on`);
  if (answerMs === null) complaints.push(`${name}: there was no answer`);
  else if (answerMs > matrixPromises.answerMs)
    complaints.push(`${name}: the answer came after ${answerMs.toFixed(0)} ms`);
  if (repeatedWords > matrixPromises.repeatedWords)
    complaints.push(`${name}: ${repeatedWords.toFixed(1)} words were heard twice`);
  return complaints;
}
