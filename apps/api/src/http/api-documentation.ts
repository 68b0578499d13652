/** OpenAPI 3.1 made from the schemas of the routes: JSON at /api/openapi.json, a page at /api/docs. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from './app-type.ts';
import { adminRoute } from './route-policy.ts';

/** Must come before the routes. */
export async function installApiDocumentation(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sophy Fleet',
        description: 'Voice agents in LiveKit rooms: tokens, chats, settings, engines, calls and status.',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs' });
  app.get('/api/openapi.json', { config: adminRoute, schema: { hide: true } }, async () => app.swagger());
}
