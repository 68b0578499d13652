/**
 * Asks how much a voice sounds like the end of a turn. The model runs in the one inference process that the agent
 * server keeps for all its jobs, so a job carries none of its memory.
 */
import type { JobContext } from '@livekit/agents';
import type { Logger } from '@sophy/telemetry/logger';
import { z } from 'zod';

/** Answers later than this come too late to shorten a wait, ms. */
const patienceMs = 150;
/** What the model looks at: the latest 1.2 s at 16 kHz. Shorter audio it takes as preceded by silence. */
const windowSamples = 19_200;
/** Questions under way at which no more are asked: the inference process is stuck or drowned. */
const maxUnderWay = 8;
/** The name under which the agent server registers the model's runner by itself. */
const method = 'lk_eot_audio';

/** The runner answers 0 when the model failed; the model itself never says exactly 0. */
const answerSchema = z.object({ probability: z.number().gt(0).max(1) });

export type EndOfTurnModel = {
  /**
   * The probability that the speaker's turn is over, 0..1, or undefined when it is not known in time.
   * @param samples 16 kHz mono, the latest audio of one speaker, the silence at the end included: 200 ms or more.
   */
  predict(samples: Int16Array): Promise<number | undefined>;
};

export type EndOfTurnModelOptions = {
  /** Of the job's context. */
  readonly executor: JobContext['inferenceExecutor'];
  readonly logger: Logger;
};

export function createEndOfTurnModel(options: EndOfTurnModelOptions): EndOfTurnModel {
  const { executor, logger } = options;
  let underWay = 0;
  let hasComplained = false;

  /** Once a call: without the model turns end by their words alone, and each further failure would say the same. */
  const complain = (error: unknown): void => {
    if (hasComplained) return;
    hasComplained = true;
    logger.warn({ error }, 'the end-of-turn model does not answer, turns end by words and silence');
  };

  const ask = async (samples: Int16Array): Promise<number | undefined> => {
    underWay += 1;
    try {
      return answerSchema.parse(await executor.doInference(method, { pcm: base64(samples) })).probability;
    } catch (error) {
      complain(error);
      return undefined;
    } finally {
      underWay -= 1;
    }
  };

  return {
    async predict(samples) {
      if (samples.length === 0 || underWay >= maxUnderWay) return undefined;
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => {
          complain(new Error(`no answer within ${patienceMs} ms`));
          resolve(undefined);
        }, patienceMs);
      });
      try {
        return await Promise.race([ask(samples), tooLate]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function base64(samples: Int16Array): string {
  const latest = samples.subarray(-windowSamples);
  return Buffer.from(latest.buffer, latest.byteOffset, latest.byteLength).toString('base64');
}
