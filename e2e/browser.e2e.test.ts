/** A person with a browser: the built client, a microphone that speaks, and the engines that come with the product. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '@sophy/providers/audio/encode-wav';
import { type LocalEngines, startLocalEngines } from '@sophy/testkit/local-engines';
import { concatenate, silence } from '@sophy/testkit/pcm';
import { createTestDatabase, type TestDatabase } from '@sophy/testkit/postgres';
import { localEngines, type Product, startProduct } from '@sophy/testkit/product';
import { openSpeech } from '@sophy/testkit/speech';
import { testEnvironment } from '@sophy/testkit/test-environment';
import { buildWebClient } from '@sophy/testkit/web-client';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, onTestFailed, onTestFinished, test } from 'vitest';
import {
  keepPeerConnections,
  launchBrowser,
  type Microphone,
  receivedSoundEnergy,
  seriousFindings,
} from './browser.ts';
import { waitForMessages } from './records.ts';

const question = 'What time does the library open on Saturday?';
/** The microphone's file begins when the page opens it; the agent is in the room well before this is over. */
const quietBeforeQuestionMs = 12_000;
const answerTimeoutMs = 60_000;
/** Neither https nor localhost; the browser is told that it is this machine. */
const untrustedUrl = 'http://sophy.test';

let engines: LocalEngines;
let database: TestDatabase;
let product: Product;
let wavFile: string;

beforeAll(async () => {
  await buildWebClient();
  engines = await startLocalEngines({ brain: true });
  database = await createTestDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'sophy-browser-'));
  const speech = openSpeech();
  const clip = await speech.synthesize(question);
  await speech.close();
  wavFile = join(directory, 'question.wav');
  const { sampleRateHz } = clip;
  await writeFile(
    wavFile,
    encodeWav(concatenate(silence(quietBeforeQuestionMs, sampleRateHz), clip, silence(2_000, sampleRateHz))),
  );
  product = await startProduct({
    databaseUrl: database.url,
    engines: localEngines(engines.baseUrl),
    settings: { whisper_language: 'en' },
    env: { PUBLIC_URL: untrustedUrl },
  });
  return async () => {
    await product.stop();
    await engines.stop();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  };
});

beforeEach(() => {
  onTestFailed(() => {
    console.error(product.logs());
    console.error(engines.log());
  });
});

/** A page of a fresh browser, with what went wrong in it; both are closed after the test. */
async function openPage(
  microphone: Microphone,
  options: { flags?: readonly string[]; colorScheme?: 'light' | 'dark' } = {},
): Promise<{ page: Page; problems: string[] }> {
  const browser: Browser = await launchBrowser(microphone, options.flags);
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    colorScheme: options.colorScheme ?? 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.addInitScript(keepPeerConnections);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  return { page, problems };
}

/** The page has no serious finding in either language; it is left in English. */
async function expectAccessible(page: Page): Promise<void> {
  for (const language of ['it', 'en'] as const) {
    await page
      .getByLabel(/^(Language|Lingua)$/)
      .first()
      .selectOption(language);
    await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
    expect(await seriousFindings(page), `${page.url()} in ${language}`).toEqual([]);
  }
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}

test('a spoken question is captioned word for word under its speaker and answered aloud; chat, settings and status are there', {
  timeout: 180_000,
}, async () => {
  const { page, problems } = await openPage({ kind: 'file', wavFile });
  await page.goto(product.apiUrl);
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('Room', { exact: true }).fill('library');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('heading', { name: 'library' }).waitFor();

  const captions = page.getByRole('log', { name: 'Captions' });
  const asked = captions
    .locator('[data-speaker="Ada"] [data-testid="caption-text"][data-status="final"]')
    .first();
  await asked.waitFor({ timeout: answerTimeoutMs });
  expect(wordsOf((await asked.textContent()) ?? '')).toEqual(wordsOf(question));
  const answered = captions
    .locator('[data-speaker="Sophy"] [data-testid="caption-text"][data-status="final"]')
    .first();
  await answered.waitFor({ timeout: answerTimeoutMs });
  const answer = ((await answered.textContent()) ?? '').trim();
  expect(answer).not.toBe('');
  expect(await receivedSoundEnergy(page)).toBeGreaterThan(0.001);
  if (testEnvironment.screenshotDirectory !== undefined) {
    await page.screenshot({ path: join(testEnvironment.screenshotDirectory, 'room.png') });
  }
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByLabel('Your name').waitFor();

  await page.getByRole('link', { name: 'Chats' }).click();
  await page.getByRole('heading', { name: 'Chats', level: 1 }).waitFor();
  const messages = await waitForMessages(product, 'library', (all) => all.length >= 2);
  expect(messages[0]).toMatchObject({ role: 'user', speaker: 'Ada' });
  await page.reload();
  await page.getByText('Room library').first().waitFor();
  await expectAccessible(page);
  await page.locator('main a[href^="/chats/"]').first().click();
  await page
    .getByText(messages[0]?.content ?? '', { exact: true })
    .last()
    .waitFor();
  await page.getByText(answer.slice(0, 20)).last().waitFor();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Instructions').fill('You are a lighthouse keeper.');
  await page.getByRole('button', { name: 'Save Persona' }).click();
  await page.getByText('Saved. Applies from the next turn.').first().waitFor();
  expect(await product.api('GET', '/api/prompt')).toMatchObject({
    body: { prompt: 'You are a lighthouse keeper.' },
  });
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Status' }).click();
  await page.getByText('Everything that a call needs works.').waitFor({ timeout: 20_000 });
  await expectAccessible(page);
  expect(problems).toEqual([]);
});

test('the dark pages are accessible too', async () => {
  const { page } = await openPage({ kind: 'denied' }, { colorScheme: 'dark' });
  for (const path of ['/', '/chats', '/settings', '/status']) {
    await page.goto(`${product.apiUrl}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expectAccessible(page);
  }
});

test('with the keyboard alone a person joins, writes and leaves', async () => {
  const { page } = await openPage({ kind: 'file', wavFile });
  await page.goto(product.apiUrl);
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await page.locator(`:is(${selector}):focus`).count()) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`60 presses of Tab did not reach ${selector}`);
  };
  await page.getByLabel('Your name').waitFor();
  await tabTo('input[autocomplete="name"]');
  await page.keyboard.type('Kim');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('keys');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'keys' }).waitFor();
  await page.getByRole('button', { name: 'Mute' }).waitFor();
  await page.getByText('Listening', { exact: true }).first().waitFor({ timeout: 20_000 });
  await tabTo('input[aria-label="Message"]');
  await page.keyboard.type('Good evening');
  await page.keyboard.press('Enter');
  await page.getByRole('log', { name: 'Captions' }).getByText('Good evening').waitFor();
  await tabTo('button[title="Leave"]');
  await page.keyboard.press('Enter');
  await page.getByLabel('Your name').waitFor();
});

test('a microphone that is denied or missing is named, and joining without one works', async () => {
  for (const [microphone, title] of [
    [{ kind: 'denied' }, 'The microphone is not allowed'],
    [{ kind: 'missing' }, 'No microphone was found'],
  ] as const) {
    const { page } = await openPage(microphone);
    await page.goto(product.apiUrl);
    await page.getByLabel('Your name').fill(`Guest ${microphone.kind}`);
    await page.getByLabel('Room', { exact: true }).fill(`silent-${microphone.kind}`);
    await page.getByRole('button', { name: 'Try the microphone' }).click();
    await page.getByText(title).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Join without microphone' }).click();
    await page.getByRole('heading', { name: `silent-${microphone.kind}` }).waitFor();
    await page.getByText('without microphone').first().waitFor();
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByLabel('Your name').waitFor();
  }
});

test('on an address that browsers do not trust with a microphone, the page says so', async () => {
  const { page } = await openPage(
    { kind: 'file', wavFile },
    { flags: [`--host-resolver-rules=MAP sophy.test ${new URL(product.apiUrl).host}`] },
  );
  await page.goto(untrustedUrl);
  await page.getByRole('button', { name: 'Try the microphone' }).click();
  await page.getByText('This page may not use the microphone').waitFor();
});
