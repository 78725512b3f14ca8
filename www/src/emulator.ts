// What this page was started with, if anything: the emulator, and a real Keystone and Octavia on this machine. Each
// printed one line of JSON, which comes with the build.

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

interface Lab {
  identityEndpoint: string;
  region: string;
  credentials: Record<string, string>;
  poolId: string;
  members: { id: string }[];
}

const parse = <T>(line: unknown) => (typeof line === "string" && line !== "" ? (JSON.parse(line) as T) : undefined);

export const emulator = parse<Emulator>(import.meta.env.VITE_EMULATOR);
export const lab = parse<Lab>(import.meta.env.VITE_OPENSTACK);

/** Puts every pool back as it was at the start. */
export async function resetEmulator(): Promise<void> {
  if (emulator) await fetch(`${emulator.control.url}/reset`, { method: "POST" });
}
