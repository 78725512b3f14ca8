import { onServer } from "../../programs/server.mjs";

export default async function Page({ searchParams }) {
  return <p>{await onServer(`?${new URLSearchParams(await searchParams)}`)}</p>;
}
