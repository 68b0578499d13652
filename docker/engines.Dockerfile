# The local ears, brain and voice. Build from the repository root:
#   docker build --file docker/engines.Dockerfile --tag sophy-fleet-engines .
# Holds no weights: the service `models` of docker-compose.yml fetches them into the volume /data once.
# Debian and not Alpine: the native parts are built for glibc. Node runs the TypeScript sources as they are, which it
# does not do below node_modules, so the workspace is copied whole and not packed into packages.
FROM node:24.21.0-trixie-slim AS base
WORKDIR /app

FROM base AS production
RUN npm install --global pnpm@12.21.0
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json .npmrc ./
RUN pnpm fetch --prod
COPY . .
RUN pnpm install --offline --frozen-lockfile --prod --filter "@sophy/engines..." --filter "@sophy/scripts..."

FROM base AS runtime
# Fetching models checks certificates against the system's list; Python converts the ones that come from the mirror.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates python3-venv \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir /data \
  && chown node:node /data
ENV NODE_ENV=production ENGINES_HOST=0.0.0.0 ENGINES_PORT=8090 SOPHY_DATA_DIR=/data
COPY --from=production /app /app
USER node
VOLUME /data
EXPOSE 8090
STOPSIGNAL SIGTERM
# Loading the models takes seconds on a slow disk.
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ENGINES_PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/engines/src/main.ts"]
