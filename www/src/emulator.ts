// The emulator that this page was started with, if any: its line of JSON comes with the build.

interface EmulatedCloud {
  url: string;
  region: string;
  projectId?: string;
  identityEndpoint?: string;
  credentials: Record<string, string>;
  corsInReality: string;
}

export type EmulatedName = "alibaba" | "ucloud" | "scloud" | "otc" | "keystone";
type Emulator = Record<EmulatedName, EmulatedCloud> & { control: { url: string } };

const line: unknown = import.meta.env.VITE_EMULATOR;

export const emulator = typeof line === "string" && line !== "" ? (JSON.parse(line) as Emulator) : undefined;

/** Puts every pool back as it was at the start. */
export async function resetEmulator(): Promise<void> {
  if (emulator) await fetch(`${emulator.control.url}/reset`, { method: "POST" });
}
