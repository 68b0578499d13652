/** The address of an operation of a service with its query. */

/** Parameters that are undefined are left out; the base address may end in a slash or not. */
export function serviceUrl(
  baseUrl: string,
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>> = {},
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.append(name, String(value));
  const search = parameters.size === 0 ? '' : `?${parameters}`;
  return `${baseUrl.replace(/\/+$/, '')}${path}${search}`;
}
