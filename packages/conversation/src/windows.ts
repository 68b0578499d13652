/** Wake and follow-up windows: spans in which somebody is answered without the agent's name. */
import type { SpeakerId } from '@sophy/contracts/ids';
import { clearTimer, setTimer, type TurnDraft, updateSpeaker } from './turn-draft.ts';

export function openWakeWindow(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  openWakeWindowUntil(draft, speaker, atMs + draft.settings.wakeWindowMs);
}

export function openWakeWindowUntil(draft: TurnDraft, speaker: SpeakerId, untilMs: number): void {
  updateSpeaker(draft, speaker, { wakeWindow: { untilMs, isOver: false } });
  setTimer(draft, 'wake', speaker, untilMs);
  draft.commands.push({ type: 'publish-window', window: 'wake', speaker, untilMs });
}

export function closeWakeWindow(draft: TurnDraft, speaker: SpeakerId): void {
  if (draft.speakers.get(speaker)?.wakeWindow === undefined) return;
  clearTimer(draft, 'wake', speaker);
  updateSpeaker(draft, speaker, { wakeWindow: undefined });
  draft.commands.push({ type: 'publish-window', window: 'wake', speaker, untilMs: undefined });
}

/** Says again which windows are open. */
export function republishWindows(draft: TurnDraft): void {
  for (const [speaker, { wakeWindow }] of draft.speakers) {
    if (wakeWindow !== undefined && !wakeWindow.isOver)
      draft.commands.push({ type: 'publish-window', window: 'wake', speaker, untilMs: wakeWindow.untilMs });
  }
  if (draft.followUp !== undefined && !draft.followUp.isOver) {
    const { speaker, untilMs } = draft.followUp;
    draft.commands.push({ type: 'publish-window', window: 'follow-up', speaker, untilMs });
  }
}

/** Opens the window for the person just answered; one room has one. */
export function openFollowUp(draft: TurnDraft, speaker: SpeakerId, atMs: number): void {
  openFollowUpUntil(draft, speaker, atMs + draft.settings.followUpMs);
}

export function openFollowUpUntil(draft: TurnDraft, speaker: SpeakerId, untilMs: number): void {
  closeFollowUp(draft);
  draft.followUp = { speaker, untilMs, isOver: false };
  setTimer(draft, 'follow-up', speaker, untilMs);
  draft.commands.push({ type: 'publish-window', window: 'follow-up', speaker, untilMs });
}

export function closeFollowUp(draft: TurnDraft): void {
  if (draft.followUp === undefined) return;
  const { speaker } = draft.followUp;
  clearTimer(draft, 'follow-up', speaker);
  draft.followUp = undefined;
  draft.commands.push({ type: 'publish-window', window: 'follow-up', speaker, untilMs: undefined });
}

/** Time is up. A turn that began before still counts, so the window then lasts until that turn is judged or dropped. */
export function expireWindow(draft: TurnDraft, window: 'wake' | 'follow-up', speaker: SpeakerId): void {
  const known = draft.speakers.get(speaker);
  const hasBegun = known?.pending !== undefined;
  if (window === 'wake') {
    if (hasBegun && known?.wakeWindow !== undefined) {
      updateSpeaker(draft, speaker, { wakeWindow: { ...known.wakeWindow, isOver: true } });
    } else closeWakeWindow(draft, speaker);
  } else if (draft.followUp !== undefined) {
    if (hasBegun) draft.followUp = { ...draft.followUp, isOver: true };
    else closeFollowUp(draft);
  }
}

/** Closes what only waited for this speaker's turn. */
export function closeOverdueWindows(draft: TurnDraft, speaker: SpeakerId): void {
  if (draft.speakers.get(speaker)?.wakeWindow?.isOver) closeWakeWindow(draft, speaker);
  if (draft.followUp?.speaker === speaker && draft.followUp.isOver) closeFollowUp(draft);
}
