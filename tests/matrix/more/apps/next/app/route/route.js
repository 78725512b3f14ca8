import { onServer } from "../../programs/server.mjs";

export async function GET(request) {
  return new Response(await onServer(new URL(request.url).search));
}
