/**
 * Writes down what happens in a call, wherever it has to stand: journal, chat, the context of later replies,
 * captions and notices in the room, metrics. Decides nothing.
 */
import type { ReplyId, SpeakerId, UtteranceId } from '@sophy/contracts/ids';
import type { ContextMessage } from '@sophy/conversation/assemble-context';
import { timingFields, timingNotice } from '@sophy/conversation/latency-ledger';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { TurnCommand } from '@sophy/conversation/turn-command';
import type { Turn, TurnEvent } from '@sophy/conversation/turn-event';
import type { EngineEvents } from '@sophy/providers/resilience/engine-events';
import type { WorkerMetrics } from '@sophy/telemetry/metrics';
import type { JournalWriter } from '../journal/journal-writer.ts';
import type { Reply, ReplyEnd } from '../voice/reply.ts';
import type { AgentPresence } from './agent-presence.ts';
import { CaptionDrafts } from './caption-drafts.ts';
import type { Captions } from './captions.ts';
import { TurnClock } from './turn-clock.ts';

export type CallRecorderOptions = {
  readonly journal: JournalWriter;
  readonly captions: Captions;
  readonly presence: AgentPresence;
  readonly metrics: WorkerMetrics;
  /** Room clock, ms. */
  readonly now: () => number;
  readonly trackOf: (speaker: SpeakerId) => string | undefined;
};

/** More than any setting lets a reply see. */
const rememberedMessages = 500;

export class CallRecorder {
  readonly #options: CallRecorderOptions;
  readonly #clock = new TurnClock();
  readonly #drafts = new CaptionDrafts();
  /** Of each started reply, how many characters the journal has. */
  readonly #written = new Map<ReplyId, number>();
  readonly #history: ContextMessage[] = [];

  constructor(options: CallRecorderOptions) {
    this.#options = options;
  }

  /** Makes known what was said in the room before, oldest first. */
  recall(earlier: readonly ContextMessage[]): void {
    this.#history.splice(0, this.#history.length, ...earlier);
  }

  /** Everything said in the room, with of each reply what was heard. */
  get history(): readonly ContextMessage[] {
    return this.#history;
  }

  /** An event on its way to the policy. */
  event(event: TurnEvent): void {
    switch (event.type) {
      case 'speaker-join':
        this.#options.journal.append({ type: 'speaker-join', speaker: event.speaker, name: event.name });
        return;
      case 'speaker-leave':
        this.#drafts.finish(event.speaker);
        this.#clock.left(event.speaker);
        this.#options.journal.append({ type: 'speaker-leave', speaker: event.speaker });
        return;
      case 'transcript-delta':
      case 'transcript-end': {
        const draft = this.#drafts.update(event.speaker, event.utteranceId, event.text.trim());
        if (draft.text !== '') this.#caption(event.speaker, draft.segmentId, draft.text, false);
        return;
      }
      default:
        return;
    }
  }

  recognized(speaker: SpeakerId, sttMs: number): void {
    this.#clock.recognized(speaker, this.#options.now(), sttMs);
  }

  turn(turn: Turn, settingsVersion: number): void {
    const { turnId, speaker, name, text, source, language = null } = turn;
    this.#clock.committed(turn, this.#options.now());
    this.#options.journal.append({
      type: 'turn',
      turnId,
      speaker,
      name,
      text,
      source,
      language,
      settingsVersion,
    });
    this.#options.journal.message({
      itemId: turnId,
      role: 'user',
      content: text,
      speaker: name,
      speakerIdentity: speaker,
      interrupted: false,
      createdAt: this.#wallTime(turn.endedAtMs),
    });
    this.#remember({ role: 'user', content: text, speaker: name, turnId });
    const segmentId = this.#drafts.finish(speaker);
    if (source === 'voice' && segmentId !== undefined) this.#caption(speaker, segmentId, text, true);
  }

  /** The speaker's words up to here are done with, whether a turn was made of them or not. */
  utteranceClosed(speaker: SpeakerId): void {
    const segmentId = this.#drafts.finish(speaker);
    // Words that became no turn, such as the agent's own from a loudspeaker: their caption goes away.
    if (segmentId !== undefined) this.#caption(speaker, segmentId, '', true);
  }

  decision({
    turnId,
    speaker,
    rule,
    action,
    evidence,
  }: Extract<TurnCommand, { type: 'publish-decision' }>): void {
    this.#options.journal.append({ type: 'decision', turnId, speaker, rule, action, evidence });
    this.#options.presence.notice({ type: 'decision', turnId, speaker, rule, action, evidence });
    this.#options.metrics.turns.inc({ rule, action });
  }

  window({ window, speaker, untilMs }: Extract<TurnCommand, { type: 'publish-window' }>): void {
    const event = { type: 'window', window, speaker, untilMs: this.#unixMs(untilMs) } as const;
    this.#options.journal.append(event);
    this.#options.presence.notice(event);
  }

  waiting({ speaker, reason, untilMs }: Extract<TurnCommand, { type: 'publish-waiting' }>): void {
    this.#options.presence.notice({ type: 'waiting', speaker, reason, untilMs: this.#unixMs(untilMs) });
  }

  hand({ speaker, isRaised }: Extract<TurnCommand, { type: 'publish-hand' }>): void {
    this.#options.journal.append({ type: 'hand', speaker, isRaised });
    this.#options.presence.notice({ type: 'hand', speaker, isRaised });
  }

  queue({ speakers }: Extract<TurnCommand, { type: 'publish-queue' }>): void {
    this.#options.presence.notice({ type: 'queue', speakers: [...speakers] });
  }

  hearing({ speaker, state }: Extract<TurnCommand, { type: 'publish-hearing' }>): void {
    this.#options.presence.notice({ type: 'hearing', speaker, state });
  }

  /** A private question was answered: that it was, not what it was. */
  privateExchange({
    turn: { turnId, speaker },
  }: Extract<TurnCommand, { type: 'start-private-reply' }>): void {
    this.#options.journal.append({ type: 'private-exchange', turnId, speaker });
  }

  /** A reply was made in silence for words that went on. */
  replyWasted({ tokens }: Reply): void {
    this.#options.metrics.replyTokens.inc({ outcome: 'wasted' }, tokens);
  }

  replyStarted(reply: Reply): void {
    const { replyId, turn, settingsVersion, engines } = reply;
    const continued = reply.continues?.replyIds.at(-1);
    this.#options.journal.append({
      type: 'reply-start',
      turnId: turn.turnId,
      replyId,
      settingsVersion,
      engines,
      ...(continued === undefined ? {} : { continues: continued }),
    });
    this.#written.set(replyId, 0);
    this.replyText(reply);
  }

  /** More of a started reply is known, or that there is no more. */
  replyText({ replyId, written: { text, isComplete } }: Reply): void {
    const known = this.#written.get(replyId);
    const more = text.slice(known).trimStart();
    if (known === undefined || (more === '' && !isComplete)) return;
    this.#written.set(replyId, text.length);
    this.#options.journal.append({ type: 'reply-text', replyId, text: more, isComplete });
  }

  /** People have heard so much of a reply; where the voice left pieces out, the end alone tells. */
  replyHeard({ replyId, written }: Reply, heardText: string): void {
    if (!written.text.startsWith(heardText)) return;
    this.#options.journal.append({ type: 'reply-heard', replyId, heardCharacters: heardText.length });
  }

  replyAudible({ turn: { turnId }, marks }: Reply): void {
    this.#options.presence.notice(timingNotice(turnId, this.#clock.marks(turnId, marks)));
  }

  replyPiece({ replyId }: Reply, text: string): void {
    this.#options.captions.reply(replyId, text);
  }

  replyEnded({ replyId, turn: { turnId }, marks, tokens, continues }: Reply, end: ReplyEnd): void {
    const { journal, captions, presence, metrics, now } = this.#options;
    this.#written.delete(replyId);
    const { outcome, heardText, generatedText, audioMs } = end;
    metrics.replyTokens.inc({ outcome: 'delivered' }, tokens);
    captions.endReply(replyId);
    journal.append({ type: 'reply-end', turnId, replyId, outcome, generatedText, heardText });
    const timing = timingFields(this.#clock.marks(turnId, marks), audioMs);
    journal.append({ type: 'timing', turnId, replyId, ...timing });
    this.#measure(timing);
    this.#clock.forget(turnId);
    const interrupted = outcome === 'interrupted';
    if (interrupted) {
      metrics.interruptions.inc();
      presence.notice({ type: 'interrupted', replyId, heardText });
    }
    if (heardText === '') return;
    journal.message({
      itemId: replyId,
      role: 'assistant',
      content: heardText,
      speaker: null,
      speakerIdentity: null,
      interrupted,
      createdAt: this.#wallTime(marks.playoutStartMs ?? now()),
    });
    this.#rememberReply(replyId, heardText, continues?.replyIds ?? []);
  }

  /** `speaker`: whose words it was about, if anybody's. */
  /** A request failed that another try or another engine makes good: nobody in the room notices. */
  engineStumbled({ stage, engine, code, category, isRetryable }: ProviderError): void {
    this.#options.metrics.engineErrors.inc({ stage, category });
    this.#options.journal.append({ type: 'engine-error', stage, engine, code, category, isRetryable });
  }

  engineTakenOver(takeover: Parameters<EngineEvents['onTakeover']>[0]): void {
    const { stage, from } = takeover;
    this.#options.metrics.engineTakeovers.inc({ stage, engine: from.split(':')[0] ?? from });
    this.#options.journal.append({ type: 'engine-takeover', ...takeover });
  }

  /** People are told that an answer, or what they said, was lost. The failure itself is in the journal already. */
  engineFailed({ stage, code }: ProviderError, speaker: SpeakerId | null = null): void {
    this.#options.presence.notice({ type: 'engine-trouble', stage, code, speaker });
  }

  /** The agent says something in writing only. */
  written(segmentId: string, text: string): void {
    this.#options.captions.reply(segmentId, text);
    this.#options.captions.endReply(segmentId);
  }

  #caption(speaker: SpeakerId, segmentId: UtteranceId, text: string, isFinal: boolean): void {
    const { captions, trackOf } = this.#options;
    captions.human({ identity: speaker, trackId: trackOf(speaker), segmentId, text, isFinal });
  }

  #measure(timing: ReturnType<typeof timingFields>): void {
    const stages = {
      'end-of-turn': timing.endOfTurnMs,
      stt: timing.sttMs,
      'llm-first-token': timing.llmFirstTokenMs,
      'tts-first-audio': timing.ttsFirstAudioMs,
      total: timing.totalMs,
    };
    for (const [stage, ms] of Object.entries(stages)) {
      if (ms !== null) this.#options.metrics.stageSeconds.observe({ stage }, ms / 1_000);
    }
  }

  /** A reply that goes on from others is one answer with them. */
  #rememberReply(replyId: ReplyId, heardText: string, continued: readonly string[]): void {
    const isPart = (message: ContextMessage) =>
      message.replyId !== undefined && continued.includes(message.replyId);
    const content = [...this.#history.filter(isPart).map((part) => part.content), heardText].join(' ');
    const rest = this.#history.filter((message) => !isPart(message));
    this.#history.splice(0, this.#history.length, ...rest);
    this.#remember({ role: 'assistant', content, speaker: null, replyId });
  }

  #remember(message: ContextMessage): void {
    this.#history.push(message);
    if (this.#history.length > rememberedMessages)
      this.#history.splice(0, this.#history.length - rememberedMessages);
  }

  #unixMs(atMs: number | undefined): number | null {
    return atMs === undefined ? null : Math.round(this.#wallTime(atMs).getTime());
  }

  /** A moment on the room clock as wall time. */
  #wallTime(atMs: number): Date {
    return new Date(Date.now() + atMs - this.#options.now());
  }
}
