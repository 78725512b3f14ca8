import { onServer } from "../../programs/server.mjs";

export default defineEventHandler((event) => onServer(getRequestURL(event).search));
