/** Chromium of this machine with a microphone that plays a file, for pages as people use them. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { testEnvironment } from '@sophy/testkit/test-environment';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { z } from 'zod';

/** What the browser does when a page asks for the microphone. */
export type Microphone =
  /** Allowed; plays the WAV file once from the moment it is opened, then silence. */
  | { readonly kind: 'file'; readonly wavFile: string }
  | { readonly kind: 'denied' }
  /** Allowed, but the machine has none. */
  | { readonly kind: 'missing' };

const quietFlags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export async function launchBrowser(
  microphone: Microphone,
  extraFlags: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [...quietFlags, ...microphoneFlags(microphone), ...extraFlags],
  });
}

function microphoneFlags(microphone: Microphone): readonly string[] {
  switch (microphone.kind) {
    case 'file':
      return [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${microphone.wavFile}%noloop`,
      ];
    case 'denied':
      return ['--deny-permission-prompts', '--use-fake-device-for-media-stream'];
    case 'missing':
      return ['--use-fake-ui-for-media-stream'];
  }
}

/** CHROMIUM_BIN, else the usual names on PATH. Throws when there is none. */
function findChromium(): string {
  const named = testEnvironment.chromiumBin;
  if (named !== undefined && named !== '') return named;
  const folders = [...testEnvironment.path.split(delimiter), '/usr/bin'];
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
  if (found === undefined)
    throw new Error('Chromium was not found: set CHROMIUM_BIN or put chromium on PATH');
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const axeFindingsSchema = z.array(
  z.object({ rule: z.string(), impact: z.string(), nodes: z.array(z.string()) }),
);

/** Serious and critical findings of axe on the page as it is now. */
export async function seriousFindings(page: Page): Promise<z.infer<typeof axeFindingsSchema>> {
  // Entrance animations would be judged half transparent; endless ones never finish.
  await evaluate(
    page,
    `Promise.all(document.getAnimations()
      .filter((animation) => animation.effect.getComputedTiming().endTime < 5000)
      .map((animation) => animation.finished.catch(() => null))).then(() => null)`,
  );
  await evaluate(page, axe.source);
  const findings = await evaluate(
    page,
    `axe.run().then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({ rule: id, impact, nodes: nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary) })))`,
  );
  return axeFindingsSchema.parse(findings);
}

/** To be installed before the page's own scripts: keeps its peer connections, so that what it hears can be measured. */
export const keepPeerConnections = `
  window.testPeerConnections = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...options) { super(...options); window.testPeerConnections.push(this); }
  };
`;

/** Sound energy that the page has received so far, as WebRTC counts it; 0 is silence. */
export async function receivedSoundEnergy(page: Page): Promise<number> {
  const energy = await evaluate(
    page,
    `(async () => {
      let energy = 0;
      for (const connection of window.testPeerConnections)
        for (const report of (await connection.getStats()).values())
          if (report.type === 'inbound-rtp' && report.kind === 'audio') energy += report.totalAudioEnergy ?? 0;
      return energy;
    })()`,
  );
  return z.number().parse(energy);
}

/** Runs an expression as the browser's own console does: the page's security policy stays on and does not forbid it. */
async function evaluate(page: Page, expression: string): Promise<unknown> {
  const session = await page.context().newCDPSession(page);
  try {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  } finally {
    await session.detach();
  }
}
