/** Plays a scenario through the pure policy on a virtual clock: recognition, language model and voice are models too. */
import { speakerIdSchema } from '@sophy/contracts/ids';
import { type Settings, settingsSchema } from '@sophy/contracts/settings';
import { policySettings } from '@sophy/conversation/policy-settings';
import type { TurnCommand } from '@sophy/conversation/turn-command';
import type { TurnEvent } from '@sophy/conversation/turn-event';
import { decide, initialTurnState } from '@sophy/conversation/turn-policy';
import { createMicrophoneModel, type MicrophoneModel } from './recognition-model.ts';
import { recordCommand } from './record-command.ts';
import type { Happening, RecognitionKind, Scenario, ScenarioPerson } from './scenario.ts';
import { emptyRecord, type ScenarioRecord } from './scenario-record.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { createVoiceModel } from './voice-model.ts';

/** How long after the last line the room is still watched, ms: longer than any window or queue lasts. */
const watchedAfterMs = 150_000;

export type PolicyRunOptions = {
  readonly recognition: RecognitionKind;
  readonly seed: number;
  /** The policy under test; the product's own where left out. */
  readonly decide?: typeof decide;
};

export type PolicyRun = {
  readonly record: ScenarioRecord;
  /** Events and commands in order, one line each: the same seed gives the same bytes. */
  readonly log: readonly string[];
  /** What must hold in any room and did not. */
  readonly broken: readonly string[];
};

export function runInPolicy(scenario: Scenario, options: PolicyRunOptions): PolicyRun {
  const clock = createVirtualClock();
  const random = createSeededRandom(options.seed);
  const record = emptyRecord();
  const log: string[] = [];
  const broken: string[] = [];
  const timers = new Map<string, () => void>();
  const microphones = new Map<string, MicrophoneModel>();
  const failing = new Set<string>();
  const inbox: TurnEvent[] = [];
  const decisions = new Map<string, string>();
  let settings: Settings = settingsSchema.parse(scenario.settings);
  let state = initialTurnState({ settings: policySettings(settings), idPrefix: '' });
  let isDeciding = false;
  let sounding: string | undefined;
  const policy = options.decide ?? decide;

  const post = (event: TurnEvent): void => {
    inbox.push(event);
    if (isDeciding) return;
    isDeciding = true;
    for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
      log.push(`${clock.nowMs()} < ${JSON.stringify(next)}`);
      if (next.type === 'reply-end' && next.replyId === sounding) sounding = undefined;
      const decided = policy(state, next);
      state = decided.state;
      for (const command of decided.commands) {
        log.push(`${clock.nowMs()} > ${JSON.stringify(command)}`);
        carryOut(command);
      }
    }
    isDeciding = false;
  };

  const voice = createVoiceModel({
    replies: scenario.replies,
    delays: scenario.delays,
    clock,
    random,
    post,
    onStart: (reply) => record.replies.push(reply),
  });

  const carryOut = (command: TurnCommand): void => {
    const atMs = clock.nowMs();
    recordCommand(record, atMs, command);
    switch (command.type) {
      case 'set-timer':
        timers.get(command.timerId)?.();
        timers.set(
          command.timerId,
          clock.at(command.atMs, () => {
            timers.delete(command.timerId);
            post({ type: 'timer-fired', atMs: clock.nowMs(), timerId: command.timerId });
          }),
        );
        return;
      case 'clear-timer':
        timers.get(command.timerId)?.();
        timers.delete(command.timerId);
        return;
      case 'prepare-reply':
        voice.prepare(command.replyId);
        return;
      case 'start-reply':
        if (sounding !== undefined)
          broken.push(`${atMs}: ${command.replyId} starts while ${sounding} sounds`);
        if (state.isDraining) broken.push(`${atMs}: ${command.replyId} starts while the worker drains`);
        sounding = command.replyId;
        voice.start(command.replyId, command.turn, {
          rule: decisions.get(command.turn.turnId),
          fixedText: command.fixedText,
        });
        return;
      case 'start-private-reply':
        record.signs.push({
          type: 'private-reply',
          atMs,
          person: command.turn.speaker,
          text: voice.nextText(),
        });
        return;
      case 'peek-utterance':
        microphones.get(command.speaker)?.peek();
        return;
      case 'duck-voice':
        voice.hold(command.replyId);
        return;
      case 'resume-voice':
        voice.resume(command.replyId);
        return;
      case 'stop-reply':
      case 'discard-reply':
        voice.stop(command.replyId);
        return;
      case 'close-utterance':
        microphones.get(command.speaker)?.closeUtterance();
        return;
      case 'publish-decision':
        if (command.action === 'answer') decisions.set(command.turnId, command.rule);
        return;
      default:
        return;
    }
  };

  const join = ({ id, name }: ScenarioPerson): void => {
    const speaker = speakerIdSchema.parse(id);
    const microphone = createMicrophoneModel({
      speaker,
      language: scenario.language,
      kind: options.recognition,
      delays: scenario.delays,
      clock,
      random,
      isAgentAudible: voice.isAudible,
      post,
    });
    microphone.setFailing(failing.has(id));
    microphones.set(id, microphone);
    post({ type: 'speaker-join', atMs: clock.nowMs(), speaker, name });
  };

  const leave = (person: string): void => {
    microphones.get(person)?.close();
    microphones.delete(person);
    post({ type: 'speaker-leave', atMs: clock.nowMs(), speaker: speakerIdSchema.parse(person) });
  };

  const happen = (happening: Happening): void => {
    const atMs = clock.nowMs();
    switch (happening.type) {
      case 'sound':
        microphones.get(happening.person)?.sounds({
          fromMs: happening.atMs,
          untilMs: happening.untilMs,
          isEcho: happening.kind === 'echo',
          nextFromMs: nextSoundMs(scenario, happening),
          words: () => {
            if (happening.kind === 'words') return happening.words;
            return happening.kind === 'noise' ? '' : voice.wordsBetween(happening.atMs, happening.untilMs);
          },
        });
        return;
      case 'types': {
        const { person, text, isPrivate } = happening;
        const speaker = speakerIdSchema.parse(person);
        post({ type: 'typed-message', atMs, speaker, messageId: `m${atMs}`, text, isPrivate });
        return;
      }
      case 'recognition':
        if (happening.fails) failing.add(happening.person);
        else failing.delete(happening.person);
        microphones.get(happening.person)?.setFailing(happening.fails);
        return;
      case 'setting':
        settings = settingsSchema.parse({ ...settings, ...happening.patch });
        post({ type: 'settings-change', atMs, settings: policySettings(settings) });
        return;
      case 'drain':
        post({ type: 'drain', atMs });
        return;
      case 'acts':
        act(happening);
        return;
      default:
        happening satisfies never;
    }
  };

  const act = ({ person, act: what }: Extract<Happening, { readonly type: 'acts' }>): void => {
    const atMs = clock.nowMs();
    const speaker = speakerIdSchema.parse(person);
    switch (what) {
      case 'joins': {
        const known = scenario.people.find(({ id }) => id === person);
        if (known !== undefined) join(known);
        return;
      }
      case 'leaves':
        leave(person);
        return;
      case 'mutes':
        microphones.get(person)?.mute();
        return;
      case 'unmutes':
        microphones.get(person)?.unmute();
        return;
      case 'raises hand':
      case 'lowers hand':
        post({ type: 'hand-raise', atMs, speaker, isRaised: what === 'raises hand' });
        return;
      case 'presses stop':
        post({ type: 'stop-request', atMs, speaker });
        return;
      case 'presses answer-now':
        post({ type: 'answer-request', atMs, speaker });
        return;
      default:
        what satisfies never;
    }
  };

  for (const person of presentFromStart(scenario)) join(person);
  if (settings.greeting !== '') post({ type: 'greeting', atMs: 0, text: settings.greeting });
  for (const happening of scenario.timeline) clock.at(happening.atMs, () => happen(happening));
  clock.runUntil(endOf(scenario) + watchedAfterMs);
  broken.push(...unsettled(record));
  const seen = {
    ...record,
    decisions: [...record.decisions],
    signs: [...record.signs],
    turns: [...record.turns],
    replies: [...record.replies],
  };
  for (const person of [...microphones.keys()]) leave(person);
  clock.runUntil(clock.nowMs() + watchedAfterMs);
  if (timers.size > 0) broken.push(`timers outlive the room: ${[...timers.keys()].join(', ')}`);
  if (state.reply !== undefined || state.queue.length > 0) broken.push('a reply outlives the room');
  return { record: seen, log, broken };
}

/** Everybody whose first line is not that they join. */
export function presentFromStart({ people, timeline }: Scenario): readonly ScenarioPerson[] {
  return people.filter(({ id }) => {
    const first = timeline.find((happening) => 'person' in happening && happening.person === id);
    return !(first?.type === 'acts' && first.act === 'joins');
  });
}

/** Moment of the last thing that happens, ms. */
export function endOf({ timeline }: Scenario): number {
  return Math.max(...timeline.map((entry) => (entry.type === 'sound' ? entry.untilMs : entry.atMs)));
}

function nextSoundMs({ timeline }: Scenario, { atMs, ...sound }: Happening): number | undefined {
  return timeline.find(
    (other) =>
      other.type === 'sound' && 'person' in sound && other.person === sound.person && other.atMs > atMs,
  )?.atMs;
}

/** Each recorded turn has one decision about whether it is answered; a second one only drops it, or was asked for. */
function unsettled({ turns, decisions }: ScenarioRecord): readonly string[] {
  return turns.flatMap(({ turnId }) => {
    const own = decisions.filter(
      (decision) => decision.turnId === turnId && ['answer', 'silent'].includes(decision.action),
    );
    const asked = own.filter(({ rule }) => rule === 'answer-now').length;
    return own.length === 1 || (own.length === 2 && asked === 1) || asked > 1
      ? []
      : [`turn ${turnId} has ${own.length} decisions`];
  });
}
