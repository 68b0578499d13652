/** Tools whose effects are counted: `book` may be asked for once only, `note` again with the same key. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startToolServer, type ToolServer } from '@sophy/testkit/tool-server';

/** Long enough that a call can be caught while it runs, ms. */
const toolMs = 700;

export type Tools = {
  /** For the workers' TOOLS_FILE. */
  readonly file: string;
  readonly server: ToolServer;
};

export async function startTools(folder: string): Promise<Tools> {
  const server = await startToolServer({ body: '{"done":true}', afterMs: toolMs });
  const tool = (name: string, options: object) => ({
    name,
    description: `For the chaos suite: ${name}`,
    parameters: { type: 'object', properties: { marker: { type: 'string' } }, required: ['marker'] },
    url: `${server.url}/${name}`,
    effect: 'once',
    ...options,
  });
  const file = join(folder, 'tools.json');
  await writeFile(file, JSON.stringify({ tools: [tool('book', {}), tool('note', { repeatable: true })] }));
  return { file, server };
}
