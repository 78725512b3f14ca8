import { onServer } from "../../../programs/server.mjs";

export const load = async ({ url }) => ({ said: await onServer(url.search) });
