import webpack from "webpack";

const [entry, path] = process.argv.slice(2);
const compiler = webpack({ mode: "production", entry: { main: entry }, output: { path, filename: "[name].js", publicPath: "auto" }, devtool: false });
const stats = await new Promise((resolve, reject) => compiler.run((error, stats) => (error ? reject(error) : resolve(stats))));
await new Promise((resolve) => compiler.close(resolve));
if (stats.hasErrors()) throw new Error(stats.toString({ preset: "errors-only" }));
