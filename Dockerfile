# Builds the bundle, then copies it into an image with production dependencies only. Not root.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/check-setup.cjs scripts/
COPY src src
COPY migrations migrations
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
# The embedded PostgreSQL is optional and not installed: set DATABASE_URL.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force
COPY --from=build /app/dist dist
COPY --from=build /app/src/demo/pictures src/demo/pictures
COPY --from=build /app/src/mails/templates src/mails/templates
COPY --from=build /app/src/mails/preview src/mails/preview
COPY docs/postman.json docs/postman.json
USER node
EXPOSE 9000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 9000}/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/nettle.js", "serve"]
