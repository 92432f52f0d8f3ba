"use strict";
// What was said and is not confirmed yet: on the tablet's disk, under the key of the answer.
const outbox = (base) => {
  const MOST = 50, LARGEST = 250000;
  const memory = new Map();
  const opened = new Promise((yes) => {
    try {
      const asked = indexedDB.open("gloed-kiosk", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("answers", { keyPath: "id" });
      asked.onsuccess = () => yes(asked.result);
      asked.onerror = () => yes(null);
    } catch { yes(null); }
  });
  const work = async (mode, what) => {
    const disk = await opened;
    if (!disk) return what(null);
    return new Promise((yes, no) => {
      const done = disk.transaction("answers", mode, { durability: "strict" });
      const request = what(done.objectStore("answers"));
      done.oncomplete = () => yes(request && request.result);
      done.onerror = done.onabort = () => no(done.error);
    });
  };
  // the kiosk is part of the key: one tablet may have served another desk before
  const named = (answer) => ({ ...answer, id: `${base} ${answer.key}` });
  const put = (answer) => work("readwrite", (store) => {
    const one = named(answer);
    if (store) store.put(one); else memory.set(one.id, one);
  });
  const all = async () => {
    const found = await work("readonly", (store) => store ? store.getAll() : { result: [...memory.values()] }) || [];
    return (Array.isArray(found) ? found : found.result).filter((one) => one.id.startsWith(`${base} `));
  };
  // only what was delivered goes: a newer state of the same answer stays for the next time
  const drop = (sent) => work("readwrite", (store) => {
    if (!store) { const kept = memory.get(sent.id); if (kept && kept.revision === sent.revision) memory.delete(sent.id); return; }
    const asked = store.get(sent.id);
    asked.onsuccess = () => { if (asked.result && asked.result.revision === sent.revision) store.delete(sent.id); };
  });
  // as much as goes in one delivery, but always one
  const batch = (waiting) => {
    let size = 0;
    const fits = (one, place) => (size += JSON.stringify(one).length) <= LARGEST || !place;
    const first = waiting.slice(0, MOST), end = first.findIndex((one, place) => !fits(one, place));
    return end < 0 ? first : first.slice(0, end);
  };
  return { put, all, drop, batch };
};
