// The tab's title says what goes on in it: another tab that has to wait names it so, and it can be found.

const plain = document.title;
const under: string[] = [];

const show = () => (document.title = under.length > 0 ? `${under.at(-1)} · unpool` : plain);

/** Does `work` under a title of its own. */
export async function titled<T>(words: string, work: () => Promise<T>): Promise<T> {
  under.push(words);
  show();
  try {
    return await work();
  } finally {
    under.splice(under.indexOf(words), 1);
    show();
  }
}
