/**
 * Packets of MQTT 5.0, as far as a client that subscribes and publishes needs them. Without the document: tests run it
 * by itself.
 */

export const Type = Object.freeze({
  CONNECT: 1, CONNACK: 2, PUBLISH: 3, PUBACK: 4, PUBREC: 5, PUBREL: 6, PUBCOMP: 7,
  SUBSCRIBE: 8, SUBACK: 9, UNSUBSCRIBE: 10, UNSUBACK: 11, PINGREQ: 12, PINGRESP: 13, DISCONNECT: 14,
});

/** How each property is written, by its identifier [MQTT-2.2.2.2]. */
const PROPERTIES = new Map([
  [0x01, ['payloadFormat', 'byte']], [0x02, ['expiry', 'int']], [0x03, ['contentType', 'text']],
  [0x08, ['responseTopic', 'text']], [0x09, ['correlation', 'data']], [0x0b, ['subscription', 'varint']],
  [0x11, ['sessionExpiry', 'int']], [0x12, ['assignedId', 'text']], [0x13, ['serverKeepAlive', 'short']],
  [0x15, ['method', 'text']], [0x16, ['authenticationData', 'data']], [0x1a, ['responseInformation', 'text']],
  [0x1c, ['serverReference', 'text']], [0x1f, ['reasonString', 'text']], [0x21, ['receiveMaximum', 'short']],
  [0x22, ['topicAliasMaximum', 'short']], [0x23, ['topicAlias', 'short']], [0x24, ['maximumQos', 'byte']],
  [0x25, ['retainAvailable', 'byte']], [0x26, ['user', 'pair']], [0x27, ['maximumPacketSize', 'int']],
  [0x28, ['wildcards', 'byte']], [0x29, ['identifiers', 'byte']], [0x2a, ['shared', 'byte']],
]);

/** Bytes that came do not make a packet. */
export class MalformedPacket extends Error {}

class Writer {
  bytes = [];

  byte(value) {
    this.bytes.push(value & 0xff);
    return this;
  }

  short(value) {
    return this.byte(value >> 8).byte(value);
  }

  int(value) {
    return this.short(value >>> 16).short(value & 0xffff);
  }

  varint(value) {
    let left = value;
    do {
      this.byte((left % 128) | (left > 127 ? 128 : 0));
      left = Math.floor(left / 128);
    } while (left > 0);
    return this;
  }

  raw(bytes) {
    for (const byte of bytes) {
      this.bytes.push(byte);
    }
    return this;
  }

  data(bytes) {
    if (bytes.length > 65535) {
      throw new RangeError(`${bytes.length} bytes, at most 65535`);
    }
    return this.short(bytes.length).raw(bytes);
  }

  text(value) {
    return this.data(new TextEncoder().encode(value));
  }
}

function packet(type, flags, body) {
  return Uint8Array.from(new Writer().byte((type << 4) | flags).varint(body.bytes.length).raw(body.bytes).bytes);
}

/** CONNECT; the session ends with the connection. */
export function connect({ clientId, user, password, keepAliveSeconds, receiveMaximum, maximumPacketSize }) {
  const flags = 0x02 | (user === null ? 0 : 0x80) | (password === null ? 0 : 0x40);
  const properties = new Writer().byte(0x21).short(receiveMaximum).byte(0x27).int(maximumPacketSize);
  const body = new Writer().text('MQTT').byte(5).byte(flags).short(keepAliveSeconds).varint(properties.bytes.length).raw(properties.bytes).text(clientId);
  if (user !== null) {
    body.text(user);
  }
  if (password !== null) {
    body.text(password);
  }
  return packet(Type.CONNECT, 0, body);
}

/** PUBLISH; `content` is bytes. */
export function publish({ id, topic, content, qos, retain }) {
  const body = new Writer().text(topic);
  if (qos > 0) {
    body.short(id);
  }
  return packet(Type.PUBLISH, (qos << 1) | (retain ? 1 : 0), body.varint(0).raw(content));
}

/** PUBACK, PUBREC, PUBREL, PUBCOMP. */
export const acknowledge = (type, id) => packet(type, type === Type.PUBREL ? 2 : 0, new Writer().short(id));

export const subscribe = (id, filter, qos) => packet(Type.SUBSCRIBE, 2, new Writer().short(id).varint(0).text(filter).byte(qos));
export const unsubscribe = (id, filter) => packet(Type.UNSUBSCRIBE, 2, new Writer().short(id).varint(0).text(filter));
export const ping = () => packet(Type.PINGREQ, 0, new Writer());
export const disconnect = () => packet(Type.DISCONNECT, 0, new Writer());

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get left() {
    return this.bytes.length - this.at;
  }

  take(count) {
    if (count > this.left) {
      throw new MalformedPacket('the packet ends too soon');
    }
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  byte() {
    return this.take(1)[0];
  }

  short() {
    return this.byte() * 256 + this.byte();
  }

  int() {
    return this.short() * 65536 + this.short();
  }

  varint() {
    let value = 0;
    for (let factor = 1; factor <= 128 ** 3; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        return value;
      }
    }
    throw new MalformedPacket('a number of more than four bytes');
  }

  data() {
    return this.take(this.short());
  }

  text() {
    return new TextDecoder().decode(this.data());
  }

  pair() {
    return [this.text(), this.text()];
  }

  /** By name; `user` is a list of names and values. */
  properties() {
    const length = this.varint();
    const within = new Reader(this.take(length));
    const found = { user: [] };
    while (within.left > 0) {
      const known = PROPERTIES.get(within.varint());
      if (!known) {
        throw new MalformedPacket('an unknown property');
      }
      const [name, kind] = known;
      const value = within[kind]();
      if (name === 'user') {
        found.user.push(value);
      } else {
        found[name] = value;
      }
    }
    return found;
  }
}

function read(first, bytes) {
  const type = first >> 4;
  const reader = new Reader(bytes);
  switch (type) {
    case Type.CONNACK: {
      const sessionPresent = (reader.byte() & 1) === 1;
      return { type, sessionPresent, reason: reader.byte(), properties: reader.properties() };
    }
    case Type.PUBLISH: {
      const qos = (first >> 1) & 3;
      const topic = reader.text();
      const id = qos > 0 ? reader.short() : 0;
      const properties = reader.properties();
      return { type, qos, retain: (first & 1) === 1, topic, id, properties, content: reader.take(reader.left).slice() };
    }
    case Type.PUBACK:
    case Type.PUBREC:
    case Type.PUBREL:
    case Type.PUBCOMP: {
      const id = reader.short();
      const reason = reader.left > 0 ? reader.byte() : 0;
      return { type, id, reason, properties: reader.left > 0 ? reader.properties() : {} };
    }
    case Type.SUBACK:
    case Type.UNSUBACK: {
      const id = reader.short();
      const properties = reader.properties();
      return { type, id, properties, reason: reader.byte() };
    }
    case Type.PINGRESP:
      return { type };
    case Type.DISCONNECT:
      return { type, reason: reader.left > 0 ? reader.byte() : 0, properties: reader.left > 0 ? reader.properties() : {} };
    default:
      throw new MalformedPacket(`a packet of the type ${type}, which no server sends`);
  }
}

/** Makes packets of bytes that come in any pieces; at most `maximum` bytes of one. */
export class Decoder {
  constructor(maximum) {
    this.maximum = maximum;
    this.rest = new Uint8Array(0);
  }

  /** The packets that are whole with these bytes. */
  packets(bytes) {
    let all = bytes;
    if (this.rest.length > 0) {
      all = new Uint8Array(this.rest.length + bytes.length);
      all.set(this.rest);
      all.set(bytes, this.rest.length);
    }
    const found = [];
    let at = 0;
    while (at < all.length) {
      const head = lengthAt(all, at + 1);
      if (head === null) {
        break;
      }
      if (head.length > this.maximum) {
        throw new MalformedPacket(`a packet of ${head.length} bytes, at most ${this.maximum}`);
      }
      if (head.end + head.length > all.length) {
        break;
      }
      found.push(read(all[at], all.subarray(head.end, head.end + head.length)));
      at = head.end + head.length;
    }
    this.rest = all.slice(at);
    return found;
  }
}

/** The remaining length; null where it is not whole yet. */
function lengthAt(bytes, start) {
  let length = 0;
  for (let i = 0; i < 4; i++) {
    if (start + i >= bytes.length) {
      return null;
    }
    length += (bytes[start + i] & 127) * 128 ** i;
    if (bytes[start + i] < 128) {
      return { length, end: start + i + 1 };
    }
  }
  throw new MalformedPacket('a length of more than four bytes');
}
