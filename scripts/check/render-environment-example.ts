/** The text of `.env.example`: every variable of the schema by group, with its purpose, default and example. Pure. */
import { type EnvironmentGroup, environmentDocs, environmentSchema } from '@sophy/contracts/environment';

/** In the order of the file, with who reads that part. */
const groups: Readonly<Record<EnvironmentGroup, string>> = {
  often: 'Often: where the pages are and who may see them',
  engines: 'Ears, brain and voice: for whoever replaces the local engines',
  livekit: 'LiveKit: for whoever runs a server of their own',
  storage: 'Storage: for whoever runs a database of their own',
  fleet: 'Fleet: for whoever runs several workers',
};
const groupOrder: readonly EnvironmentGroup[] = ['often', 'engines', 'livekit', 'storage', 'fleet'];
const lineWidth = 100;

type VariableName = keyof typeof environmentDocs;
type VariableDoc = { readonly group: EnvironmentGroup; readonly about: string; readonly example?: string };

/** Every variable is commented out: an untouched copy changes nothing. */
export function renderEnvironmentExample(): string {
  const head = [
    '# Copy to .env and uncomment what you change; every line has a default, and none is needed to start.',
    '# What the shell says wins over this file. Made by: node scripts/environment-example.ts',
  ];
  const sections = groupOrder.map((group) => {
    const title = `# === ${groups[group]} `.padEnd(lineWidth, '=');
    return [
      title,
      ...variableNames()
        .filter((name) => docOf(name).group === group)
        .map(renderVariable),
    ].join('\n\n');
  });
  return `${[head.join('\n'), ...sections].join('\n\n')}\n`;
}

function renderVariable(name: VariableName): string {
  const doc = docOf(name);
  const fallback = defaultOf(name);
  const notes = [fallback === undefined ? '' : `Default: ${fallback}.`].filter(Boolean);
  return [...wrap([doc.about, ...notes].join(' ')), `# ${name}=${quote(doc.example ?? fallback ?? '')}`].join(
    '\n',
  );
}

function variableNames(): readonly VariableName[] {
  return environmentSchema.keyof().options;
}

function docOf(name: VariableName): VariableDoc {
  return environmentDocs[name];
}

/** What the schema gives for a variable that is not set. */
function defaultOf(name: VariableName): string | undefined {
  const parsed = environmentSchema.shape[name].safeParse(undefined);
  return parsed.success && parsed.data !== undefined ? String(parsed.data) : undefined;
}

function quote(value: string): string {
  return /[\s#]/.test(value) ? `"${value}"` : value;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < lineWidth)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}
