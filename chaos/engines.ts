/** Scripted recognition, model and voice over their real wire formats. Every question carries a marker that its answer repeats. */
import type { LlmMessage } from '@sophy/conversation/llm-port';
import type { ScriptedAnswer } from '@sophy/providers/scripted/scripted-llm';
import { speechShapedAudio } from '@sophy/providers/scripted/speech-shaped-audio';
import { type ScriptedEngineServer, startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { createRandom } from './random.ts';

export const greeting = 'Hello, I am here.';
const markerPattern = /\b[qs]\d{4,}\b/g;
const speechSampleRateHz = 24_000;
/** A voice says about so many characters a second times a thousand; faster than people, so that a run has many turns. */
const characterMs = 40;
const longerWords = ['first', 'then', 'after that', 'in the end', 'and so on', 'as before', 'once more'];

export function typedQuestion(marker: string): string {
  return `What comes after ${marker}?`;
}

/** The markers in a text, in order. */
export function markersIn(text: string): readonly string[] {
  return text.match(markerPattern) ?? [];
}

/** Every upload is heard as a question of its own, so that nothing heard twice looks like one. */
export async function startEngines(): Promise<ScriptedEngineServer> {
  let heard = 0;
  return startScriptedEngineServer({
    delays: { sttMs: 20, realtimeMs: 50, llmFirstTokenMs: 50, ttsFirstByteMs: 20 },
    tokensPerSecond: 200,
    transcripts: () => {
      heard += 1;
      return `Can you tell me about s${String(heard).padStart(4, '0')}?`;
    },
    reply: ({ messages }) => answerOrTool(messages),
    thinkingMs: (messages) => thinkingMs(lastMarker(messages)),
    speech: (text) => speechShapedAudio(text.length * characterMs, speechSampleRateHz),
  });
}

function lastMarker(messages: readonly LlmMessage[]): string {
  const last = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  return markersIn(last).at(-1) ?? 'nothing';
}

/** The tool that a question needs before it can be answered; undefined: none. Every third typed question needs one. */
export function toolOf(marker: string): 'book' | 'note' | undefined {
  if (!marker.startsWith('q') || numberOf(marker) % 3 !== 0) return undefined;
  return numberOf(marker) % 2 === 0 ? 'book' : 'note';
}

/** Asks for the tool that the last question needs, once; then it answers, or says that it was not done. */
function answerOrTool(messages: readonly LlmMessage[]): ScriptedAnswer {
  const marker = lastMarker(messages);
  const tool = toolOf(marker);
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const result = messages.slice(asked + 1).findLast(({ role }) => role === 'tool')?.content;
  if (tool === undefined) return answerTo(marker);
  if (result !== undefined)
    return result.includes('"status":"done"') ? answerTo(marker) : `Sorry, ${marker} could not be done.`;
  return {
    toolCalls: [{ callId: `call-${marker}`, name: tool, argumentsJson: JSON.stringify({ marker }) }],
  };
}

/** Whether these words begin the answer to a question, and not an apology. */
export function isAnswerAbout(marker: string, text: string): boolean {
  return text.startsWith(`Answer ${marker}`);
}

/** Of a length that only its marker decides: one to five seconds of speech. */
function answerTo(marker: string): string {
  const random = createRandom(numberOf(marker));
  const more = Array.from({ length: random.whole(0, 6) }, () => random.pick(longerWords));
  return `Answer ${marker} is here${more.map((words) => `, ${words}`).join('')}.`;
}

/** 30 to 900 ms, so that calls can be found thinking. */
function thinkingMs(marker: string): number {
  return createRandom(numberOf(marker) + 1_000_000).whole(30, 900);
}

function numberOf(marker: string): number {
  return Number.parseInt(marker.slice(1), 10) || 0;
}
