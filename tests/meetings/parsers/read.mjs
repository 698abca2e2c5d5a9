// Reads calendar objects, one in base64 on each line, and prints what ical.js finds in each as a line of JSON.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

const instant = (time) => time.toJSDate().toISOString();

for await (const line of createInterface({ input: process.stdin })) {
  const calendar = new ICAL.Component(ICAL.parse(Buffer.from(line, "base64").toString("utf8")));
  const events = calendar.getAllSubcomponents("vevent");
  const event = new ICAL.Event(events[0]);
  const attendees = events[0].getAllProperties("attendee");
  console.log(
    JSON.stringify({
      events: events.length,
      method: calendar.getFirstPropertyValue("method"),
      uid: event.uid,
      sequence: event.sequence,
      starts_at: instant(event.startDate),
      ends_at: instant(event.endDate),
      stamp: instant(events[0].getFirstPropertyValue("dtstamp")),
      status: events[0].getFirstPropertyValue("status"),
      attendees: attendees.map((one) => [one.getFirstValue(), one.getParameter("partstat"), one.getParameter("cn")]),
    }),
  );
}
