/**
 * One call in one room: wires people, policy, voice, recorder and settings together.
 * The one inbox of the room is here: every event goes through `decide`, every command is carried out in order.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalParticipant, Room } from '@livekit/rtc-node';
import type { ReplyId } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import { assembleContext } from '@sophy/conversation/assemble-context';
import { policySettings } from '@sophy/conversation/policy-settings';
import type { RecoveredCall } from '@sophy/conversation/recover-call';
import { continuingLlm } from '@sophy/conversation/recover-continuation';
import { phrase } from '@sophy/conversation/speech/phrases';
import { SpeakerLanguages } from '@sophy/conversation/speech/speaker-languages';
import { isTurnBoundary } from '@sophy/conversation/turn-boundary';
import type { Continuation, Turn, TurnEvent } from '@sophy/conversation/turn-event';
import { decide, initialTurnState, type TurnState } from '@sophy/conversation/turn-policy';
import type { HandOver } from '@sophy/db/agent-lease';
import type { Database } from '@sophy/db/database';
import type { BreakerStore } from '@sophy/providers/resilience/breaker-store';
import type { Logger } from '@sophy/telemetry/logger';
import type { WorkerMetrics } from '@sophy/telemetry/metrics';
import type { WorkerConfiguration } from '../configuration.ts';
import { JournalWriter } from '../journal/journal-writer.ts';
import type { EndOfTurnModel } from '../lane/end-of-turn-model.ts';
import { CallTools } from '../tools/call-tools.ts';
import { toolsOfCall } from '../tools/tools-of-call.ts';
import { AgentTrack } from '../voice/agent-track.ts';
import { PlayedAudio } from '../voice/played-audio.ts';
import type { Reply, ReplyEnd } from '../voice/reply.ts';
import { Speaker, voiceSampleRateHz } from '../voice/speaker.ts';
import { AgentPresence } from './agent-presence.ts';
import { CallCost } from './call-cost.ts';
import { CallEngines } from './call-engines.ts';
import { CallRecorder } from './call-recorder.ts';
import { Captions } from './captions.ts';
import { carryOut, type Effects } from './carry-out.ts';
import { EngineReports } from './engine-reports.ts';
import { Farewell } from './farewell.ts';
import { GivingUp } from './giving-up.ts';
import { LiveSettings } from './live-settings.ts';
import { OpenrouterPrices } from './openrouter-prices.ts';
import { People } from './people.ts';
import { PrivateReplies } from './private-replies.ts';
import { RoomDoors } from './room-doors.ts';
import { StandbyInbox } from './standby-inbox.ts';
import { readTakenCall, type TakenCall, takeOverEvent } from './take-over.ts';
import { Timers } from './timers.ts';
import { UsageScope } from './usage-scope.ts';

export type RoomHostOptions = {
  readonly room: Room;
  readonly participant: LocalParticipant;
  readonly job: JobMetadata;
  readonly configuration: WorkerConfiguration;
  readonly database: Database;
  readonly endOfTurnModel: EndOfTurnModel;
  /** Which engines are left out since they fail. */
  readonly breakers: BreakerStore;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
  /** The agent must leave the room, e.g. since a newer one has the call. */
  readonly onLeave: (reason: string) => void;
  /** Closes the room for everybody in it. Rejects when it could not. */
  readonly closeRoom: () => Promise<void>;
};

/** How long an agent that takes a call over waits for somebody to hear it, ms. */
const listenersMs = 1_500;
/** How long a closing room may go on writing its journal, ms. */
const journalCloseMs = 3_000;
/** How long a tool under way may still take when the room closes, ms. */
const toolsCloseMs = 2_500;

export class RoomHost {
  readonly #options: RoomHostOptions;
  readonly #settings: LiveSettings;
  readonly #journal: JournalWriter;
  readonly #presence: AgentPresence;
  readonly #captions: Captions;
  readonly #recorder: CallRecorder;
  readonly #engines: CallEngines;
  readonly #timers: Timers;
  readonly #people: People;
  readonly #track: AgentTrack;
  readonly #speaker: Speaker;
  readonly #private: PrivateReplies;
  readonly #tools: CallTools;
  readonly #cost: CallCost;
  readonly #usageScope = new UsageScope();
  readonly #reports: EngineReports;
  readonly #farewell: Farewell;
  readonly #languages = new SpeakerLanguages(() => this.#names());
  readonly #inbox: TurnEvent[] = [];
  readonly #closing = new AbortController();
  #doors: RoomDoors | undefined;
  #state: TurnState;
  readonly #effects: Effects;
  #isDeciding = false;
  #isDraining = false;
  #isClosed = false;
  #isActivating = false;
  /** Last heard of a person who was answered. */
  #heardLanguage: string | undefined;
  #quitting: Promise<void> | undefined;
  /** Holds what happens while another agent has the call; undefined in the agent that has it. */
  #standby: StandbyInbox | undefined;
  readonly #givingUp: GivingUp;

  private constructor(options: RoomHostOptions, parts: { settings: LiveSettings; track: AgentTrack }) {
    const { room, participant, job, logger, database, metrics, configuration } = options;
    this.#options = options;
    this.#settings = parts.settings;
    const settings = () => parts.settings.current.settings;
    this.#track = parts.track;
    this.#presence = new AgentPresence({ participant, logger });
    this.#captions = new Captions({ participant, agentTrackId: parts.track.trackId, logger });
    this.#journal = new JournalWriter({
      database,
      job,
      spoolDirectory: configuration.spoolDirectory,
      metrics,
      logger,
      unixMs: () => Date.now(),
      onStale: () => options.onLeave('a newer agent has the call'),
    });
    this.#recorder = new CallRecorder({
      journal: this.#journal,
      captions: this.#captions,
      presence: this.#presence,
      metrics,
      now,
      trackOf: (speaker) => this.#people.trackOf(speaker),
    });
    this.#reports = new EngineReports({
      recorder: this.#recorder,
      hasCall: () => this.#standby === undefined,
      recognitionApology: (speaker) =>
        phrase('recognitionApology', this.#engines.spokenLanguage(this.#languages.languageOf(speaker))),
      logger,
    });
    this.#farewell = new Farewell({
      database,
      job,
      closeRoom: options.closeRoom,
      whenListened: () => this.#whenListened(),
      say: () => this.#sayGoodbye(),
      deafen: () => this.#people.deafen(),
      peopleCount: () => this.#people.count,
      isQuitting: () => this.#quitting !== undefined,
      signal: this.#closing.signal,
      logger,
    });
    this.#givingUp = new GivingUp({
      database,
      job,
      journal: this.#journal,
      presence: this.#presence,
      isPause: () => isTurnBoundary(this.#state) && !this.#tools.isBusy,
      quit: () => this.#quit('hand-over'),
      onLeave: options.onLeave,
      now,
      logger,
    });
    this.#cost = new CallCost({
      database,
      job,
      priceBook: configuration.priceBook,
      openrouter: new OpenrouterPrices({ baseUrl: configuration.endpoints.openrouterBaseUrl, logger }),
      settings,
      journal: (event) => this.#journal.append(event),
      metrics,
      logger,
      unixMs: () => Date.now(),
      onSpent: (budget) => this.#farewell.takeLeave(budget),
    });
    this.#engines = new CallEngines({
      current: () => this.#settings.current,
      endpoints: configuration.endpoints,
      breakers: options.breakers,
      phraseDirectory: configuration.phraseDirectory,
      onBrain: (label) => this.#presence.brain(label),
      onFailure: (error) => this.#reports.stumbled(error),
      onTakeover: (takeover) => this.#reports.takenOver(takeover),
      onBreaker: ({ stage, engine, isOpen }) =>
        metrics.engineBreakerOpen.set({ stage, engine }, isOpen ? 1 : 0),
      onUsage: (usage) => this.#cost.used(usage, this.#usageScope.current),
      logger,
    });
    this.#timers = new Timers({
      now,
      onFired: (timerId) => this.#post({ type: 'timer-fired', atMs: now(), timerId }),
    });
    this.#state = initialTurnState({
      settings: policySettings(parts.settings.current.settings),
      idPrefix: `e${job.epoch}-`,
    });
    const played = new PlayedAudio({ sampleRateHz: voiceSampleRateHz, now });
    this.#people = new People({
      room,
      now,
      logger,
      post: (event) => this.#post(event),
      onRecognized: (speaker, sttMs) => this.#recorder.recognized(speaker, sttMs),
      lane: {
        stt: () => this.#engines.stt(),
        language: () => this.#engines.recognitionLanguage(),
        endOfTurnModel: () =>
          this.#settings.current.settings.end_of_turn_model ? options.endOfTurnModel : undefined,
        played,
        onPeekFailure: (error) => this.#reports.failed(error),
        onFailure: (speaker, error) => this.#reports.recognitionFailed(speaker, error),
      },
    });
    this.#tools = new CallTools({
      tools: toolsOfCall({
        definitions: configuration.tools,
        database,
        job,
        isAlone: () => this.#people.count === 1,
        closeRoom: options.closeRoom,
      }),
      database,
      job,
      journal: (event) => this.#journal.append(event),
      metrics,
      logger,
      now,
      names: () => [settings().agent_name, ...settings().agent_aliases],
      nameOf: (speaker) => this.#people.nameOf(speaker),
    });
    this.#speaker = new Speaker({
      sink: parts.track.sink,
      played,
      now,
      replyInputs: (turn, continues, replyId) => this.#replyInputs(turn, continues, replyId),
      onPlayoutStart: (reply) => this.#onPlayoutStart(reply),
      onPiece: (reply, text) => this.#onPiece(reply, text),
      onText: (reply) => this.#recorder.replyText(reply),
      onHeard: (reply, heardText) => this.#recorder.replyHeard(reply, heardText),
      onEngineFailure: (error) => this.#reports.failed(error),
      onEnd: (reply, end) => this.#onReplyEnd(reply, end),
      onWaste: (reply) => {
        this.#recorder.replyWasted(reply);
        this.#tools.replyDiscarded(reply.replyId);
      },
    });
    this.#private = new PrivateReplies({
      participant,
      inputs: ({ turn }) => ({
        settings: this.#settings.current.settings,
        history: this.#recorder.history,
        llm: this.#engines.forReply(turn).llm,
        language: this.#engines.spokenLanguage(turn.language),
      }),
      onAnswered: (order) => this.#recorder.privateExchange(order),
      onEngineFailure: (error) => this.#reports.failed(error),
      logger,
    });
    this.#effects = {
      timers: this.#timers,
      speaker: this.#speaker,
      recorder: this.#recorder,
      tools: this.#tools,
      people: this.#people,
      presence: this.#presence,
      privateReplies: this.#private,
      settingsVersion: () => this.#settings.current.version,
      hangUp: () => this.#farewell.said(),
    };
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
    const isSuccessor = job.isSuccessor === true;
    const [track, , taken] = await Promise.all([
      AgentTrack.publish(participant),
      settings.start(),
      // A successor reads it when it is given the call: until then there is more to come.
      isSuccessor
        ? undefined
        : readTakenCall({ database, job, spoolDirectory: configuration.spoolDirectory, logger }),
    ]);
    host = new RoomHost(options, { settings, track });
    if (taken === undefined) {
      host.#standby = new StandbyInbox();
      host.#presence.standby();
    }
    host.#openDoors();
    host.#people.welcomePresent();
    host.#presence.name(settings.current.settings.agent_name);
    host.#engines.prepare();
    if (taken !== undefined) host.#begin(taken, 'call-start');
    return host;
  }

  /** A successor has been given the call: from here on it hears, decides and speaks. Does nothing for any other agent. */
  async activate(): Promise<void> {
    if (this.#standby === undefined || this.#isActivating) return;
    this.#isActivating = true;
    const { database, job, configuration, logger } = this.#options;
    const taken = await readTakenCall({
      database,
      job,
      spoolDirectory: configuration.spoolDirectory,
      logger,
    });
    const standby = this.#standby;
    this.#standby = undefined;
    this.#begin(taken, 'hand-over');
    const seen = (taken.recovered?.said ?? []).filter(({ role }) => role === 'user');
    const events = standby.release(
      now(),
      seen.map(({ speakerIdentity, content }) => ({ speaker: speakerIdentity, text: content })),
    );
    for (const event of events) this.#post(event);
    logger.info({ events: events.length }, 'call taken from the agent before');
  }

  get seesHumans(): boolean {
    return this.#people.count > 0;
  }

  /** What the latest heartbeat said of somebody who is to take the call over. */
  handOver(handOver: HandOver | null): void {
    if (this.#quitting !== undefined || this.#standby !== undefined) return;
    if (handOver !== null && this.#people.count === 0) {
      this.#options.onLeave('nobody is here, and the agent is to be relieved');
      return;
    }
    this.#givingUp.note(handOver);
  }

  /** The agent has the call: it knows what was said before, and goes on from there. */
  #begin(taken: TakenCall, reason: string): void {
    const { job, participant } = this.#options;
    this.#recorder.recall(taken.earlier);
    this.#journal.append({ type: 'call-start', roomName: job.roomName, agentIdentity: participant.identity });
    for (const message of taken.missing) this.#journal.message(message);
    this.#heardLanguage = taken.recovered?.language;
    this.#cost.begin();
    this.#presence.state('listening', reason);
    this.#tools.takeUp();
    if (taken.recovered === undefined) this.#greet();
    else this.#takeOver(taken.recovered);
  }

  /** No new reply begins after this. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#post({ type: 'drain', atMs: now() });
  }

  /** Falls silent, lets go of everything, and writes what is left of the journal. Order: docs/lifecycle.md. */
  async close(reason: string): Promise<void> {
    await this.#quit(reason);
    const { logger } = this.#options;
    await this.#track.close();
    await Promise.all([this.#captions.close(), this.#presence.idle()]);
    await this.#people.close();
    await this.#engines.close();
    await this.#cost.close();
    await this.#settings.close();
    this.#write({ type: 'call-end', reason });
    const unwritten = await this.#journal.close(journalCloseMs);
    if (unwritten > 0)
      logger.warn({ unwritten }, 'journal entries stay in the spool: the database did not take them in time');
  }

  /** Hears and says nothing any more; a reply under way is cut. */
  #quit(reason: string): Promise<void> {
    this.#quitting ??= this.#fallSilent(reason);
    return this.#quitting;
  }

  async #fallSilent(reason: string): Promise<void> {
    this.#givingUp.close();
    // A successor takes up what this agent lets go of from here on.
    this.#write({ type: 'agent-leaving', reason });
    this.drain();
    this.#isClosed = true;
    this.#closing.abort();
    this.#doors?.close();
    this.#timers.close();
    await Promise.all([this.#speaker.close(), this.#private.close()]);
    await this.#tools.close(toolsCloseMs);
  }

  /** An agent that does not have the call yet writes nothing. */
  #write(event: JournalEvent): void {
    if (this.#standby === undefined) this.#journal.append(event);
  }

  /** The room's one inbox: events are decided one after the other, also those that commands bring about at once. */
  #post(event: TurnEvent): void {
    if (this.#isClosed && event.type !== 'reply-end') return;
    if (this.#standby !== undefined) {
      this.#standby.take(event);
      return;
    }
    if (event.type === 'speaker-leave') {
      this.#farewell.personLeft();
      this.#private.forget(event.speaker);
      this.#languages.forget(event.speaker);
    }
    const told = this.#languages.withLanguage(event);
    this.#recorder.event(told);
    this.#inbox.push(told);
    if (this.#isDeciding) return;
    this.#isDeciding = true;
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        const decision = decide(this.#state, next);
        this.#state = decision.state;
        for (const command of decision.commands) carryOut(this.#effects, command);
      }
    } finally {
      this.#isDeciding = false;
    }
  }

  /** Words that tell no language: names of who is here. */
  #names(): ReadonlySet<string> {
    const { agent_name, agent_aliases } = this.#settings.current.settings;
    const names = [agent_name, ...agent_aliases, ...this.#people.names];
    return new Set(names.flatMap((name) => name.toLowerCase().split(/\s+/)));
  }

  #replyInputs(turn: Turn, continues: Continuation | undefined, replyId: ReplyId) {
    const { settings } = this.#settings.current;
    const { history } = this.#recorder;
    const messages = assembleContext({
      settings,
      // What an answer goes on from stands behind its question.
      history: history.filter(({ replyId }) => !replyId || !continues?.replyIds.includes(replyId)),
      turn,
      severalHumans: this.#people.count > 1,
      language: this.#engines.spokenLanguage(turn.language),
      takesSpeechMarks: this.#engines.takesSpeechMarks,
    });
    this.#heardLanguage = turn.language ?? this.#heardLanguage;
    const { llm, tts, ...voice } = this.#engines.forReply(turn);
    const purpose = { turnId: turn.turnId, replyId };
    const engines = {
      ...voice,
      llm: this.#usageScope.llm(llm, purpose),
      tts: this.#usageScope.tts(tts, purpose),
      tools: this.#tools.forReply(replyId, turn),
    };
    if (continues === undefined) return { messages, ...engines };
    return { messages, ...engines, llm: continuingLlm(engines.llm, continues.heardText) };
  }

  #onPlayoutStart(reply: Reply): void {
    this.#recorder.replyAudible(reply);
    this.#post({ type: 'playout-start', atMs: now(), replyId: reply.replyId });
  }

  #onPiece(reply: Reply, text: string): void {
    this.#recorder.replyPiece(reply, text);
    this.#post({ type: 'reply-piece', atMs: now(), replyId: reply.replyId, text });
  }

  #onReplyEnd(reply: Reply, end: ReplyEnd): void {
    this.#recorder.replyEnded(reply, end);
    const { outcome, heardText, generatedText } = end;
    // A person who answers over its last syllable has heard it; one who cuts it while the model still thinks has not.
    const isWhole = reply.marks.llmEndMs !== undefined && generatedText === reply.written.text;
    const wasHeard = outcome === 'complete' || (isWhole && heardText !== '' && heardText === generatedText);
    this.#tools.replyEnded(reply.replyId, wasHeard);
    this.#post({ type: 'reply-end', atMs: now(), replyId: reply.replyId, outcome, heardText });
  }

  #openDoors(): void {
    const { room, participant, logger } = this.#options;
    this.#doors = new RoomDoors({
      room,
      participant,
      now,
      logger,
      find: (identity) => this.#people.find(identity),
      post: (event) => this.#post(event),
    });
  }

  #onSettingsChange(): void {
    const { settings, version } = this.#settings.current;
    this.#write({ type: 'settings-applied', settingsVersion: version });
    this.#presence.name(settings.agent_name);
    this.#post({ type: 'settings-change', atMs: now(), settings: policySettings(settings) });
    this.#engines.prepare();
    this.#cost.settingsChanged();
  }

  /** Takes up what the agent before left, once somebody can hear it. */
  #takeOver(recovered: RecoveredCall): void {
    void this.#whenListened().then(() => {
      const language = this.#engines.spokenLanguage(recovered.language);
      this.#post(takeOverEvent(recovered, { nowMs: now(), unixMs: Date.now(), language }));
    });
  }

  /** Resolves when somebody can hear the agent, or after a moment. */
  async #whenListened(): Promise<void> {
    const isHeard = this.#track.whenHeard().catch((error: unknown) => {
      this.#options.logger.warn({ error }, 'nobody was seen to listen');
    });
    const inTime = sleep(listenersMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    await Promise.race([isHeard, inTime]);
  }

  #sayGoodbye(): void {
    const language = this.#engines.spokenLanguage(this.#heardLanguage);
    this.#post({ type: 'farewell', atMs: now(), text: phrase('budgetSpent', language), language });
  }

  /** Says the greeting once somebody can hear it; an agent that takes a call over does not greet again. */
  #greet(): void {
    this.#track
      .whenHeard()
      .then(() =>
        this.#post({ type: 'greeting', atMs: now(), text: this.#settings.current.settings.greeting }),
      )
      .catch((error: unknown) => this.#options.logger.warn({ error }, 'greeting not said'));
  }
}

/** Room clock: monotonic, ms. */
function now(): number {
  return performance.now();
}
