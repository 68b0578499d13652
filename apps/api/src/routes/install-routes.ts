/** Every route, by address. */
import type { AppDependencies } from '../app-dependencies.ts';
import type { AdminSession } from '../http/admin-session.ts';
import type { App } from '../http/app-type.ts';
import { callEventRoutes } from './api/calls/events.ts';
import { callRoutes } from './api/calls.ts';
import { chatExportRoute } from './api/chats/export.ts';
import { chatMessageRoute } from './api/chats/messages.ts';
import { chatRoutes } from './api/chats.ts';
import { configRoute } from './api/config.ts';
import { contextRoutes } from './api/context.ts';
import { engineTestRoute } from './api/engines/test.ts';
import { engineRoutes } from './api/engines.ts';
import { livekitTokenRoute } from './api/livekit/token.ts';
import { livekitWebhookRoute } from './api/livekit/webhook.ts';
import { localModelRoutes } from './api/local-models.ts';
import { loginRoutes } from './api/login.ts';
import { ollamaRoutes } from './api/ollama.ts';
import { openrouterRoutes } from './api/openrouter.ts';
import { promptRoutes } from './api/prompt.ts';
import { settingRoutes } from './api/settings.ts';
import { statusRoute } from './api/status.ts';
import { timingRoutes } from './api/timing.ts';
import { tokenRoute } from './api/token.ts';
import { ttsCurrentRoutes } from './api/tts/current.ts';
import { ttsEngineRoutes } from './api/tts/engines.ts';
import { ttsTestRoute } from './api/tts/test.ts';
import { workerRoute } from './api/workers.ts';
import { healthRoutes } from './health.ts';

export async function installRoutes(
  app: App,
  dependencies: AppDependencies,
  session: AdminSession,
): Promise<void> {
  const families = [
    healthRoutes,
    configRoute,
    loginRoutes,
    tokenRoute,
    livekitTokenRoute,
    settingRoutes,
    promptRoutes,
    contextRoutes,
    chatRoutes,
    chatMessageRoute,
    chatExportRoute,
    engineRoutes,
    engineTestRoute,
    localModelRoutes,
    ttsEngineRoutes,
    ttsCurrentRoutes,
    ttsTestRoute,
    ollamaRoutes,
    openrouterRoutes,
    statusRoute,
    timingRoutes,
    callRoutes,
    callEventRoutes,
    workerRoute,
  ];
  for (const install of families) install(app, dependencies, session);
  await livekitWebhookRoute(app, dependencies);
}
