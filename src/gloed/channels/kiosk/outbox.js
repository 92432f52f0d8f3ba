"use strict";
// What was said and is not confirmed yet: sealed on the tablet's disk, under the key of the answer.
const outbox = (base) => {
  const MOST = 50, LARGEST = 250000, CIPHER = "AES-GCM";
  const memory = new Map();
  const open = () => new Promise((yes, no) => {
    const asked = indexedDB.open("gloed-kiosk", 2);
    asked.onupgradeneeded = () => {
      const disk = asked.result, has = disk.objectStoreNames;
      if (!has.contains("answers")) disk.createObjectStore("answers", { keyPath: "id" });
      if (!has.contains("keys")) disk.createObjectStore("keys");
    };
    asked.onsuccess = () => { asked.result.onversionchange = () => asked.result.close(); yes(asked.result); };
    asked.onerror = asked.onblocked = () => no(asked.error);
  });
  const work = (disk, name, mode, what) => new Promise((yes, no) => {
    const done = disk.transaction(name, mode, { durability: "strict" });
    const request = what(done.objectStore(name));
    done.oncomplete = () => yes(request && request.result);
    done.onerror = done.onabort = () => no(done.error);
  });
  // the key is made here and cannot be taken out of the browser, not by this page either
  const keyOf = async (disk) => {
    const fresh = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ["encrypt", "decrypt"]);
    let kept = fresh;
    await work(disk, "keys", "readwrite", (store) => {
      const asked = store.get(CIPHER);
      asked.onsuccess = () => { if (asked.result) kept = asked.result; else store.put(fresh, CIPHER); };
    });
    return kept;
  };
  // without a disk, or without a safe connection to seal what lies on it, all stays in memory
  const ready = (async () => {
    try { const disk = await open(); return { disk, key: await keyOf(disk) }; } catch { return null; }
  })();
  // the kiosk is part of the name: one tablet may have served another desk before
  const named = (answer) => ({ ...answer, id: `${base} ${answer.key}` });
  const seal = async (key, { id, ...answer }) => {
    const iv = crypto.getRandomValues(new Uint8Array(12)), plain = new TextEncoder().encode(JSON.stringify(answer));
    return { id, revision: answer.revision, iv, sealed: await crypto.subtle.encrypt({ name: CIPHER, iv }, key, plain) };
  };
  const unseal = async (key, { id, iv, sealed }) => {
    try {
      const plain = await crypto.subtle.decrypt({ name: CIPHER, iv }, key, sealed);
      return [{ ...JSON.parse(new TextDecoder().decode(plain)), id }];
    } catch { return []; }
  };
  const put = async (answer) => {
    const one = named(answer), at = await ready;
    if (!at) { memory.set(one.id, one); return; }
    const closed = await seal(at.key, one);
    await work(at.disk, "answers", "readwrite", (store) => {
      const asked = store.get(one.id); // an older state that was sealed more slowly changes nothing
      asked.onsuccess = () => { if (!asked.result || asked.result.revision <= one.revision) store.put(closed); };
    });
  };
  const all = async () => {
    const at = await ready;
    const found = at ? await work(at.disk, "answers", "readonly", (store) => store.getAll()) : [...memory.values()];
    const own = found.filter((one) => one.id.startsWith(`${base} `));
    return (await Promise.all(own.map((one) => one.sealed ? unseal(at.key, one) : [one]))).flat();
  };
  // only what was delivered goes: a newer state of the same answer stays for the next time
  const drop = async (sent) => {
    const at = await ready;
    const isSent = (kept) => kept && kept.revision === sent.revision;
    if (!at) { if (isSent(memory.get(sent.id))) memory.delete(sent.id); return; }
    await work(at.disk, "answers", "readwrite", (store) => {
      const asked = store.get(sent.id);
      asked.onsuccess = () => { if (isSent(asked.result)) store.delete(sent.id); };
    });
  };
  // as much as goes in one delivery, but always one
  const batch = (waiting) => {
    let size = 0;
    const fits = (one, place) => (size += JSON.stringify(one).length) <= LARGEST || !place;
    const first = waiting.slice(0, MOST), end = first.findIndex((one, place) => !fits(one, place));
    return end < 0 ? first : first.slice(0, end);
  };
  return { put, all, drop, batch };
};
