// WebKitGTK's own small browser, by its WebDriver, on a display that nobody sees.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, serve } from "../processes.mjs";

/** An X server on the first free display -> { display, stop() } */
async function screen() {
  const program = launch("Xvfb", ["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
  for (let tries = 0; tries < 150; tries++) {
    const number = program.output().stdout.trim();
    if (number !== "") return { display: `:${number}`, stop: program.stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await program.stop();
  throw new Error(`Xvfb does not start\n${program.said()}`);
}

export async function webkit(url) {
  const home = await mkdtemp(join(tmpdir(), "unpool-webkit-"));
  const { display, stop } = await screen();
  const close = async () => {
    await stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const driver = await serve(process.env.WEBKIT_DRIVER ?? "WebKitWebDriver", ["--port=PORT", "--host=127.0.0.1"], {
      path: "/status",
      env: {
        DISPLAY: display, HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_RUNTIME_DIR: home, GSETTINGS_BACKEND: "memory",
        LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1",
        // Its sandbox needs rights that a container does not give; only the tests' own pages are opened.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
        http_proxy: "", https_proxy: "", HTTP_PROXY: "", HTTPS_PROXY: "",
      },
    });
    const call = async (method, path, body) => (await fetch(driver.url + path, { method, body: body && JSON.stringify(body) })).json();
    const capabilities = { "webkitgtk:browserOptions": { binary: process.env.WEBKIT_BROWSER, args: ["--automation"] } };
    const { value } = await call("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
    if (!value?.sessionId) {
      await driver.stop();
      throw new Error(`WebKitGTK gives no session: ${JSON.stringify(value)}\n${driver.said()}`);
    }
    const session = `/session/${value.sessionId}`;
    call("POST", `${session}/url`, { url }).catch(() => {});
    return {
      said: driver.said,
      async close() {
        await call("DELETE", session).catch(() => {});
        await driver.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
webkit.title = "WebKitGTK";
