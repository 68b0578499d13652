# The worker that sits in the rooms. Build from the repository root:
#   docker build --file docker/worker.Dockerfile --tag sophy-fleet-worker .
# Debian and not Alpine: the native parts are built for glibc. Node runs the TypeScript sources as they are, which it
# does not do below node_modules, so the workspace is copied whole and not packed into packages.
FROM node:24.21.0-trixie-slim AS base
WORKDIR /app

FROM base AS production
RUN npm install --global pnpm@12.21.0
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json .npmrc ./
RUN pnpm fetch --prod
COPY . .
RUN pnpm install --offline --frozen-lockfile --prod --filter "@sophy/worker..."

FROM base AS runtime
# LiveKit's native client checks certificates against the system's list.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir /data \
  && chown node:node /data
ENV NODE_ENV=production WORKER_HOST=0.0.0.0 WORKER_PORT=8081 WORKER_METRICS_PORT=9091 SOPHY_DATA_DIR=/data
COPY --from=production /app /app
USER node
# The spool: what Postgres does not have yet must outlive a crash.
VOLUME /data
EXPOSE 8081 9091
STOPSIGNAL SIGTERM
# Healthy means that the process answers. Being registered at LiveKit is told by port 8081; while LiveKit is away a
# worker must live, its calls come back with it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_METRICS_PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/worker/src/main.ts"]
