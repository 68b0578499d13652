/** Recognition of whole utterances that does not fail as long as one of its engines works. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import { durationMs, type PcmAudio } from '@sophy/contracts/pcm-audio';
import type { SttOptions, Transcript, UploadSttPort } from '@sophy/conversation/stt-port';
import { type Chain, linkName } from './chain.ts';
import type { EngineLink } from './engine-link.ts';
import { isUnbilled } from './is-unbilled.ts';
import { raceLinks } from './race-links.ts';

export function createResilientStt(chain: Chain<UploadSttPort>): UploadSttPort {
  const { links, gate, events } = chain;
  return {
    kind: 'upload',
    label: links[0].port.label,
    maxAudioMs: Math.min(...links.map(({ port }) => port.maxAudioMs)),
    async transcribe(audio, { language, signal }) {
      for (const link of links) gate.watch(link);
      const { link, items } = await raceLinks({
        links,
        open: (it, stop) => metered(chain, it, audio, { language, signal: stop }),
        gate,
        signal,
        onFailure: (_link, error) => events.onFailure(error),
      });
      if (link !== links[0])
        events.onTakeover({ stage: 'stt', from: linkName(links[0]), to: linkName(link), isMidway: false });
      let transcript: Transcript = { text: '', language: undefined };
      for await (const item of items) transcript = item;
      return transcript;
    },
  };
}

/** A transcript as the one piece of an answer. */
async function* metered(
  { events }: Chain<UploadSttPort>,
  { port, engine, model }: EngineLink<UploadSttPort>,
  audio: PcmAudio,
  options: SttOptions,
): AsyncGenerator<Transcript, void, undefined> {
  let outcome: EngineUsage['outcome'] = 'cut';
  let isFree = false;
  try {
    const transcript = await port.transcribe(audio, options);
    outcome = 'complete';
    yield transcript;
  } catch (error) {
    if (!options.signal.aborted) outcome = 'failed';
    isFree = isUnbilled(error, false);
    throw error;
  } finally {
    events.onUsage({
      stage: 'stt',
      engine,
      model,
      audioMs: isFree ? 0 : durationMs(audio),
      isEstimated: false,
      outcome,
    });
  }
}
