/**
 * One call in one room: wires people, policy, voice, journal and settings together.
 * The one inbox of the room is here: every event goes through `decide`, every command is carried out in order.
 */

import { type LocalParticipant, type Room, RpcError } from '@livekit/rtc-node';
import type { SpeakerId, UtteranceId } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import { chatTopic, stopSpeakingMethod } from '@sophy/contracts/room-messages';
import { assembleContext, type ContextMessage } from '@sophy/conversation/assemble-context';
import { timingFields, timingNotice } from '@sophy/conversation/latency-ledger';
import { policySettings } from '@sophy/conversation/policy-settings';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { TurnCommand } from '@sophy/conversation/turn-command';
import type { Turn, TurnEvent } from '@sophy/conversation/turn-event';
import { decide, initialTurnState, type TurnState } from '@sophy/conversation/turn-policy';
import { recentMessages } from '@sophy/db/chats';
import type { Database } from '@sophy/db/database';
import {
  describeBrain,
  llmFromSettings,
  sttFromSettings,
  ttsFromSettings,
} from '@sophy/providers/from-settings';
import { warmEngines } from '@sophy/providers/warm-engines';
import type { Logger } from '@sophy/telemetry/logger';
import type { WorkerMetrics } from '@sophy/telemetry/metrics';
import type { WorkerConfiguration } from '../configuration.ts';
import { JournalWriter } from '../journal/journal-writer.ts';
import { recognitionApology } from '../voice/apology.ts';
import type { Reply, ReplyEnd } from '../voice/reply.ts';
import { Speaker } from '../voice/speaker.ts';
import { spokenLanguage } from '../voice/spoken-language.ts';
import { AgentPresence } from './agent-presence.ts';
import { CaptionDrafts } from './caption-drafts.ts';
import { Captions } from './captions.ts';
import { LiveSettings } from './live-settings.ts';
import { People } from './people.ts';
import { Timers } from './timers.ts';
import { TurnClock } from './turn-clock.ts';

export type RoomHostOptions = {
  readonly room: Room;
  readonly participant: LocalParticipant;
  readonly job: JobMetadata;
  readonly configuration: WorkerConfiguration;
  readonly database: Database;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
  /** The agent must leave the room, e.g. since a newer one has the call. */
  readonly onLeave: (reason: string) => void;
};

/** Typed messages longer than this are cut: a model's context is not a mailbox. */
const longestTypedMessage = 4_000;
/** How many messages of the room's chat a call takes up; the setting `history_messages` says how many a reply sees. */
const earlierMessages = 200;
/** How long a closing room may go on writing its journal, ms. */
const journalCloseMs = 3_000;

export class RoomHost {
  readonly #options: RoomHostOptions;
  readonly #settings: LiveSettings;
  readonly #journal: JournalWriter;
  readonly #presence: AgentPresence;
  readonly #timers: Timers;
  readonly #clock = new TurnClock();
  readonly #drafts = new CaptionDrafts();
  readonly #people: People;
  readonly #captions: Captions;
  readonly #speaker: Speaker;
  readonly #inbox: TurnEvent[] = [];
  #state: TurnState;
  #history: ContextMessage[];
  readonly #closing = new AbortController();
  #warmUp: Promise<void> = Promise.resolve();
  #isDraining = false;
  #isClosed = false;

  private constructor(
    options: RoomHostOptions,
    parts: { settings: LiveSettings; speaker: Speaker; history: readonly ContextMessage[] },
  ) {
    const { room, participant, job, logger, database } = options;
    this.#options = options;
    this.#settings = parts.settings;
    this.#speaker = parts.speaker;
    this.#history = [...parts.history];
    this.#presence = new AgentPresence({ participant, logger });
    this.#captions = new Captions({ participant, agentTrackId: parts.speaker.trackId, logger });
    this.#journal = new JournalWriter({
      database,
      job,
      logger,
      unixMs: () => Date.now(),
      onStale: () => options.onLeave('a newer agent has the call'),
    });
    this.#timers = new Timers({
      now,
      onFired: (timerId) => this.#post({ type: 'timer-fired', atMs: now(), timerId }),
    });
    this.#state = initialTurnState({
      settings: policySettings(parts.settings.current.settings),
      idPrefix: `e${job.epoch}-`,
    });
    this.#people = new People({
      room,
      now,
      logger,
      post: (event) => this.#post(event),
      onRecognized: (speaker, sttMs) => this.#clock.recognized(speaker, now(), sttMs),
      lane: {
        stt: () => sttFromSettings(this.#settings.current.settings, options.configuration.endpoints),
        language: () => this.#recognitionLanguage(),
        onFailure: (error) => this.#onRecognitionFailure(error),
      },
    });
  }

  /** Joins mind and room. The room is connected; people who are there are taken in. */
  static async open(options: RoomHostOptions): Promise<RoomHost> {
    const { configuration, database, job, logger, participant } = options;
    let host: RoomHost | undefined;
    const settings = new LiveSettings({
      database,
      databaseUrl: configuration.databaseUrl,
      base: configuration.baseSettings,
      secretsKey: configuration.secretsKey,
      logger,
      onChange: () => {
        if (host !== undefined) host.#onSettingsChange();
      },
    });
    const hostOf = (): RoomHost => {
      if (host === undefined) throw new Error('The room is not open yet.');
      return host;
    };
    const [speaker, , history] = await Promise.all([
      Speaker.publish({
        participant,
        now,
        replyInputs: (turn) => hostOf().#replyInputs(turn),
        onPlayoutStart: (reply) => hostOf().#onPlayoutStart(reply),
        onPiece: (reply, text) => hostOf().#captions.reply(reply.replyId, text),
        onEngineFailure: (error) => hostOf().#onEngineFailure(error),
        onEnd: (reply, end) => hostOf().#onReplyEnd(reply, end),
      }),
      settings.start(),
      readHistory(options),
    ]);
    host = new RoomHost(options, { settings, speaker, history });
    host.#journal.append({ type: 'call-start', roomName: job.roomName, agentIdentity: participant.identity });
    host.#listenToRoom();
    host.#people.welcomePresent();
    host.#presence.state('listening', 'call-start');
    host.#onEnginesSet();
    if (job.epoch === 1) host.#greet();
    return host;
  }

  /** No new reply begins after this. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#post({ type: 'drain', atMs: now() });
  }

  /** Falls silent, lets go of everything, and writes what is left of the journal. */
  async close(reason: string): Promise<void> {
    if (this.#isClosed) return;
    this.drain();
    this.#isClosed = true;
    const { room, participant, logger } = this.#options;
    room.unregisterTextStreamHandler(chatTopic);
    participant.unregisterRpcMethod(stopSpeakingMethod);
    this.#closing.abort();
    await this.#warmUp;
    this.#timers.close();
    await this.#speaker.close();
    await this.#people.close();
    await this.#settings.close();
    this.#journal.append({ type: 'call-end', reason });
    const unwritten = await this.#journal.close(journalCloseMs);
    if (unwritten > 0)
      logger.error({ unwritten }, 'journal entries were lost: the database did not take them in time');
  }

  #post(event: TurnEvent): void {
    if (this.#isClosed && event.type !== 'reply-end') return;
    this.#journalEvent(event);
    this.#inbox.push(event);
    if (this.#inbox.length > 1) return;
    for (let next = this.#inbox[0]; next !== undefined; next = this.#inbox[0]) {
      const decision = decide(this.#state, next);
      this.#state = decision.state;
      for (const command of decision.commands) this.#carryOut(command);
      this.#inbox.shift();
    }
  }

  #carryOut(command: TurnCommand): void {
    switch (command.type) {
      case 'set-timer':
        this.#timers.set(command.timerId, command.atMs);
        return;
      case 'clear-timer':
        this.#timers.clear(command.timerId);
        return;
      case 'prepare-reply':
        this.#speaker.prepare(command.replyId, command.turn);
        return;
      case 'start-reply':
        this.#startReply(command);
        return;
      case 'discard-reply':
      case 'stop-reply':
        this.#speaker.stop(command.replyId);
        return;
      case 'duck-voice':
        this.#speaker.hold(command.replyId);
        return;
      case 'resume-voice':
        this.#speaker.resume(command.replyId);
        return;
      case 'record-turn':
        this.#recordTurn(command.turn);
        return;
      case 'close-utterance':
        this.#people.closeUtterance(command.speaker);
        this.#drafts.finish(command.speaker);
        return;
      case 'publish-decision': {
        const { turnId, speaker, rule, action, evidence } = command;
        this.#journal.append({ type: 'decision', turnId, speaker, rule, action, evidence });
        this.#presence.notice({ type: 'decision', turnId, speaker, rule, action });
        this.#options.metrics.turns.inc({ rule, action });
        return;
      }
      case 'publish-state':
        this.#presence.state(command.state, command.reason);
        return;
      case 'publish-window': {
        const { window, speaker, untilMs } = command;
        this.#presence.notice({
          type: 'window',
          window,
          speaker,
          untilMs: untilMs === undefined ? null : Math.round(Date.now() + untilMs - now()),
        });
        return;
      }
      default:
        command satisfies never;
    }
  }

  /** Captions and the journal follow the same events that the policy sees. */
  #journalEvent(event: TurnEvent): void {
    switch (event.type) {
      case 'speaker-join':
        this.#journal.append({ type: 'speaker-join', speaker: event.speaker, name: event.name });
        return;
      case 'speaker-leave':
        this.#drafts.finish(event.speaker);
        this.#clock.left(event.speaker);
        this.#journal.append({ type: 'speaker-leave', speaker: event.speaker });
        return;
      case 'transcript-delta':
      case 'transcript-end':
        this.#draftCaption(event.speaker, event.utteranceId, event.text.trim());
        return;
      default:
        return;
    }
  }

  #recordTurn(turn: Turn): void {
    const { turnId, speaker, name, text, source } = turn;
    const settingsVersion = this.#settings.current.version;
    this.#clock.committed(turn, now());
    this.#journal.append({
      type: 'turn',
      turnId,
      speaker,
      name,
      text,
      source,
      language: turn.language ?? null,
      settingsVersion,
    });
    this.#journal.message({
      itemId: turnId,
      role: 'user',
      content: text,
      speaker: name,
      speakerIdentity: speaker,
      interrupted: false,
      createdAt: new Date(Date.now() - Math.max(0, now() - turn.endedAtMs)),
    });
    this.#remember({ role: 'user', content: text, speaker: name, turnId });
    if (source === 'voice') this.#caption(speaker, this.#drafts.finish(speaker), text, true);
  }

  #startReply({ replyId, turn, fixedText }: Extract<TurnCommand, { type: 'start-reply' }>): void {
    const reply = this.#speaker.start(replyId, turn, fixedText);
    this.#journal.append({
      type: 'reply-start',
      turnId: turn.turnId,
      replyId,
      settingsVersion: reply.settingsVersion,
      engines: reply.engines,
    });
  }

  #onPlayoutStart(reply: Reply): void {
    const { turnId } = reply.turn;
    this.#presence.notice(timingNotice(turnId, this.#clock.marks(turnId, reply.marks)));
    this.#post({ type: 'playout-start', atMs: now(), replyId: reply.replyId });
  }

  #onReplyEnd(reply: Reply, end: ReplyEnd): void {
    const { replyId, turn, marks } = reply;
    const { outcome, heardText, generatedText, audioMs } = end;
    this.#captions.endReply(replyId);
    this.#journal.append({
      type: 'reply-end',
      turnId: turn.turnId,
      replyId,
      outcome,
      generatedText,
      heardText,
    });
    const timing = timingFields(this.#clock.marks(turn.turnId, marks), audioMs);
    this.#journal.append({ type: 'timing', turnId: turn.turnId, replyId, ...timing });
    this.#measure(timing);
    this.#clock.forget(turn.turnId);
    if (outcome === 'interrupted') {
      this.#options.metrics.interruptions.inc();
      this.#presence.notice({ type: 'interrupted', replyId, heardText });
    }
    if (heardText !== '') {
      this.#journal.message({
        itemId: replyId,
        role: 'assistant',
        content: heardText,
        speaker: null,
        speakerIdentity: null,
        interrupted: outcome === 'interrupted',
        createdAt: new Date(Date.now() - Math.max(0, now() - (marks.playoutStartMs ?? now()))),
      });
      this.#remember({ role: 'assistant', content: heardText, speaker: null });
    }
    this.#post({ type: 'reply-end', atMs: now(), replyId, outcome, heardText });
  }

  #replyInputs(turn: Turn) {
    const { settings, version } = this.#settings.current;
    const { endpoints } = this.#options.configuration;
    return {
      messages: assembleContext({
        settings,
        history: this.#history,
        turn,
        severalHumans: this.#people.count > 1,
      }),
      llm: llmFromSettings(settings, endpoints),
      tts: ttsFromSettings(settings, endpoints),
      voice: {
        language: spokenLanguage(
          settings.tts_language,
          turn.language ?? this.#recognitionLanguage(),
          settings.ui_language,
        ),
        voice: settings.tts_voice === '' ? undefined : settings.tts_voice,
        speed: settings.tts_speed,
      },
      settingsVersion: version,
    };
  }

  #listenToRoom(): void {
    const { room, participant, logger } = this.#options;
    room.registerTextStreamHandler(chatTopic, (reader, { identity }) => {
      reader
        .readAll()
        .then((text) => this.#onTyped(identity, reader.info.streamId, text))
        .catch((error: unknown) => logger.warn({ error }, 'typed message not read'));
    });
    participant.registerRpcMethod(stopSpeakingMethod, async ({ callerIdentity }) => {
      const speaker = this.#people.find(callerIdentity);
      if (speaker === undefined) throw new RpcError(403, 'Only a person in the room may stop the agent.');
      this.#post({ type: 'stop-request', atMs: now(), speaker });
      return 'ok';
    });
  }

  #onTyped(identity: string, messageId: string, text: string): void {
    const speaker = this.#people.find(identity);
    const trimmed = text.trim().slice(0, longestTypedMessage);
    if (speaker === undefined || trimmed === '') return;
    this.#post({ type: 'typed-message', atMs: now(), speaker, messageId, text: trimmed });
  }

  #onSettingsChange(): void {
    const { settings, version } = this.#settings.current;
    this.#journal.append({ type: 'settings-applied', settingsVersion: version });
    this.#post({ type: 'settings-change', atMs: now(), settings: policySettings(settings) });
    this.#onEnginesSet();
  }

  /** Says the greeting once somebody can hear it; an agent that takes a call over does not greet again. */
  #greet(): void {
    this.#speaker
      .whenHeard()
      .then(() =>
        this.#post({ type: 'greeting', atMs: now(), text: this.#settings.current.settings.greeting }),
      )
      .catch((error: unknown) => this.#options.logger.warn({ error }, 'greeting not said'));
  }

  /** Connections are opened before the first turn needs them, and people see which brain is there. */
  #onEnginesSet(): void {
    this.#warmUp = this.#warmUp
      .then(() => this.#warmEngines())
      .catch((error: unknown) => this.#options.logger.warn({ error }, 'engines not warmed up'));
    this.#showBrain();
  }

  async #warmEngines(): Promise<void> {
    const { settings } = this.#settings.current;
    const failures = await warmEngines(settings, this.#options.configuration.endpoints, this.#closing.signal);
    for (const { stage, engine, code } of failures)
      this.#options.logger.warn({ stage, engine, code }, 'engine could not be warmed up');
  }

  #showBrain(): void {
    describeBrain(this.#settings.current.settings, this.#options.configuration.endpoints)
      .then((brain) => this.#presence.brain(brain.label))
      .catch((error: unknown) => this.#options.logger.warn({ error }, 'language model not identified'));
  }

  #onEngineFailure(error: ProviderError): void {
    const { stage, engine, code, category, isRetryable } = error;
    this.#options.logger.warn({ error, stage, engine, code }, 'engine failed');
    this.#options.metrics.engineErrors.inc({ stage, category });
    this.#journal.append({ type: 'engine-error', stage, engine, code, category, isRetryable });
    this.#presence.notice({ type: 'engine-trouble', stage, code });
  }

  /** The person is told in writing that the words were lost; the lane goes on hearing. */
  #onRecognitionFailure(error: ProviderError): void {
    this.#onEngineFailure(error);
    const { settings } = this.#settings.current;
    const segmentId = `apology-${Date.now()}`;
    this.#captions.reply(
      segmentId,
      recognitionApology(
        spokenLanguage(settings.tts_language, this.#recognitionLanguage(), settings.ui_language),
      ),
    );
    this.#captions.endReply(segmentId);
  }

  #measure(timing: ReturnType<typeof timingFields>): void {
    const { stageSeconds } = this.#options.metrics;
    const stages = {
      'end-of-turn': timing.endOfTurnMs,
      stt: timing.sttMs,
      'llm-first-token': timing.llmFirstTokenMs,
      'tts-first-audio': timing.ttsFirstAudioMs,
      total: timing.totalMs,
    };
    for (const [stage, ms] of Object.entries(stages))
      if (ms !== null) stageSeconds.observe({ stage }, ms / 1_000);
  }

  #draftCaption(speaker: SpeakerId, utteranceId: UtteranceId, text: string): void {
    const draft = this.#drafts.update(speaker, utteranceId, text);
    if (draft.text !== '') this.#caption(speaker, draft.segmentId, draft.text, false);
  }

  #caption(speaker: SpeakerId, segmentId: string | undefined, text: string, isFinal: boolean): void {
    if (segmentId === undefined) return;
    this.#captions.human({
      identity: speaker,
      trackId: this.#people.trackOf(speaker),
      segmentId,
      text,
      isFinal,
    });
  }

  #recognitionLanguage(): string | undefined {
    const { whisper_language } = this.#settings.current.settings;
    return whisper_language === 'auto' ? undefined : whisper_language;
  }

  #remember(message: ContextMessage): void {
    this.#history.push(message);
    const surplus = this.#history.length - 2 * this.#settings.current.settings.history_messages - 2;
    if (surplus > 0) this.#history.splice(0, surplus);
  }
}

/** Room clock: monotonic, ms. */
function now(): number {
  return performance.now();
}

/** What was said in this room before, so that a chat goes on where it stopped. Empty while the database is away. */
async function readHistory(options: RoomHostOptions): Promise<ContextMessage[]> {
  const { database, job, logger } = options;
  try {
    const messages = await recentMessages(database, { roomName: job.roomName }, earlierMessages);
    return messages.map(({ role, content, speaker }) => ({ role, content, speaker }));
  } catch (error) {
    logger.warn({ error }, 'earlier messages not read, the call begins without them');
    return [];
  }
}
