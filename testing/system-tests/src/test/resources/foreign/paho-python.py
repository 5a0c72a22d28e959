# A client of Paho's Python library with a session that outlives its connections, at QoS 2.
#
#   paho-python.py publish|subscribe VERSION HOST PORT CLIENT-ID TOPIC
#
# publish: one message for each line of the standard input. subscribe: one line for each message.
import sys

from paho.mqtt import client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

what, version, host, port, client_id, topic = sys.argv[1:]
since_2_0 = [paho.CallbackAPIVersion.VERSION2] if hasattr(paho, "CallbackAPIVersion") else []
if version == "5":
    client = paho.Client(*since_2_0, client_id=client_id, protocol=paho.MQTTv5)
    expiry = Properties(PacketTypes.CONNECT)
    expiry.SessionExpiryInterval = 3600
    terms = {"clean_start": False, "properties": expiry}
else:
    client = paho.Client(*since_2_0, client_id=client_id, clean_session=False)
    terms = {}
client.reconnect_delay_set(1, 1)
if what == "subscribe":
    client.on_message = lambda _, __, message: print(message.payload.decode(), flush=True)
    client.on_connect = lambda *_: client.subscribe(topic, 2)
client.connect(host, int(port), **terms)
client.loop_start()
for line in sys.stdin:
    client.publish(topic, line.rstrip(), 2)
