/** What the language model sees: persona, context, the conversation so far and the turn to answer. */
import type { Settings } from '@sophy/contracts/settings';
import type { LlmMessage } from './llm-port.ts';
import { detectLanguage } from './speech/detect-language.ts';
import type { SpokenLanguage } from './speech/spoken-language.ts';
import type { Turn } from './turn-event.ts';

/** A past message, oldest first. An interrupted reply holds what people heard of it. */
export type ContextMessage = {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string;
  /** Name of the person who said it; null for the agent. */
  readonly speaker: string | null;
  /** Turn that the message is, where it is one of this call. */
  readonly turnId?: string;
  /** Reply that the message is, where it is one of this call. */
  readonly replyId?: string;
};

export type ContextRequest = {
  readonly settings: Pick<Settings, 'system_prompt' | 'context_injection' | 'history_messages'>;
  /** The whole history of the call; older chat messages first. */
  readonly history: readonly ContextMessage[];
  readonly turn: Pick<Turn, 'turnId' | 'name' | 'text'>;
  /** More than one person is in the room: the model is told who says what. */
  readonly severalHumans: boolean;
  /** Language that the answer is spoken in; left out: the model finds out. */
  readonly language?: SpokenLanguage;
  /** The voice understands marks, and the model may use them. */
  readonly takesSpeechMarks?: boolean;
};

const companyNote =
  'Several people are in the room. Each of their messages begins with the name of the person who speaks. Answer the last one; do not begin your answer with a name and a colon.';

/** The one form for all engines; see docs/speech-text.md. */
const marksNote =
  'Your words are spoken. Where it helps you may write [pause 400ms], [spell]AB12[/spell], [slow]...[/slow] or [emphasis]...[/emphasis].';

const languageNotes: Readonly<Record<SpokenLanguage, string>> = {
  en: '(Answer in English.)',
  it: '(Rispondi in italiano.)',
};

/**
 * The messages of one request. The history loses its oldest part in steps of a quarter of `history_messages`, so that
 * the requests of most turns begin with the bytes of the one before and hit the engine's prompt cache.
 */
export function assembleContext(request: ContextRequest): LlmMessage[] {
  const { settings, turn, severalHumans } = request;
  const system = [
    settings.system_prompt,
    settings.context_injection,
    severalHumans ? companyNote : '',
    request.takesSpeechMarks === true ? marksNote : '',
  ]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n');
  const past = request.history.filter((message) => message.content.trim() !== '');
  const asked = turn.text + languageNote(request, past);
  // A question that waited its turn was said before the answers that it waited for, and is the one to answer now.
  const conversation: readonly ContextMessage[] = [
    ...past.filter((message) => message.turnId !== turn.turnId),
    { role: 'user', content: asked, speaker: turn.name, turnId: turn.turnId },
  ];
  // One more than the setting: the turn itself is no history.
  const shown = conversation.slice(firstShown(conversation.length, settings.history_messages + 1));
  const messages = shown.map((message) => ({ role: message.role, content: named(message, severalHumans) }));
  return system === '' ? messages : [{ role: 'system', content: system }, ...messages];
}

/**
 * Says which language to answer in where the words to answer do not: they are in the other one, or tell nothing after
 * an answer in the other one. It stands behind the last words, so that everything before stays as it was.
 */
function languageNote({ language, turn }: ContextRequest, past: readonly ContextMessage[]): string {
  if (language === undefined) return '';
  const spoken = detectLanguage(turn.text).language;
  const latest =
    spoken === 'unknown' ? past.findLast(({ role }) => role === 'assistant')?.content : undefined;
  const seen = latest === undefined ? spoken : detectLanguage(latest).language;
  return seen === 'unknown' || seen === language ? '' : ` ${languageNotes[language]}`;
}

function firstShown(length: number, limit: number): number {
  if (length <= limit) return 0;
  const step = Math.max(1, Math.floor(limit / 4));
  return Math.min(length - 1, Math.ceil((length - limit) / step) * step);
}

function named(message: ContextMessage, severalHumans: boolean): string {
  if (!severalHumans || message.role !== 'user' || message.speaker === null) return message.content;
  return `${message.speaker}: ${message.content}`;
}
