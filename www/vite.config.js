import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// The package is the one built beside this folder, through its public entries.
const pkg = fileURLToPath(new URL("../pkg/", import.meta.url));

// A page that holds keys runs no foreign script. `wasm-unsafe-eval` is what compiling WebAssembly is called there.
// Only in the build: the development server injects styles and scripts of its own.
const contentSecurityPolicy = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      injectTo: "head-prepend",
      attrs: {
        "http-equiv": "Content-Security-Policy",
        content: [
          "default-src 'none'",
          "script-src 'self' 'wasm-unsafe-eval'",
          "style-src 'self'",
          "img-src data:",
          "connect-src https: http://127.0.0.1:* http://localhost:*",
          "base-uri 'none'",
          "form-action 'none'",
        ].join("; "),
      },
    },
  ],
};

export default defineConfig({
  base: "./",
  resolve: {
    alias: [
      { find: /^unpool$/, replacement: `${pkg}index.js` },
      { find: /^unpool\/(journals|locks)$/, replacement: `${pkg}$1.js` },
    ],
  },
  plugins: [contentSecurityPolicy],
  server: { host: "127.0.0.1", fs: { allow: [".."] } },
  preview: { host: "127.0.0.1" },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The package holds its WebAssembly as text; compressed it is a tenth of this.
    chunkSizeWarningLimit: 1000,
    // The package in files of its own: the page's own weight stays visible. The second is loaded by the first look.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "unpool-removal", test: /[\\/]pkg[\\/][a-z_]*removal[a-z_]*\.js$/, priority: 1 },
            { name: "unpool", test: /[\\/]pkg[\\/]/ },
          ],
        },
      },
    },
  },
});
