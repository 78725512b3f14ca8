// The result of a soak, as text.

const kib = (bytes) => (bytes === undefined ? "?" : `${(bytes / 1_024).toFixed(0)} KiB`);

export function summary({ calls, memory, search, seconds }, { sends, seed, runtime }) {
  const lines = [`${runtime}: ${sends} calls, seed ${seed}, ${seconds.toFixed(0)} s`, ""];
  const faults = [...new Set(calls.map(({ fault }) => fault))].sort((a, b) => b.startsWith("none") - a.startsWith("none") || a.localeCompare(b));
  const outcomes = [...new Set(calls.map(({ outcome }) => outcome))].sort((a, b) => (b === "success") - (a === "success") || a.localeCompare(b));
  lines.push(`| fault | calls | ${outcomes.join(" | ")} |`, `|---|---:|${outcomes.map(() => "---:|").join("")}`);
  for (const fault of faults) {
    const own = calls.filter((call) => call.fault === fault);
    const share = (outcome) => {
      const count = own.filter((call) => call.outcome === outcome).length;
      return count === 0 ? "" : `${((100 * count) / own.length).toFixed(1)} %`;
    };
    lines.push(`| ${fault} | ${own.length} | ${outcomes.map(share).join(" | ")} |`);
  }
  const wrong = calls.filter(({ complaints }) => complaints.length > 0);
  lines.push("", `outcomes that the emulator contradicts: ${wrong.length}`);
  for (const { id, fault, effect, cloud, outcome, message, complaints } of wrong.slice(0, 40)) lines.push(`  ${id} ${cloud} ${effect}, ${fault}, ${outcome}: ${complaints.join("; ")} (${message ?? ""})`);
  lines.push(`WebAssembly memory: ${kib(memory.before.wasm)} before, ${kib(memory.after.wasm)} after`);
  lines.push(`${runtime === "node" ? "heap of the thread that sends" : "resident memory of workerd"}: ${kib(memory.before.heap)} before, ${kib(memory.after.heap)} after`);
  lines.push(`secrets, tokens and signatures in ${search.texts} texts, of ${search.secrets} in use: ${search.found.length}`);
  for (const text of search.found.slice(0, 10)) lines.push(`  ${text}`);
  return `${lines.join("\n")}\n`;
}
