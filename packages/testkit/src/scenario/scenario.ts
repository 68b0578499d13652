/** A scenario as it is played: who is in the room, what happens when, and what a well-mannered agent makes of it. */
import type { SettingsPatch } from '@sophy/contracts/settings';
import type { Expectation } from './expectation.ts';

/** How recognition works: whole utterances at each pause, or words as they are spoken. */
export const recognitionKinds = ['upload', 'streaming'] as const;
export type RecognitionKind = (typeof recognitionKinds)[number];

/** Somebody of the scenario, or one of their devices: devices of one person have the same name. */
export type ScenarioPerson = { readonly id: string; readonly name: string };

/** Where in which file something stands, for messages. */
export type ScenarioPlace = { readonly line: number; readonly source: string };

/** Something that happens at a moment of the room's clock. Moments in ms from the start. */
export type Happening = { readonly atMs: number; readonly place: ScenarioPlace } & (
  | Sound
  | { readonly type: 'types'; readonly person: string; readonly text: string; readonly isPrivate: boolean }
  | { readonly type: 'acts'; readonly person: string; readonly act: PersonAct }
  | { readonly type: 'recognition'; readonly person: string; readonly fails: boolean }
  | { readonly type: 'setting'; readonly patch: SettingsPatch }
  | { readonly type: 'drain' }
);

/** What a microphone takes up from `atMs` to `untilMs`: words, sound without words, or the agent's own voice. */
export type Sound = {
  readonly type: 'sound';
  readonly person: string;
  readonly untilMs: number;
} & (
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'noise' }
  | { readonly kind: 'echo' }
);

export const personActs = [
  'joins',
  'leaves',
  'mutes',
  'unmutes',
  'raises hand',
  'lowers hand',
  'presses stop',
  'presses answer-now',
] as const;
export type PersonAct = (typeof personActs)[number];

/** What the engines take, ms: words after a pause, first token, first sound. */
export type EngineDelays = { readonly sttMs: number; readonly llmMs: number; readonly ttsMs: number };

export type Scenario = {
  /** Its file, relative to the folder of all scenarios, e.g. `interruption/nod.yaml`. */
  readonly file: string;
  readonly title: string;
  readonly language: 'en' | 'it';
  readonly people: readonly ScenarioPerson[];
  readonly settings: SettingsPatch;
  /** What the language model says, in the order of the replies; after the last one the usual sentence. */
  readonly replies: readonly string[];
  readonly delays: EngineDelays;
  readonly recognition: readonly RecognitionKind[];
  /** Why the agent does not behave so yet; undefined: it does. */
  readonly notYet: string | undefined;
  readonly isForAudio: boolean;
  readonly isForRoom: boolean;
  /** In order of time. */
  readonly timeline: readonly Happening[];
  readonly expectations: readonly (Expectation & { readonly place: ScenarioPlace })[];
};
