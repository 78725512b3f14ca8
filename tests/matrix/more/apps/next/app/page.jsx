"use client";
import { useEffect } from "react";

export default function Page() {
  useEffect(() => void import("../programs/page-main.mjs"), []);
  return <p>client</p>;
}
