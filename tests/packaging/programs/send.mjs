import { Client, alibaba } from "unpool";
import { input } from "./job.cjs";

const client = new Client(input.client);
const removed = await client.send(alibaba.removeBackendServers(input.parameters));
const left = await client.send(alibaba.describeLoadBalancerAttribute({ loadBalancerId: input.parameters.loadBalancerId }));
client.free();
console.log(JSON.stringify({ removed, left }));
