# Untested: see docs/deployment.md.

FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci
COPY index.html vite.config.ts ./
# vite.config.ts imports it.
COPY tests/support/time-factor.ts tests/support/
COPY public public
COPY src src
RUN npm run build

FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
# The image has its own Node, so the optional node-linux packages are not needed.
RUN npm ci --omit=dev --omit=optional

FROM node:26-bookworm-slim
# DATA_DIR is created by the server with mode 0700, also in a volume that has other files.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data/visibility
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY src/contract src/contract
COPY src/query src/query
COPY src/rules src/rules
COPY src/server src/server
# A new named volume takes its owner from this directory.
RUN install -d -o node -g node -m 0700 /data
VOLUME /data
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/server/main.ts"]
