// Everything that is printed while the soak runs: a log line must hold a secret as little as an error.

/** `hear` gets each text. -> { stop() } */
export function listening(hear) {
  const undo = ["stdout", "stderr"].map((name) => {
    const stream = process[name];
    const write = stream.write;
    stream.write = function heard(chunk, ...rest) {
      hear(String(chunk));
      return write.call(this, chunk, ...rest);
    };
    return () => (stream.write = write);
  });
  const warned = (warning) => hear(String(warning.stack ?? warning));
  process.on("warning", warned);
  return {
    stop() {
      for (const step of undo) step();
      process.off("warning", warned);
    },
  };
}
