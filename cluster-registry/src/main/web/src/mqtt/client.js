/**
 * One connection of MQTT 5.0 over a WebSocket. What is sent is answered by promises; they fail when the connection
 * ends. Without the document: tests run it by itself.
 */
import * as packets from './packets.js';

const { Type } = packets;
const KEEP_ALIVE_SECONDS = 30;
const CONNECT_MILLIS = 15_000;

/** The broker sends no more than that unacknowledged, and no larger packet. */
const RECEIVE_MAXIMUM = 100;
const MAXIMUM_PACKET_BYTES = 1 << 20;

/** Publishes and subscriptions that wait for an answer; further ones are refused. */
const MOST_PENDING = 1_000;

/** The connection is not, or no longer; or the broker said no. */
export class MqttFailure extends Error {
  constructor(message, reason) {
    super(message);
    this.reason = reason;
  }
}

export class MqttClient {
  #socket;
  #decoder = new packets.Decoder(MAXIMUM_PACKET_BYTES);
  #pending = new Map();
  #received = new Set(); // packet ids of QoS 2 that the broker has not released
  #latestId = 0;
  #pings = null;
  #deadline = null;
  #isAnswered = true;
  #connected;
  #isOver = false;
  #lastWords = null;

  /**
   * Opens a connection.
   *
   * @param onMessage called with each message
   * @param onEnd called once when it has ended, with why; null: it was closed here
   */
  constructor(url, { clientId, user, password, onMessage, onEnd }) {
    this.onMessage = onMessage;
    this.onEnd = onEnd;
    this.#socket = new WebSocket(url, ['mqtt']);
    this.#socket.binaryType = 'arraybuffer';
    this.connected = new Promise((resolve, reject) => {
      this.#connected = { resolve, reject };
    });
    this.#deadline = setTimeout(() => this.#end(new MqttFailure('no answer in time')), CONNECT_MILLIS);
    this.#socket.onopen = () =>
      this.#send(
        packets.connect({ clientId, user, password, keepAliveSeconds: KEEP_ALIVE_SECONDS, receiveMaximum: RECEIVE_MAXIMUM, maximumPacketSize: MAXIMUM_PACKET_BYTES }),
      );
    this.#socket.onmessage = (event) => this.#receive(new Uint8Array(event.data));
    this.#socket.onclose = () => this.#end(this.#lastWords ?? new MqttFailure('the connection has ended'));
  }

  #send(bytes) {
    this.#socket.send(bytes);
  }

  #receive(bytes) {
    try {
      this.#decoder.packets(bytes).forEach((packet) => this.#handle(packet));
    } catch (failure) {
      this.#end(failure);
    }
  }

  #handle(packet) {
    switch (packet.type) {
      case Type.CONNACK:
        clearTimeout(this.#deadline);
        if (packet.reason !== 0) {
          this.#end(new MqttFailure(packet.properties.reasonString ?? '', packet.reason));
          return;
        }
        this.#beginPings(packet.properties.serverKeepAlive ?? KEEP_ALIVE_SECONDS);
        this.#connected.resolve(packet);
        break;
      case Type.PUBLISH:
        this.#take(packet);
        break;
      case Type.PUBREL:
        this.#received.delete(packet.id);
        this.#send(packets.acknowledge(Type.PUBCOMP, packet.id));
        break;
      case Type.PUBREC:
        if (packet.reason < 0x80 && this.#pending.has(packet.id)) {
          this.#send(packets.acknowledge(Type.PUBREL, packet.id));
        } else {
          this.#answer(packet);
        }
        break;
      case Type.PUBACK:
      case Type.PUBCOMP:
      case Type.SUBACK:
      case Type.UNSUBACK:
        this.#answer(packet);
        break;
      case Type.PINGRESP:
        this.#isAnswered = true;
        break;
      case Type.DISCONNECT:
        this.#lastWords = new MqttFailure(packet.properties.reasonString ?? '', packet.reason);
        break;
    }
  }

  #take(packet) {
    const isNew = packet.qos < 2 || !this.#received.has(packet.id);
    if (packet.qos === 1) {
      this.#send(packets.acknowledge(Type.PUBACK, packet.id));
    } else if (packet.qos === 2) {
      this.#received.add(packet.id);
      this.#send(packets.acknowledge(Type.PUBREC, packet.id));
    }
    if (isNew) {
      this.onMessage({
        topic: packet.topic,
        qos: packet.qos,
        retain: packet.retain,
        payload: packet.content,
        bytes: packet.content.length,
        contentType: packet.properties.contentType ?? null,
        userProperties: packet.properties.user,
      });
    }
  }

  #answer(packet) {
    const waiting = this.#pending.get(packet.id);
    this.#pending.delete(packet.id);
    if (packet.reason >= 0x80) {
      waiting?.reject(new MqttFailure(packet.properties.reasonString ?? '', packet.reason));
    } else {
      waiting?.resolve(packet.reason);
    }
  }

  #beginPings(seconds) {
    if (seconds === 0) {
      return;
    }
    this.#pings = setInterval(() => {
      if (!this.#isAnswered) {
        this.#end(new MqttFailure('no answer to a ping'));
        return;
      }
      this.#isAnswered = false;
      this.#send(packets.ping());
    }, seconds * 700);
  }

  #ask(make) {
    if (this.#isOver) {
      return Promise.reject(new MqttFailure('the connection has ended'));
    }
    if (this.#pending.size >= MOST_PENDING) {
      return Promise.reject(new MqttFailure(`${MOST_PENDING} are unanswered`));
    }
    do {
      this.#latestId = (this.#latestId % 65535) + 1;
    } while (this.#pending.has(this.#latestId));
    const id = this.#latestId;
    return new Promise((resolve, reject) => {
      this.#send(make(id));
      this.#pending.set(id, { resolve, reject });
    });
  }

  /** A promise of the reason code. */
  publish(topic, content, qos, retain) {
    if (qos === 0) {
      this.#send(packets.publish({ id: 0, topic, content, qos, retain }));
      return Promise.resolve(0);
    }
    return this.#ask((id) => packets.publish({ id, topic, content, qos, retain }));
  }

  /** A promise of the QoS that was granted. */
  subscribe(filter, qos) {
    return this.#ask((id) => packets.subscribe(id, filter, qos));
  }

  unsubscribe(filter) {
    return this.#ask((id) => packets.unsubscribe(id, filter));
  }

  /** Leaves in good order. */
  close() {
    if (!this.#isOver && this.#socket.readyState === WebSocket.OPEN) {
      this.#send(packets.disconnect());
    }
    this.#end(null);
  }

  #end(why) {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    clearTimeout(this.#deadline);
    clearInterval(this.#pings);
    this.#socket.close();
    const failure = why ?? new MqttFailure('the connection has ended');
    this.#connected.reject(failure);
    this.#pending.forEach((waiting) => waiting.reject(failure));
    this.#pending.clear();
    this.onEnd(why);
  }
}
