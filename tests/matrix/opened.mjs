/**
 * What opens several things, each of which is to be closed at the end, or at once where a later one cannot be opened: the
 * last first. `open` gets `t`, whose `after(work)` is a test's -> what `open` gives, with `close()`.
 */
export async function opened(open) {
  const cleanUps = [];
  const close = async () => {
    for (const work of cleanUps.splice(0).reverse()) await work();
  };
  try {
    return { ...(await open({ after: (work) => cleanUps.push(work) })), close };
  } catch (error) {
    await close();
    throw error;
  }
}
