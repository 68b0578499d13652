/** A judged call for people. */
import { alignRows } from '../report.ts';
import { rate, type WordCount } from './heard-words.ts';
import type { JudgedCall, JudgedTurn } from './judged-call.ts';

const header = ['sentence', 'call', 'detected', 'told', 'found', 'followed', 'turns', 'ms', 'answer'];

/** Conditions, a row for each sentence, what was heard where it was wrong, and the totals. */
export function callLines(call: JudgedCall): readonly string[] {
  const { caller, recognition, load1m, turns, totals, voiceToVoiceMs: latency } = call;
  return [
    `caller ${caller}, whisper_language ${recognition}, tts_language auto, load ${load1m.before.toFixed(1)} to ${load1m.after.toFixed(1)}`,
    'Wrong words of all words: in the call (caption), and of the same clip by upload with the language detected (found: which) and told.',
    'followed: language that the answer is spoken in. ms: last voiced sample of the caller to first sound of the agent, a filler',
    "included. answer: wrong words when the same recognition hears the agent's voice; stopped answers end in the middle of a word.",
    'The demo brain knows next to nothing: that it answers, and in which language, is all that counts.',
    '',
    alignRows(header, turns.map(row)),
    '',
    ...turns.filter(({ inCall }) => inCall.errors > 0).map(({ text, caption }) => `  ${text}  →  ${caption}`),
    '',
    ...Object.entries(totals).map(
      ([language, of]) =>
        `${language}: ${of.sentences} sentences, ${of.answered} answered, ${of.followed} in their language (detected by the model alone: ${of.detectedRight}); wrong words: call ${rate(of.inCall)} of ${of.inCall.words}, detected ${rate(of.detected)}, told ${rate(of.told)}; agent's voice ${rate(of.answer)} of ${of.answer.words}`,
    ),
    latency === undefined
      ? 'no answer was heard'
      : `voice to voice, n = ${latency.count}: p50 ${latency.p50.toFixed(0)} ms, p95 ${latency.p95.toFixed(0)} ms`,
  ];
}

function row(turn: JudgedTurn): readonly string[] {
  return [
    `${turn.language} ${turn.text}`,
    share(turn.inCall),
    share(turn.detected),
    share(turn.told),
    turn.detected.language ?? '-',
    turn.followed ?? '-',
    String(turn.turnCount),
    turn.voiceToVoiceMs?.toFixed(0) ?? 'none',
    turn.answer === undefined ? '-' : share(turn.answer),
  ];
}

function share({ errors, words }: WordCount): string {
  return `${errors}/${words}`;
}
