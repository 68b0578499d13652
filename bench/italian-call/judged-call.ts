/** What a call shows: word errors of each sentence, heard in the call and heard again beside it. */
import { asSpokenLanguage, type SpokenLanguage } from '@sophy/conversation/speech/spoken-language';
import { type Summary, summarize } from '../percentiles.ts';
import { heardWords, sumOf, type WordCount } from './heard-words.ts';
import type { SpokenTurn } from './live-call.ts';
import { recognize } from './recognize.ts';

export type JudgedTurn = {
  readonly language: SpokenLanguage;
  readonly text: string;
  readonly caption: string;
  readonly turnCount: number;
  /** Language of the last turn that it became, which the answer follows. */
  readonly followed: string | null;
  readonly isToBeAnswered: boolean;
  readonly voiceToVoiceMs: number | undefined;
  /** Heard in the call; the same clip to the same model without a call, language detected and language told. */
  readonly inCall: WordCount;
  readonly detected: WordCount & { readonly text: string; readonly language: string | undefined };
  readonly told: WordCount & { readonly text: string };
  /** The answer as the agent says it was heard, and what the same model makes of its sound, language told. */
  readonly answer: (WordCount & { readonly text: string; readonly heard: string }) | undefined;
};

type LanguageTotals = {
  readonly sentences: number;
  readonly answered: number;
  readonly followed: number;
  readonly detectedRight: number;
  readonly inCall: WordCount;
  readonly detected: WordCount;
  readonly told: WordCount;
  readonly answer: WordCount;
};

export type JudgedCall = CallConditions & {
  readonly turns: readonly JudgedTurn[];
  readonly totals: Readonly<Partial<Record<SpokenLanguage, LanguageTotals>>>;
  readonly voiceToVoiceMs: Summary | undefined;
};

type CallConditions = {
  readonly caller: string;
  readonly recognition: 'auto' | 'it';
  readonly load1m: { readonly before: number; readonly after: number };
};

/** Hears everything again by the engines at `baseUrl`. */
export async function judgeCall(
  turns: readonly SpokenTurn[],
  { baseUrl, ...conditions }: CallConditions & { readonly baseUrl: string },
): Promise<JudgedCall> {
  const judged: JudgedTurn[] = [];
  for (const turn of turns) judged.push(await judgeTurn(turn, baseUrl));
  const latencies = judged.flatMap(({ voiceToVoiceMs }) =>
    voiceToVoiceMs === undefined ? [] : [voiceToVoiceMs],
  );
  return {
    ...conditions,
    turns: judged,
    totals: {
      it: totalsOf(judged.filter(({ language }) => language === 'it')),
      ...(judged.some(({ language }) => language === 'en')
        ? { en: totalsOf(judged.filter(({ language }) => language === 'en')) }
        : {}),
    },
    voiceToVoiceMs: latencies.length === 0 ? undefined : summarize(latencies),
  };
}

async function judgeTurn(turn: SpokenTurn, baseUrl: string): Promise<JudgedTurn> {
  const { text, language } = turn.sentence;
  const detected = await recognize(baseUrl, turn.clip, undefined);
  const told = await recognize(baseUrl, turn.clip, language);
  const followed = turn.languages.at(-1) ?? null;
  return {
    language,
    text,
    caption: turn.caption,
    turnCount: turn.turnCount,
    followed,
    isToBeAnswered: turn.isToBeAnswered,
    voiceToVoiceMs: turn.voiceToVoiceMs,
    inCall: heardWords(text, turn.caption, language),
    detected: { ...heardWords(text, detected.text, language), ...detected, language: detected.language },
    told: { ...heardWords(text, told.text, language), text: told.text },
    answer: await judgeAnswer(turn, asSpokenLanguage(followed ?? undefined) ?? language, baseUrl),
  };
}

async function judgeAnswer(
  { answer }: SpokenTurn,
  language: SpokenLanguage,
  baseUrl: string,
): Promise<JudgedTurn['answer']> {
  if (answer === undefined) return undefined;
  const { text: heard } = await recognize(baseUrl, answer.sound, language);
  return { ...heardWords(answer.text, heard, language), text: answer.text, heard };
}

function totalsOf(turns: readonly JudgedTurn[]): LanguageTotals {
  const count = (test: (turn: JudgedTurn) => boolean): number => turns.filter(test).length;
  return {
    sentences: turns.length,
    answered: count(({ voiceToVoiceMs }) => voiceToVoiceMs !== undefined),
    followed: count(({ followed, language }) => asSpokenLanguage(followed ?? undefined) === language),
    detectedRight: count(({ detected, language }) => asSpokenLanguage(detected.language) === language),
    inCall: sumOf(turns.map(({ inCall }) => inCall)),
    detected: sumOf(turns.map(({ detected }) => detected)),
    told: sumOf(turns.map(({ told }) => told)),
    answer: sumOf(turns.map(({ answer }) => answer)),
  };
}
