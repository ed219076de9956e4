import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "specs",
          include: ["src/**/*.spec.ts", "test/architecture/**/*.test.ts"],
          setupFiles: ["test/support/property-seed.ts"],
          environment: "node",
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "stories",
          include: ["test/**/*.test.ts"],
          exclude: ["test/architecture/**", "test/image/**", "test/medusa/**", "node_modules/**"],
          globalSetup: ["test/support/global-setup.ts"],
          setupFiles: ["test/support/property-seed.ts"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          // Importing the shop anew for each file would take a third of the run's processor time.
          // A file has a database of its own, and restores what it changes in the process.
          isolate: false,
          // After the specs: projects with different numbers of workers cannot run at once.
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Beside a real Medusa, which is installed for it: by `npm run test:medusa` only.
        test: {
          name: "medusa",
          include: ["test/medusa/**/*.test.ts"],
          globalSetup: ["test/medusa/global-setup.ts"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 240_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Installs from the npm registry what the image installs: by `npm run test:image` only.
        test: {
          name: "image",
          include: ["test/image/**/*.test.ts"],
          globalSetup: ["test/support/global-setup.ts"],
          environment: "node",
          testTimeout: 180_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
