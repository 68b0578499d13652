/** `GET /api/config`: what a page needs before anybody has logged in; no secret. */
import { configResponseSchema } from '@sophy/contracts/http-status';
import type { AppDependencies } from '../../app-dependencies.ts';
import type { AdminSession } from '../../http/admin-session.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { pageAddress } from '../../http/page-address.ts';
import { publicRoute } from '../../http/route-policy.ts';
import { livekitUrlFor } from '../../livekit/livekit-address.ts';
import { currentSettings } from '../../settings/live-settings.ts';
import { brainName } from '../../status/brain-name.ts';

export function configRoute(app: App, dependencies: AppDependencies, session: AdminSession): void {
  const { configuration } = dependencies;
  app.get(
    '/api/config',
    { config: publicRoute, schema: { tags: ['config'], response: answers(configResponseSchema) } },
    async (request) => {
      const { settings } = await currentSettings(dependencies);
      return {
        livekit_url: livekitUrlFor(configuration.livekit, pageAddress(request, configuration.publicUrl)),
        livekit_url_configured: configuration.livekit.publicUrl !== undefined,
        server_ip: request.socket.localAddress ?? configuration.host,
        default_tts: settings.tts_engine,
        whisper_model: settings.whisper_model,
        ollama_model: settings.ollama_model,
        llm_provider: settings.llm_provider,
        brain: await brainName(settings, dependencies.engines),
        agent_name: settings.agent_name,
        ui_language: settings.ui_language,
        login_required: configuration.adminPassword !== undefined,
        logged_in: session.isAdmin(request),
        https_port: configuration.certificate === undefined ? null : configuration.httpsPort,
        version: configuration.version,
      };
    },
  );
}
