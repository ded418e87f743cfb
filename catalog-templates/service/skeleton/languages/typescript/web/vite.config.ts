import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { configSchema, publicConfig } from './src/config.ts';
import { readEnvironment } from './src/runtime/environment.ts';

/** Answers /config.json while developing, as the server of the image does. */
const configFromEnvironment: Plugin = {
  name: 'config-from-environment',
  configureServer(server) {
    server.middlewares.use('/config.json', (_request, response) => {
      const config = publicConfig(readEnvironment(configSchema, process.env));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(config));
    });
  },
};

export default defineConfig({
  root: 'client',
  plugins: [react(), configFromEnvironment],
  server: { port: Number(process.env.PORT ?? 8080) },
  build: { outDir: '../dist/client', emptyOutDir: true, assetsInlineLimit: 0 },
  test: { environment: 'jsdom', setupFiles: ['test/setup.ts'], restoreMocks: true },
});
