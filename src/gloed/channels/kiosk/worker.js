// The kiosk without a network: the page as it was when there last was one.
const PAGE = new URL("./", location).href;
const STORE = "gloed-kiosk " + PAGE;
const keep = async (answer) => {
if (answer.ok) await (await caches.open(STORE)).put(PAGE, answer.clone());
return answer;
};
const patience = () => new Promise((_, no) => setTimeout(no, 4000));
addEventListener("install", (event) => {
event.waitUntil(fetch(PAGE).then(keep).then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
if (event.request.mode !== "navigate" || event.request.url.split(/[?#]/)[0] !== PAGE) return;
const fresh = fetch(PAGE).then(keep);
event.waitUntil(fresh.catch(() => {}));
event.respondWith(Promise.race([fresh, patience()]).then(
(answer) => answer.status < 500 ? answer : Promise.reject(),
).catch(async () => (await (await caches.open(STORE)).match(PAGE)) || fresh));
});
