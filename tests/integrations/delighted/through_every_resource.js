// Every resource of the official Node client, with only address and key changed.
const make = require("delighted");

const [, , address, key] = process.argv;
const { hostname, port } = new URL(address);
const where = { host: hostname, port: Number(port), base: "/delighted/v1", scheme: "http" };
const client = make(key, where);

async function nameOf(promise) {
  try {
    await promise;
    return "nothing";
  } catch (problem) {
    return problem.type || problem.name || problem.constructor.name;
  }
}

async function main() {
  const told = {};
  const email = "jurgen+x@example.org";
  told.person = await client.person.create({
    email, name: "Jürgen", delay: 60, properties: { plan: "zon" },
  });
  const listed = client.person.list({ email });
  told.listed = [];
  await listed.autoPagingEach((one) => { told.listed.push(one.email); });
  await client.surveyRequest.deletePending({ person_email: email });
  told.response = await client.surveyResponse.create({
    person: told.person.id, score: 0, comment: "traag",
  });
  await client.surveyResponse.retrieve(told.response.id, { expand: ["person"] });
  const known = await client.surveyResponse.retrieve(told.response.id);
  known.score = 8;
  told.changed = await known.save();
  told.all = (await client.surveyResponse.all({ per_page: 5 })).length;
  told.metrics = await client.metrics.retrieve();
  await client.unsubscribe.create({ person_email: "weg@example.org" });
  told.unsubscribes = (await client.unsubscribe.all()).map((one) => one.email);
  told.bounces = await client.bounce.all();
  told.configuration = await client.autopilotConfiguration.retrieve("email");
  const autopilot = client.autopilotMembership.forEmail();
  await autopilot.create({ person_email: "lid@example.org", properties: { plan: "wind" } });
  told.members = [];
  await autopilot.list().autoPagingEach((one) => { told.members.push(one.person.email); });
  await autopilot.delete({ person_email: "lid@example.org" });
  told.left = [];
  await autopilot.list().autoPagingEach((one) => { told.left.push(one.person.email); });
  told.refused = await nameOf(client.person.create({ email: "nobody" }));
  told.stranger = await nameOf(make("wrong", where).metrics.retrieve());
  await client.person.delete({ email });
  console.log(JSON.stringify(told));
}

main().catch((problem) => { console.error(problem); process.exit(1); });
