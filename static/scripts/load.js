/* Hotel Wi-Fi drops requests: each is tried again after one and after three more seconds. */
async function tryAgain(load, pauses = [1, 3]) {
  try {
    return await load();
  } catch (error) {
    if (!pauses.length) throw error;
    await new Promise((resolve) => setTimeout(resolve, pauses[0] * 1000));
    return tryAgain(load, pauses.slice(1));
  }
}

async function fetchJson(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

const documents = new Map();

/* Load a document once; an address stands for one content, so it is never asked for again. */
export function loadDocument(address) {
  if (!documents.has(address)) {
    documents.set(address, tryAgain(() => fetchJson(address)));
    documents.get(address).catch(() => documents.delete(address)); // the next call tries again
  }
  return documents.get(address);
}

/* Take a document that is at hand already, as in a file that was taken along. */
export const keepDocument = (address, content) => documents.set(address, Promise.resolve(content));

/* Load a script that is no module, like a library. */
export const loadScript = (address) => tryAgain(() => new Promise((resolve, reject) => {
  const script = Object.assign(document.createElement("script"), { src: address, onload: resolve });
  script.onerror = () => { script.remove(); reject(new Error(address)); };
  document.head.append(script);
}));
