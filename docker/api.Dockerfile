# The API with the web client. Build from the repository root:
#   docker build --file docker/api.Dockerfile --tag sophy-fleet-api .
# Debian and not Alpine: the native parts are built for glibc. Node runs the TypeScript sources as they are, which it
# does not do below node_modules, so the workspace is copied whole and not packed into packages.
FROM node:24.21.0-trixie-slim AS base
WORKDIR /app

FROM base AS store
RUN npm install --global pnpm@12.21.0
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json .npmrc ./
RUN pnpm fetch
COPY . .

FROM store AS web
RUN pnpm install --offline --frozen-lockfile --filter "@sophy/web..." \
  && pnpm --filter @sophy/web exec vite build

FROM store AS production
RUN pnpm install --offline --frozen-lockfile --prod --filter "@sophy/api..."

FROM base AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 WEB_PORT=8080 SOPHY_DATA_DIR=/tmp/sophy
COPY --from=production /app /app
COPY --from=web /app/apps/web/dist /app/apps/web/dist
USER node
EXPOSE 8080 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WEB_PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/api/src/main.ts"]
