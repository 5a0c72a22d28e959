// What the page is made of that needs no document, by itself: node --test. MQTT against what MQTT.js is made of.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { bytes, duration, expiry, pattern, payload } from '../../../../../../cluster-registry/src/main/web/src/format.js';
import * as packets from '../../../../../../cluster-registry/src/main/web/src/mqtt/packets.js';
import { PagedList } from '../../../../../../cluster-registry/src/main/web/src/pages.js';
import { ratesOf, ratesOfAll, sampleOf, shardsOf, troublesOf } from '../../../../../../cluster-registry/src/main/web/src/rates.js';
import { TopicTree } from '../../../../../../cluster-registry/src/main/web/src/topics.js';
import { told, TraceLog } from '../../../../../../cluster-registry/src/main/web/src/tracelog.js';
import { yaml } from '../../../../../../cluster-registry/src/main/web/src/yaml.js';

const reference = createRequire(`${process.env.VMQTT_NODE_MODULES}/x`)('mqtt-packet');

function parsed(sent) {
  let found = null;
  const parser = reference.parser({ protocolVersion: 5 });
  parser.on('packet', (packet) => {
    found = packet;
  });
  parser.on('error', (failure) => {
    throw failure;
  });
  parser.parse(Buffer.from(sent));
  return found;
}

test('connect_isWhatOthersRead', () => {
  const found = parsed(packets.connect({ clientId: 'page-ä', user: 'u', password: null, keepAliveSeconds: 30, receiveMaximum: 100, maximumPacketSize: 1 << 20 }));
  assert.equal(found.cmd, 'connect');
  assert.equal(found.clientId, 'page-ä');
  assert.equal(found.username, 'u');
  assert.equal(found.password, undefined);
  assert.equal(found.keepalive, 30);
  assert.equal(found.clean, true);
  assert.deepEqual({ ...found.properties }, { receiveMaximum: 100, maximumPacketSize: 1 << 20 });
});

test('publish_ofEachSize_isWhatOthersRead', () => {
  for (const size of [0, 1, 126, 127, 128, 16_383, 16_384, 200_000]) {
    const found = parsed(packets.publish({ id: 77, topic: 'a/b', content: new Uint8Array(size).fill(7), qos: 2, retain: true }));
    assert.equal(found.payload.length, size);
    assert.deepEqual([found.topic, found.qos, found.retain, found.messageId], ['a/b', 2, true, 77]);
  }
});

test('otherPackets_areWhatOthersRead', () => {
  assert.deepEqual(parsed(packets.subscribe(9, 'a/#', 1)).subscriptions.map((one) => [one.topic, one.qos]), [['a/#', 1]]);
  assert.deepEqual(parsed(packets.unsubscribe(9, 'a/#')).unsubscriptions, ['a/#']);
  assert.equal(parsed(packets.ping()).cmd, 'pingreq');
  assert.equal(parsed(packets.disconnect()).cmd, 'disconnect');
  for (const name of ['puback', 'pubrec', 'pubrel', 'pubcomp']) {
    const found = parsed(packets.acknowledge(packets.Type[name.toUpperCase()], 300));
    assert.deepEqual([found.cmd, found.messageId, found.reasonCode], [name, 300, 0]);
  }
});

const SENT = [
  { cmd: 'connack', sessionPresent: true, reasonCode: 0, properties: { serverKeepAlive: 60, assignedClientIdentifier: 'x', userProperties: { a: 'b' }, wildcardSubscriptionAvailable: true } },
  { cmd: 'publish', topic: 'ä/b', qos: 1, messageId: 5, dup: false, retain: true, payload: Buffer.from('hello'), properties: { contentType: 'text/plain', messageExpiryInterval: 4294967295, subscriptionIdentifier: 300, correlationData: Buffer.from([1]), topicAlias: 3 } },
  { cmd: 'publish', topic: 't', qos: 0, dup: false, retain: false, payload: Buffer.alloc(0) },
  { cmd: 'puback', messageId: 6, reasonCode: 0x87, properties: { reasonString: 'no' } },
  { cmd: 'suback', messageId: 7, granted: [2] },
  { cmd: 'unsuback', messageId: 8, granted: [17] },
  { cmd: 'pingresp' },
  { cmd: 'disconnect', reasonCode: 0x98 },
];

test('decoder_bytesInAnyPieces_readsWhatOthersWrite', () => {
  const all = Buffer.concat(SENT.map((one) => reference.generate(one, { protocolVersion: 5 })));
  for (let piece = 1; piece <= all.length; piece++) {
    const decoder = new packets.Decoder(1000);
    const found = [];
    for (let at = 0; at < all.length; at += piece) {
      found.push(...decoder.packets(new Uint8Array(all.subarray(at, at + piece))));
    }
    assert.deepEqual(found.map((one) => one.type), [2, 3, 3, 4, 9, 11, 13, 14]);
    assert.deepEqual([found[0].sessionPresent, found[0].properties.serverKeepAlive, found[0].properties.user], [true, 60, [['a', 'b']]]);
    assert.deepEqual([found[1].topic, found[1].qos, found[1].id, found[1].retain, Buffer.from(found[1].content).toString()], ['ä/b', 1, 5, true, 'hello']);
    assert.deepEqual([found[1].properties.contentType, found[1].properties.expiry, found[1].properties.subscription], ['text/plain', 4294967295, 300]);
    assert.equal(found[2].content.length, 0);
    assert.deepEqual([found[3].id, found[3].reason, found[3].properties.reasonString], [6, 0x87, 'no']);
    assert.deepEqual([found[4].reason, found[5].reason, found[7].reason], [2, 17, 0x98]);
  }
});

test('decoder_whatIsNoPacket_isRefused', () => {
  const large = reference.generate({ cmd: 'publish', topic: 't', qos: 0, dup: false, retain: false, payload: Buffer.alloc(2000) }, { protocolVersion: 5 });
  for (const wrong of [large, [0x30, 0xff, 0xff, 0xff, 0xff], [0x10, 0], [0x32, 2, 0, 5], [0x20, 5, 0, 0, 2, 0x7f, 0]]) {
    assert.throws(() => new packets.Decoder(1000).packets(Uint8Array.from(wrong)), packets.MalformedPacket);
  }
});

test('numbers_areAsPeopleReadThem', () => {
  assert.deepEqual([bytes(0), bytes(1023), bytes(1536), bytes(50 * 1024 * 1024)], ['0 B', '1023 B', '1.5 KiB', '50 MiB']);
  assert.deepEqual([duration(0), duration(61), duration(3600), duration(90_061)], ['0 s', '1 min 1 s', '1 h', '1 d 1 h']);
  assert.deepEqual([expiry(4294967295, 'ever'), expiry(60, 'ever')], ['ever', '1 min']);
  assert.deepEqual([pattern(''), pattern('a'), pattern('a*')], [null, '*a*', 'a*']);
});

test('payload_textOrNot_isShownAsWhatItIs', () => {
  assert.deepEqual(payload(new TextEncoder().encode('grün\n')), { text: 'grün\n', binary: false });
  assert.deepEqual(payload(Uint8Array.of(0xff, 0x00)), { text: 'ff 00', binary: true });
  assert.deepEqual(payload(Uint8Array.of(0x61, 0x07)), { text: '61 07', binary: true });
  assert.deepEqual(payload(new TextEncoder().encode('ää'), 3), { text: 'ä…', binary: false });
});

const gateway = (id, startedAt, count) => ({ role: 'edge-gateway', id, health: 'passing', startedAt, figures: { connections: 2, messages: { in: count, out: 2 * count, dropped: 0, denied: 0 } } });
const store = (id, health, roles) => ({ role: 'session-store', id, health, meta: { name: id }, figures: health === 'passing' ? { ready: true, shards: roles.map((role, shard) => ({ shard, role, sessions: 3, queued: 1 })) } : null });
const status = (at, nodes) => ({ asOf: at, consul: null, shardMap: { shardCount: 2, replicas: [['s1', 's2'], ['s2', 's1']] }, nodes });

test('rates_ofGatewaysThatGoOn_areSummed_ofOthersNotGuessed', () => {
  const first = sampleOf(status('2026-01-01T00:00:00Z', [gateway('a', 'x', 100), gateway('b', 'x', 100)]));
  const second = sampleOf(status('2026-01-01T00:00:02Z', [gateway('a', 'x', 120), gateway('b', 'y', 5), gateway('c', 'x', 9)]));
  assert.deepEqual(ratesOf(first, second, 'a'), { in: 10, out: 20, dropped: 0, denied: 0 });
  assert.equal(ratesOf(first, second, 'b'), null);
  assert.equal(ratesOf(first, second, 'c'), null);
  assert.equal(ratesOfAll(first, second).in, 10);
  assert.equal(ratesOfAll(undefined, first), null);
  assert.equal(second.connections, 6);
});

test('troubles_ofAStoreThatIsGone_areToldUntilItIsBack', () => {
  const well = status('2026-01-01T00:00:00Z', [store('s1', 'passing', ['leader', 'replica']), store('s2', 'passing', ['replica', 'leader'])]);
  assert.deepEqual(troublesOf(well), []);
  assert.deepEqual(shardsOf(well).map((one) => one.leader), ['s1', 's2']);
  const ill = status('2026-01-01T00:00:02Z', [store('s1', 'passing', ['leader', 'replica']), store('s2', 'critical', [])]);
  assert.deepEqual(troublesOf(ill).map((one) => [one.kind, one.severe]), [['leaderless', true], ['ill', true], ['short', false]]);
  assert.equal(sampleOf(ill).sessions, 3);
});

test('pages_areReadOnceEach_andAfterAProblemAgain', async () => {
  const cursors = [];
  let fails = true;
  const list = new PagedList(async (cursor) => {
    cursors.push(cursor);
    if (cursor === 'b' && fails) {
      fails = false;
      throw new Error('away');
    }
    return { null: { items: [1, 2], next: 'b', missing: [{ node: 'n', why: 'w' }] }, b: { items: [3], next: null, missing: [{ node: 'n', why: 'w' }] } }[cursor];
  }, () => {});
  await Promise.all([list.more(), list.more()]);
  await list.more();
  assert.equal(list.problem.message, 'away');
  await list.more();
  await list.more();
  assert.deepEqual(list.items, [1, 2, 3]);
  assert.deepEqual(cursors, [null, 'b', 'b']);
  assert.deepEqual(list.missing, [{ node: 'n', why: 'w' }]);
  assert.equal(list.isDone, true);
});

test('topics_areATree_withRates_andABound', () => {
  const tree = new TopicTree();
  const add = (topic) => tree.add({ topic, payload: new Uint8Array(0) });
  tree.measure(0);
  for (let i = 0; i < 40; i++) {
    add('plant/a/heat');
  }
  add('plant/b');
  add('/x');
  assert.deepEqual(tree.rows(() => false).map((one) => [one.level.topic, one.level.count]), [['', 1], ['plant', 41]]);
  assert.deepEqual(tree.rows((topic) => topic !== '').map((one) => [one.level.topic, one.depth]), [['', 0], ['plant', 0], ['plant/a', 1], ['plant/a/heat', 2], ['plant/b', 1]]);
  for (let second = 1; second <= 60; second++) {
    tree.measure(second * 1000);
    for (let i = 0; i < 40; i++) {
      add('plant/a/heat');
    }
  }
  const rate = tree.root.children.get('plant').children.get('a').rate;
  assert.ok(Math.abs(rate - 40) < 1, `${rate}`);
  for (let i = 0; i < 6_000; i++) {
    add(`many/${i}`);
  }
  assert.equal(tree.size, 5_000);
  assert.ok(tree.leftOut > 1_000);
});

const page = (from, count, more = false) => ({ events: Array.from({ length: count }, (_, i) => ({ at: from + i })), next: `${from + count}`, more, over: false, leftOut: 0, missing: [] });

test('trace_isReadThroughItsLatest_andKeptWhenItIsForgotten', async () => {
  const cursors = [];
  const answers = [page(0, 2, true), page(2, 1), Object.assign(new Error('away'), { status: 0 }), { ...page(3, 1), leftOut: 5 }, Object.assign(new Error('none'), { status: 404 })];
  const log = new TraceLog(async (cursor) => {
    cursors.push(cursor);
    const answer = answers.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  }, () => {});
  assert.equal(log.isDone, false);
  await Promise.all([log.more(), log.more()]);
  assert.deepEqual(cursors, [null, '2']);
  await log.more();
  assert.equal(log.problem.message, 'away');
  await log.more();
  assert.equal(log.problem, null);
  assert.equal(log.leftOut, 5);
  await log.more();
  await log.more(); // whom nobody is asked for any more
  assert.deepEqual(cursors, [null, '2', '3', '3', '4']);
  assert.deepEqual([log.isOver, log.isGone, log.problem], [true, true, null]);
  assert.equal(log.lines().join(''), '{"at":0}\n{"at":1}\n{"at":2}\n{"at":3}\n');
});

test('trace_longerThanIsKept_losesItsOldest_andSaysSo', async () => {
  const answers = [page(0, 15_000, true), page(15_000, 15_000)];
  const log = new TraceLog(async () => answers.shift(), () => {});
  await log.more();
  assert.deepEqual([log.items.length, log.items[0].at, log.leftOut], [20_000, 10_000, 10_000]);
});

test('facts_ofAPacket_areTheirTopicAndWhatIsWorthAWord', () => {
  const marks = (facts) => told(facts).marks.map((one) => one.text);
  assert.equal(told({ topic: 'a/b', qos: 1 }).about, 'a/b');
  assert.equal(told({ filters: ['a', 'b/#'] }).about, 'a, b/#');
  assert.deepEqual(marks({ allowed: true, dup: false, packetId: 7, payloadBytes: 2048, qos: 1, retain: true, router: 'r', topic: 'a' }), ['retain', 'QoS 1', '2.0 KiB', '#7']);
  assert.deepEqual(marks({ bytes: 4, packetId: 7, reason: 0 }), ['4 B', '#7']);
  assert.deepEqual(marks({ keepAliveSeconds: 60, will: true, userName: false }), ['keepAliveSeconds: 60', 'will']);
  assert.deepEqual(told({ reasons: [1, 0x87] }).marks, [{ text: '0x01 0x87', isBad: true }]);
  assert.deepEqual(told({ reason: 0x10 }).marks, [{ text: '0x10', isBad: false }]);
  assert.deepEqual(told({ allowed: false, rule: 'line 3' }).marks, [{ text: 'allowed: false', isBad: true }]);
});

test('yaml_saysWhatJsonSays_withQuotesWhereAWordWouldBeSomethingElse', () => {
  assert.equal(
    yaml({
      rules: [
        { allow: ['publish'], topics: ['plant/#', '${username}/x', '#'], qos: [0, 1], retain: false },
        { default: 'deny' },
      ],
    }),
    'rules:\n  - allow: [publish]\n    topics: [plant/#, "${username}/x", "#"]\n    qos: [0, 1]\n    retain: false\n  - default: deny\n',
  );
  assert.equal(yaml({ '': { connections: 100 }, no: {}, a: null }), '"":\n  connections: 100\n"no": {}\n');
  assert.equal(yaml({ bans: [], reason: 'a: "b"\u2028', user: '7', until: '2026-01-01T00:00:00Z' }), 'bans: []\nreason: "a: \\"b\\"\\u2028"\nuser: "7"\nuntil: "2026-01-01T00:00:00Z"\n');
  assert.equal(yaml({}), '{}\n');
});
