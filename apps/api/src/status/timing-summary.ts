/** Means and percentiles over the timings of recent turns. */
import type { TimingResponse } from '@sophy/contracts/http-status';
import type { TurnTiming } from '@sophy/db/timing';

export function summarizeTimings(timings: readonly TurnTiming[]): TimingResponse {
  const values = (pick: (timing: TurnTiming) => number | null) =>
    timings.map(pick).filter((value) => value !== null);
  const stt = values(({ sttMs }) => sttMs);
  const llm = values(({ llmMs }) => llmMs);
  const tts = values(({ ttsFirstAudioMs }) => ttsFirstAudioMs);
  const total = values(({ totalMs }) => totalMs);
  const audioMs = mean(values(({ ttsAudioMs }) => ttsAudioMs));
  return {
    stt: { time_ms: mean(stt), ...percentiles(stt) },
    llm: {
      time_ms: mean(llm),
      ttft_ms: mean(values(({ llmFirstTokenMs }) => llmFirstTokenMs)),
      ...percentiles(llm),
    },
    tts: { time_ms: mean(tts), audio_sec: audioMs === null ? null : audioMs / 1_000, ...percentiles(tts) },
    latency: { e2e_ms: mean(total), to_first_audio_ms: mean(total), ...percentiles(total) },
  };
}

function percentiles(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  return { p50_ms: atRank(sorted, 0.5), p95_ms: atRank(sorted, 0.95), count: sorted.length };
}

/** Nearest rank: the smallest value that at least this share of all values does not exceed. */
function atRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
}
