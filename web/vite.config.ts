import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { catalogue } from "./tools/catalogue";

export default defineConfig({
  plugins: [react(), catalogue()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the content security policy allows no data: URLs
    chunkSizeWarningLimit: 900,
    modulePreload: { polyfill: false }, // the polyfill would be inline code
    rollupOptions: {
      output: {
        manualChunks: { fluent: ["@fluentui/react-components"], react: ["react", "react-dom", "react-router-dom"] },
      },
    },
  },
  server: { proxy: { "/api": { target: process.env["EXHYPERV_API"] ?? "http://127.0.0.1:8472", changeOrigin: false } } },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}", "tools/**/*.test.ts"] },
});
