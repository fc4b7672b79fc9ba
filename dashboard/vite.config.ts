// SPDX-License-Identifier: GPL-3.0-or-later
// One HTML file with everything in it, whose policy allows exactly the program
// and the style that it was built with.
import { createHash } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Nothing in a program may end the element it stands in (HTML, 4.12.1.3). */
function safeInScript(code: string): string {
  return code.replace(/<(?=\/script|!--|script)/gi, '\\x3C');
}

function oneFile(): Plugin {
  return {
    name: 'one-file',
    enforce: 'post',
    apply: 'build',
    generateBundle(_, bundle) {
      let code = '';
      let style = '';
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === 'chunk') code += part.code;
        else if (name.endsWith('.css')) style += String(part.source);
        else continue;
        delete bundle[name];
      }
      const page = bundle['index.html'];
      if (!page || page.type !== 'asset' || !code || !style) {
        throw new Error('the page is not complete');
      }
      code = safeInScript(code.trim());
      style = style.trim();
      page.source = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace('{script-hash}', () => hashOf(code))
        .replace('{style-hash}', () => hashOf(style))
        .replace('<!--style-->', () => `<style>${style}</style>`)
        .replace('<!--program-->', () => `<script>${code}</script>`);
    },
  };
}

export default defineConfig({
  plugins: [oneFile()],
  build: {
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rollupOptions: { output: { format: 'iife' } },
  },
  // `npm run dev` beside `tare serve --port 8273`
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:8273', changeOrigin: true } },
  },
});
