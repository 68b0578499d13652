/** The operator's file of HTTP tools: read and checked once at the start. */
import { readFileSync } from 'node:fs';
import type { EnvironmentProblem } from '@sophy/contracts/environment';
import { Ajv, type ValidateFunction } from 'ajv';
import { z } from 'zod';
import { endCallName } from './end-call-tool.ts';

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no name of an HTTP header');

const toolSchema = z.strictObject({
  /** As models take them. */
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, "_" or "-", no digit first'),
  description: z.string().min(1).max(1_000),
  parameters: z
    .record(z.string(), z.unknown())
    .refine((schema) => schema['type'] === 'object', 'must be a JSON schema with "type": "object"'),
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  headers_from_env: z.record(headerName, z.string().min(1)).default({}),
  timeout_ms: z.number().int().min(100).max(60_000).default(10_000),
  effect: z.enum(['none', 'once']),
  confirmation: z.enum(['none', 'spoken']).default('none'),
  repeatable: z.boolean().default(false),
  during_preparation: z.boolean().default(false),
});

const fileSchema = z.strictObject({ tools: z.array(toolSchema).max(32) });

/** A tool of the file, its secrets in place. */
export type HttpToolDefinition = Omit<z.infer<typeof toolSchema>, 'headers_from_env'> & {
  /** Secret: never logged. */
  readonly headers: Readonly<Record<string, string>>;
};

export type ToolsFile = {
  readonly tools: readonly HttpToolDefinition[];
  readonly problems: readonly EnvironmentProblem[];
};

/** @param variables where `headers_from_env` finds its values. Never throws: every problem comes back at once. */
export function readToolsFile(
  path: string,
  variables: Readonly<Record<string, string | undefined>>,
): ToolsFile {
  const problem = (message: string): EnvironmentProblem => ({ variable: 'TOOLS_FILE', message });
  const read = readJson(path);
  if ('problem' in read) return { tools: [], problems: [problem(read.problem)] };
  const parsed = fileSchema.safeParse(read.value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) =>
      problem(`${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`),
    );
    return { tools: [], problems };
  }
  const { tools } = parsed.data;
  const problems = tools.flatMap((tool, index) =>
    [
      ...clashes(tool, tools.slice(0, index)),
      ...Object.values(tool.headers_from_env)
        .filter((variable) => !variables[variable])
        .map((variable) => `headers_from_env: the variable ${variable} is not set`),
    ].map((message) => problem(`${path}: tools.${index} (${tool.name}): ${message}`)),
  );
  if (problems.length > 0) return { tools: [], problems };
  return { tools: tools.map((tool) => withSecrets(tool, variables)), problems: [] };
}

/** Checks arguments against a tool's parameters. @throws what ajv throws where they are no JSON schema. */
export function argumentsCheck(
  parameters: Readonly<Record<string, unknown>>,
): (given: unknown) => string | undefined {
  // Operators write schemas for models: unknown keywords and formats are theirs.
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, validateFormats: false });
  const validate: ValidateFunction = ajv.compile(parameters);
  return (given) =>
    validate(given) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'arguments', separator: '; ' });
}

type FileTool = z.infer<typeof toolSchema>;

function clashes(tool: FileTool, before: readonly FileTool[]): readonly string[] {
  const found: string[] = [];
  if (tool.name === endCallName || before.some(({ name }) => name === tool.name))
    found.push('another tool has this name');
  if (tool.effect === 'none' && tool.confirmation === 'spoken')
    found.push('confirmation: a tool without an effect needs none');
  if (tool.effect === 'none' && tool.repeatable)
    found.push('repeatable: says something only about a tool with "effect": "once"');
  if (tool.effect === 'once' && tool.during_preparation)
    found.push('during_preparation: a tool with an effect never runs for a reply that may be thrown away');
  const { username, password } = new URL(tool.url);
  if (username !== '' || password !== '') found.push('url: put secrets into headers_from_env');
  try {
    argumentsCheck(tool.parameters);
  } catch (error) {
    found.push(`parameters: ${error instanceof Error ? error.message : String(error)}`);
  }
  return found;
}

function withSecrets(
  { headers_from_env, ...tool }: FileTool,
  variables: Readonly<Record<string, string | undefined>>,
): HttpToolDefinition {
  const headers = Object.entries(headers_from_env).map(([name, variable]) => [
    name,
    variables[variable] ?? '',
  ]);
  return { ...tool, headers: Object.fromEntries(headers) };
}

function readJson(path: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(readFileSync(path, 'utf8')) };
  } catch (error) {
    return { problem: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
