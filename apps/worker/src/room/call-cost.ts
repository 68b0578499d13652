/**
 * What a call costs as it goes on: prices each request to an engine, writes it down, and says when a budget of the call
 * or of the day is spent. What earlier agents of the call have spent counts.
 */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import type { Settings } from '@sophy/contracts/settings';
import { budgetState } from '@sophy/conversation/cost/budget-state';
import { type Cost, costOf } from '@sophy/conversation/cost/cost-of';
import { type CostSum, noCost, withCost } from '@sophy/conversation/cost/cost-sum';
import type { PriceBook } from '@sophy/conversation/cost/price-book';
import { readCostBefore, readDayCost } from '@sophy/db/costs';
import type { Database } from '@sophy/db/database';
import type { Logger } from '@sophy/telemetry/logger';
import type { WorkerMetrics } from '@sophy/telemetry/metrics';
import { withOpenaiHost } from './openai-host.ts';
import type { OpenrouterPrices } from './openrouter-prices.ts';

export type Budget = 'call' | 'day';

export type CallCostOptions = {
  readonly database: Database;
  readonly job: Pick<JobMetadata, 'callId' | 'epoch'>;
  readonly priceBook: PriceBook;
  readonly openrouter: Pick<OpenrouterPrices, 'prices' | 'close'>;
  /** As they are now: budgets, and where `openai` is. */
  readonly settings: () => Settings;
  readonly journal: (event: JournalEvent) => void;
  readonly metrics: Pick<WorkerMetrics, 'engineCost' | 'unknownPrices'>;
  readonly logger: Logger;
  readonly unixMs: () => number;
  /** Nothing more is to be spent on this call. Comes once at most, after `begin`. */
  readonly onSpent: (budget: Budget) => void;
};

/** What a request was made for. */
export type UsagePurpose = { readonly turnId: string; readonly replyId: string };

/** Between two questions to the database what all calls of the day have cost, ms. */
const dayReadMs = 30_000;
const microUsdPerUsd = 1_000_000;

export class CallCost {
  readonly #options: CallCostOptions;
  #isBegun = false;
  #isClosed = false;
  /** Used before this agent had the call. */
  #early: (() => void)[] = [];
  /** Of earlier agents; undefined until it is read. */
  #before: CostSum | undefined;
  #own: CostSum = noCost;
  /** Of all calls today, when it was last read, with what this agent has spent since. */
  #dayMicroUsd = 0;
  readonly #told = new Set<string>();
  #isSpent = false;
  #hasToldUnknown = false;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  readonly #pricing = new Set<Promise<void>>();

  constructor(options: CallCostOptions) {
    this.#options = options;
    if (options.job.epoch === 1) this.#before = noCost;
  }

  /** The call is this agent's from now on. */
  begin(): void {
    if (this.#isBegun || this.#isClosed) return;
    this.#isBegun = true;
    for (const note of this.#early.splice(0)) note();
    this.#look();
    this.#timer = setInterval(() => this.#look(), dayReadMs);
    this.#timer.unref();
  }

  /** A request to an engine is over. */
  used(reported: EngineUsage, purpose?: UsagePurpose): void {
    const { priceBook, openrouter, settings } = this.#options;
    const usage = withOpenaiHost(reported, settings());
    const cost = costOf(usage, priceBook.prices);
    if (usage.engine !== 'openrouter' || !('unknown' in cost) || cost.reason !== 'no-price') {
      this.#note(usage, purpose, cost, priceBook.version);
      return;
    }
    const pricing = openrouter
      .prices()
      .then((prices) => this.#note(usage, purpose, costOf(usage, prices), `openrouter+${priceBook.version}`))
      .finally(() => this.#pricing.delete(pricing));
    this.#pricing.add(pricing);
  }

  /** Budgets may have changed. */
  settingsChanged(): void {
    if (this.#isBegun) this.#look();
  }

  /** Writes down what still waits for a price. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#options.openrouter.close();
    await Promise.all(this.#pricing);
    await this.#reading;
  }

  #note(usage: EngineUsage, purpose: UsagePurpose | undefined, cost: Cost, priceVersion: string): void {
    if (!this.#isBegun) {
      this.#early.push(() => this.#note(usage, purpose, cost, priceVersion));
      return;
    }
    const { journal, metrics } = this.#options;
    const { stage, engine } = usage;
    const costMicroUsd = 'unknown' in cost ? null : cost.microUsd;
    journal({
      type: 'usage',
      turnId: purpose?.turnId ?? null,
      replyId: purpose?.replyId ?? null,
      ...usage,
      costMicroUsd,
      priceVersion,
    });
    this.#own = withCost(this.#own, cost);
    if (costMicroUsd === null) {
      metrics.unknownPrices.inc({ stage, engine });
      if ('unknown' in cost) this.#tellUnknown(usage, cost.reason);
      return;
    }
    metrics.engineCost.inc({ stage, engine }, costMicroUsd / microUsdPerUsd);
    this.#dayMicroUsd += costMicroUsd;
    this.#judge();
  }

  #tellUnknown({ stage, engine, model }: EngineUsage, reason: string): void {
    const { settings, logger } = this.#options;
    const { call_budget_usd, day_budget_usd } = settings();
    if (this.#hasToldUnknown || (call_budget_usd === 0 && day_budget_usd === 0)) return;
    this.#hasToldUnknown = true;
    logger.warn(
      { stage, engine, model, reason },
      'the cost of this engine is unknown and does not count toward the budget: add its price to PRICES_FILE',
    );
  }

  #judge(): void {
    if (!this.#isBegun || this.#isClosed) return;
    const { call_budget_usd, day_budget_usd } = this.#options.settings();
    this.#judgeBudget('call', (this.#before?.knownMicroUsd ?? 0) + this.#own.knownMicroUsd, call_budget_usd);
    this.#judgeBudget('day', this.#dayMicroUsd, day_budget_usd);
  }

  #judgeBudget(budget: Budget, spentMicroUsd: number, budgetUsd: number): void {
    const budgetMicroUsd = Math.round(budgetUsd * microUsdPerUsd);
    const state = budgetState(spentMicroUsd, budgetMicroUsd);
    const key = `${budget} ${state} ${budgetMicroUsd}`;
    if (state === 'open' || this.#told.has(key)) return;
    this.#told.add(key);
    const { journal, logger, onSpent } = this.#options;
    journal({ type: 'budget', budget, state, spentMicroUsd, budgetMicroUsd });
    logger.warn(
      { budget, spentMicroUsd, budgetMicroUsd },
      state === 'near' ? 'a budget is nearly spent' : 'a budget is spent: the agent takes its leave',
    );
    if (state !== 'spent' || this.#isSpent) return;
    this.#isSpent = true;
    onSpent(budget);
  }

  /** Reads what is not known of here; where the database is away, the next look does. */
  #look(): void {
    this.#reading ??= this.#read()
      .catch((error: unknown) =>
        this.#options.logger.warn({ error }, 'costs not read, budgets are kept with what is known'),
      )
      .finally(() => {
        this.#reading = undefined;
      });
  }

  async #read(): Promise<void> {
    const { database, job, settings, unixMs } = this.#options;
    this.#before ??= await readCostBefore(database, job);
    if (settings().day_budget_usd > 0) {
      const own = this.#own.knownMicroUsd;
      const { knownMicroUsd } = await readDayCost(database, unixMs());
      // What was spent while the question was under way may or may not be in the answer: once too often is safe.
      this.#dayMicroUsd = knownMicroUsd + this.#own.knownMicroUsd - own;
    }
    this.#judge();
  }
}
