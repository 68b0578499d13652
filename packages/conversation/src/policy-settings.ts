/** The settings that turn policy depends on, as values in ms. */
import type { Settings } from '@sophy/contracts/settings';

export type PolicySettings = {
  /** Name first, then aliases, as configured. */
  readonly agentNames: readonly string[];
  readonly forceAgentResponse: boolean;
  readonly wakeWindowMs: number;
  readonly followUpMs: number;
  readonly bargeIn: 'everyone' | 'addressee' | 'nobody';
  readonly bargeInMinSpeechMs: number;
  readonly bargeInDuringConfirmations: boolean;
  /** Words of nodding along besides the built-in ones. */
  readonly backChannels: readonly string[];
  readonly prepareReplies: boolean;
  /** The audio model has a say, so its first answer is worth waiting for. */
  readonly hasEndOfTurnModel: boolean;
  readonly endpointingMinMs: number;
  readonly endpointingMaxMs: number;
};

export function policySettings(settings: Settings): PolicySettings {
  return {
    agentNames: [settings.agent_name, ...settings.agent_aliases],
    forceAgentResponse: settings.force_agent_response,
    wakeWindowMs: settings.wake_window_seconds * 1_000,
    followUpMs: settings.follow_up_seconds * 1_000,
    bargeIn: settings.barge_in,
    bargeInMinSpeechMs: settings.barge_in_min_speech_ms,
    bargeInDuringConfirmations: settings.barge_in_during_confirmations,
    backChannels: settings.back_channels,
    prepareReplies: settings.prepare_replies,
    hasEndOfTurnModel: settings.end_of_turn_model,
    endpointingMinMs: settings.endpointing_min_ms,
    endpointingMaxMs: Math.max(settings.endpointing_min_ms, settings.endpointing_max_ms),
  };
}
