# Builds the bundle, then copies it into an image with production dependencies only. Nettle runs as
# a user without rights, and writes nothing: the file system may be read-only.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/check-setup.cjs scripts/
COPY src src
COPY migrations migrations
RUN npm run build && chmod 755 dist/nettle.js

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
# The embedded PostgreSQL is optional and not installed: set DATABASE_URL.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force
# Nothing is left to build here, so `npm start` and `npm run nettle` must not try.
RUN npm pkg delete scripts.prestart scripts.prenettle
COPY --from=build /app/dist dist
COPY --from=build /app/src/demo/pictures src/demo/pictures
COPY --from=build /app/src/landing/assets src/landing/assets
COPY --from=build /app/src/mails/templates src/mails/templates
COPY --from=build /app/src/mails/preview src/mails/preview
COPY --from=build /app/src/http/openapi/guides src/http/openapi/guides
COPY --from=build /app/src/http/openapi/page src/http/openapi/page
COPY --from=build /app/src/http/openapi/examples.json src/http/openapi/examples.json
COPY docs/postman.json docs/postman.json
COPY .env.example .env.example
RUN ln -s /app/dist/nettle.js /usr/local/bin/nettle
# The user `node`, by its number, which Kubernetes can compare with root's (runAsNonRoot).
USER 1000:1000
EXPOSE 9000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 9000}/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["nettle", "serve"]
