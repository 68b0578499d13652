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
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production WORKER_PORT=8081 SOPHY_DATA_DIR=/tmp/sophy
COPY --from=production /app /app
USER node
STOPSIGNAL SIGTERM
# Healthy means registered at LiveKit.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_PORT}/`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/worker/src/main.ts"]
