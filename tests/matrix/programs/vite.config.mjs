// For Vite's dev mode. Vite 6 and 7 lose the modules of `unpool/web` there, unless they leave the package as it is.
export default {
  cacheDir: process.env.VITE_CACHE ?? "node_modules/.vite",
  optimizeDeps: { exclude: process.env.LEAVE_AS_IT_IS ? ["unpool", "unpool/web"] : [] },
};
