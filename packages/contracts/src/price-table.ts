/** What engines cost: the shape of the price table that is shipped and of the operator's own (`PRICES_FILE`). */
import { z } from 'zod';
import { engineStages } from './engine-usage.ts';

const usd = z.number().min(0).max(1_000_000);
const date = z.iso.date();

const row = {
  stage: z.enum(engineStages),
  /** Engine id, as in the settings. */
  engine: z.string().min(1).max(60),
  /** Model; `*` stands for any run of characters. */
  model: z.string().min(1).max(200).default('*'),
  /** The row holds for this host only; left out: for any. */
  host: z.string().min(1).max(200).optional(),
  /** Page that says so. */
  source: z.string().max(500).default(''),
  /** When that page said so; left out: the date of the table. */
  asOf: date.optional(),
  note: z.string().max(500).optional(),
};

/** One price. The first row that fits a request is the price of it. */
export const priceSchema = z.discriminatedUnion('unit', [
  /** Of sound heard (stt) or spoken (tts). */
  z.strictObject({ ...row, unit: z.literal('audio-minute'), usd }),
  z.strictObject({
    ...row,
    unit: z.literal('million-tokens'),
    promptUsd: usd,
    /** Left out: tokens from a cache cost as much as others. */
    cachedPromptUsd: usd.optional(),
    completionUsd: usd,
  }),
  z.strictObject({ ...row, unit: z.literal('million-characters'), usd }),
  /** It costs nothing, whatever is used; `note` says why. */
  z.strictObject({ ...row, unit: z.literal('free') }),
]);
export type Price = Readonly<z.infer<typeof priceSchema>>;

export const priceTableSchema = z.strictObject({
  /** Stands in the journal beside every amount. */
  version: z.string().min(1).max(60),
  asOf: date,
  currency: z.literal('USD'),
  prices: z.array(priceSchema).max(1_000),
});
export type PriceTable = Readonly<z.infer<typeof priceTableSchema>>;
