// Asks environments their questions. An environment is { name, run(at) -> answers } or, where there is nothing to ask but
// whether a tool is content, { name, check(at) }, which throws if it is not. `at` is what an environment needs:
//
//   project            a folder with the package installed and the programs in it
//   tarball            the package's
//   jobText            the job as JSON, and where it is to be handed over:
//   program(file, args, options)   runs a program that gets the job as its last argument -> its answers
//   tested(file, args, options)    runs a test runner, whose test leaves its answers in a file -> these
//   page(browser, url, timeout)    opens an address in a browser -> what the page answers
//   post(url)                      posts the job to a server -> what it answers
//   site(folder, options)          serves a folder while this environment is asked -> its address
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { startDesk } from "./desk.mjs";
import { install } from "./install.mjs";
import { QUESTIONS, startLab } from "./lab.mjs";
import { opened } from "./opened.mjs";
import { run } from "./processes.mjs";
import { startSite } from "./site.mjs";

const MARK = "RESULT ";

/** -> { ask(environment) -> { name, answers } or { name, check }, close() } */
export const startMatrix = () =>
  opened(async (t) => {
    const { folder: project, tarball } = await install(t);
    const lab = await startLab();
    t.after(lab.close);
    const desk = await startDesk();
    t.after(desk.close);
    const shared = { project, tarball, out: join(lab.folder, "out"), after: t.after };
    await mkdir(shared.out);
    return { ask: (environment) => (environment.check ? check(environment, shared) : question(environment, { shared, lab, desk })) };
  });

async function check({ name, check }, at) {
  try {
    await check(at);
    return { name, check: "ok" };
  } catch (error) {
    return { name, check: error.message };
  }
}

async function question({ name, run: answer }, { shared, lab, desk }) {
  const job = await lab.job();
  const ends = [];
  const at = {
    ...shared,
    jobText: JSON.stringify(job),
    async program(file, args, options) {
      const printed = await run(file, [...args, at.jobText], { cwd: shared.project, ...options });
      const line = printed.split("\n").find((line) => line.startsWith(MARK));
      if (line === undefined) throw new Error(`printed no answers, but ${printed.slice(-1000)}`);
      return JSON.parse(line.slice(MARK.length));
    },
    async tested(file, args, { env, ...options } = {}) {
      await run(file, args, { cwd: shared.project, env: { MATRIX_JOB: at.jobText, ...env }, ...options });
      return JSON.parse(await readFile(job.answers, "utf8"));
    },
    async page(browser, url, timeout = 90_000) {
      const { query, answers } = desk.hand(job, timeout);
      const opened = await browser(`${url}${query}`);
      try {
        const out = await answers;
        return out.crash ? { crash: `${out.crash}\n${opened.said()}` } : out;
      } finally {
        await opened.close();
      }
    },
    async post(url) {
      const response = await fetch(url, {
        method: "POST",
        body: at.jobText,
        headers: { "content-type": "application/json", origin: new URL(url).origin },
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      if (!text.startsWith("{")) throw new Error(`answered ${response.status} ${text.slice(0, 500)}`);
      return JSON.parse(text);
    },
    async site(folder, options) {
      const site = await startSite(folder, options);
      ends.push(site.close);
      return site.url;
    },
  };
  let out;
  try {
    out = await answer(at);
  } catch (error) {
    out = { crash: String(error.message ?? error).slice(0, 4000) };
  }
  for (const end of ends) await end();
  return { name, answers: lab.judge(job, out) };
}

/** What is wrong with a row, as text; nothing where all is well. */
export function faults(row) {
  if (row.check !== undefined) return row.check === "ok" ? [] : [row.check];
  const wrong = QUESTIONS.filter((question) => row.answers[question] !== "ok");
  // One reason for all of them is said once.
  const reasons = new Map();
  for (const question of wrong) reasons.set(row.answers[question], [...(reasons.get(row.answers[question]) ?? []), question]);
  return [...reasons].map(([reason, questions]) => `${questions.join(", ")}: ${reason}`);
}

/** A promise that is made once, by whoever asks first. */
export function once(make) {
  let made;
  return (...args) => (made ??= make(...args));
}
