// What pages and Workers have fits: their fetch, their signals, their init of a request.
import { Client, alibaba } from "unpool";

export async function remove(accessKeyId: string, accessKeySecret: string): Promise<void> {
  const client = new Client({ vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId, accessKeySecret }, fetch });
  const operation = alibaba.removeBackendServers({ loadBalancerId: "lb-1", backendServers: ["i-1"] });
  const controller = new AbortController();
  await client.send(operation, { signal: controller.signal });
  await client.send(operation, { signal: AbortSignal.timeout(1000) });
  const request = client.sign(operation);
  const response: Response = await fetch(request.url, request);
  void new Client({
    vendor: "alibaba",
    region: "cn-hangzhou",
    credentials: { accessKeyId, accessKeySecret },
    fetch: (url, init) => fetch(url, { ...init, keepalive: true }),
  });
  void response;
}
