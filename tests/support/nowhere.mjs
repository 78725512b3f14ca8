// Ports that nobody takes meanwhile, whoever else starts servers: they lie below those that a system hands out to
// servers and connections that ask for any.
import { connect } from "node:net";

const FIRST = 20_000;
const COUNT = 10_000;

const isFree = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", () => resolve(true));
  });

/** So many different ports at which nobody listens. */
export async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

/** An address where nobody listens. */
export const nowhere = async () => `http://127.0.0.1:${(await freePorts(1))[0]}`;
