// A client of MQTT.js with a session that outlives its connections, at QoS 2.
//
//   node mqtt.js publish|subscribe VERSION HOST PORT CLIENT-ID TOPIC
//
// publish: one message for each line of the standard input. subscribe: one line for each message.
const [what, version, host, port, clientId, topic] = process.argv.slice(2);
const client = require("mqtt").connect({
  host,
  port: Number(port),
  clientId,
  clean: false,
  protocolVersion: Number(version),
  reconnectPeriod: 200,
  reconnectOnConnackError: true, // a gateway that has just started may refuse
  properties: version === "5" ? { sessionExpiryInterval: 3600 } : undefined,
});
client.on("error", () => {}); // it comes back by itself
process.stdin.on("end", () => process.exit()).resume(); // its test is gone
if (what === "subscribe") {
  client.on("message", (_, payload) => process.stdout.write(payload + "\n"));
  client.subscribe(topic, { qos: 2 });
} else {
  require("readline")
    .createInterface({ input: process.stdin })
    .on("line", (line) => client.publish(topic, line, { qos: 2 }));
}
