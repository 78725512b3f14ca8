// `unpool/slim` and `unpool/web`, whose names are those of `unpool`; they differ in how they start.
import * as all from "unpool";
import * as slim from "unpool/slim";
import * as web from "unpool/web";
import module from "unpool/core_bg.wasm";
import removal from "unpool/removal_bg.wasm";

type Missing<Entry> = Exclude<keyof typeof all, keyof Entry>;
const nothing: [Missing<typeof slim>, Missing<typeof web>] extends [never, never] ? true : false = true;

const operation: slim.ReleaseBackend = web.ucloud.releaseBackend({ ulbId: "ulb-1", backendId: "backend-1" });

export async function start(bytes: Uint8Array): Promise<slim.SignedRequest> {
  await slim.init(bytes);
  await slim.init(Promise.resolve(module));
  slim.initSync(module);
  slim.initSync(module, { removal });
  await slim.init(bytes, { removal: bytes });
  await slim.init(bytes, { removal: Promise.resolve(removal) });
  await slim.init(bytes, { removal: () => bytes });
  await slim.init(bytes, { removal: async () => removal });
  await slim.init(bytes, { removal: undefined });
  await web.init();
  await web.init(bytes);
  await web.init(undefined, { removal });
  const client = new slim.Client({ vendor: "ucloud", region: "cn-bj2", credentials: { publicKey: "a", privateKey: "b" } });
  return client.sign(operation);
}

// @ts-expect-error There is no default module.
void slim.init();

void nothing;
