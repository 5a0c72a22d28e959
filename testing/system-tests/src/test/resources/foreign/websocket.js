// MQTT.js by WebSocket: subscribes, publishes at each QoS, and prints what comes back. With "packs" it asks for
// permessage-deflate, and prints what was agreed upon, and how many bytes it read and wrote.
//
//   node websocket.js URL VERSION TOPIC CA-FILE [packs]
const [url, version, topic, ca, packs] = process.argv.slice(2);
let socket;
const client = require("mqtt").connect(url, {
  protocolVersion: Number(version),
  protocolId: version === "3" ? "MQIsdp" : "MQTT",
  clientId: "web-" + version + (packs || ""),
  reconnectPeriod: 0,
  ca: ca && require("fs").readFileSync(ca),
  wsOptions: { perMessageDeflate: packs && { threshold: 0 } },
  createWebsocket: (to, protocols, { wsOptions }) => (socket = new (require("ws"))(to, protocols, wsOptions)),
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
    if (packs) {
      console.log("bytes " + socket._socket.bytesRead + " " + socket._socket.bytesWritten);
      console.log("extensions " + socket.extensions);
    }
    client.removeAllListeners("close");
    client.end(false, () => process.exit());
  }
});
client.on("connect", () =>
  client.subscribe(topic, { qos: 2 }, () =>
    [10, 1000, 200000].forEach((length, qos) => client.publish(topic, "x".repeat(length), { qos }))
  )
);
