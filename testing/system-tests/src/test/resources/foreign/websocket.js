// MQTT.js by WebSocket: subscribes, publishes at each QoS, and prints what comes back.
//
//   node websocket.js URL VERSION TOPIC [CA-FILE]
const [url, version, topic, ca] = process.argv.slice(2);
const client = require("mqtt").connect(url, {
  protocolVersion: Number(version),
  protocolId: version === "3" ? "MQIsdp" : "MQTT",
  clientId: "web-" + version,
  reconnectPeriod: 0,
  ca: ca && require("fs").readFileSync(ca),
});
const fail = (why) => {
  console.log("failed: " + why);
  process.exit(1);
};
client.on("error", fail);
client.on("close", () => fail("closed"));
let left = 3;
client.on("message", (_, payload, packet) => {
  console.log(packet.qos + " " + payload.length);
  if (--left === 0) {
    client.removeAllListeners("close");
    client.end(false, () => process.exit());
  }
});
client.on("connect", () =>
  client.subscribe(topic, { qos: 2 }, () =>
    [10, 1000, 200000].forEach((length, qos) => client.publish(topic, "x".repeat(length), { qos }))
  )
);
