/*
 * quic_pipe HOST PORT CA: the first stream of a connection of QUIC, by ngtcp2 and GnuTLS, as a pipe. What comes on
 * standard input is sent, what comes from the server is printed, and the end of either is the end of that side. With
 * SIGUSR1 it goes on from another port, with another connection identifier (RFC 9000, 9.2).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_BYTES (64 << 20) /* of all that is sent: it stays here, for it may have to be sent again */
#define CREDIT_BYTES (1 << 20)
#define ID_BYTES 16
#define DATAGRAM_BYTES 1452
#define FAREWELL_NANOS (2 * NGTCP2_SECONDS)

static const char CIPHERS[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-GROUP-ALL:"
    "+GROUP-SECP256R1:+GROUP-X25519:%DISABLE_TLS13_COMPAT_MODE";

static uint8_t input[MOST_BYTES];
static size_t filled, sent;
static int input_over, end_sent, server_done;
static ngtcp2_conn *conn;
static int64_t stream = -1;
static int udp = -1;
static struct sockaddr_in server, local;
static volatile sig_atomic_t wants_to_move;

static void die(const char *what) {
  fprintf(stderr, "quic_pipe: %s\n", what);
  exit(1);
}

static void check(ngtcp2_ssize result, const char *what) {
  if (result < 0) {
    fprintf(stderr, "quic_pipe: %s: %s\n", what, ngtcp2_strerror((int)result));
    exit(1);
  }
}

static ngtcp2_tstamp now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (ngtcp2_tstamp)time.tv_sec * NGTCP2_SECONDS + (ngtcp2_tstamp)time.tv_nsec;
}

static void move_later(int number) {
  (void)number;
  wants_to_move = 1;
}

/* A new socket, of a port of its own. */
static void open_socket(void) {
  socklen_t length = sizeof local;
  udp = socket(AF_INET, SOCK_DGRAM, 0);
  if (udp < 0 || connect(udp, (struct sockaddr *)&server, sizeof server) != 0 ||
      getsockname(udp, (struct sockaddr *)&local, &length) != 0)
    die("no socket");
}

static ngtcp2_path path(void) {
  ngtcp2_path present = {{(ngtcp2_sockaddr *)&local, sizeof local}, {(ngtcp2_sockaddr *)&server, sizeof server}, NULL};
  return present;
}

static void fill_random(uint8_t *into, size_t length, const ngtcp2_rand_ctx *context) {
  (void)context;
  if (gnutls_rnd(GNUTLS_RND_RANDOM, into, length) != 0) die("no random bytes");
}

static int new_id(ngtcp2_conn *of, ngtcp2_cid *id, uint8_t *token, size_t length, void *user) {
  (void)of, (void)user;
  fill_random(id->data, length, NULL);
  id->datalen = length;
  fill_random(token, NGTCP2_STATELESS_RESET_TOKENLEN, NULL);
  return 0;
}

static int may_open(ngtcp2_conn *of, uint64_t most, void *user) {
  (void)most, (void)user;
  return stream < 0 && ngtcp2_conn_open_bidi_stream(of, &stream, NULL) != 0 ? NGTCP2_ERR_CALLBACK_FAILURE : 0;
}

static int received(ngtcp2_conn *of, uint32_t flags, int64_t id, uint64_t offset, const uint8_t *data, size_t length,
                    void *user, void *stream_user) {
  (void)offset, (void)user, (void)stream_user;
  for (size_t done = 0; done < length;) {
    ssize_t written = write(STDOUT_FILENO, data + done, length - done);
    if (written < 0) exit(0); /* nobody reads any more */
    done += (size_t)written;
  }
  ngtcp2_conn_extend_max_stream_offset(of, id, length);
  ngtcp2_conn_extend_max_offset(of, length);
  if (flags & NGTCP2_STREAM_DATA_FLAG_FIN) {
    server_done = 1;
    close(STDOUT_FILENO);
  }
  return 0;
}

/* Another port; later, if there is no identifier for it yet. */
static void move(void) {
  int old = udp;
  struct sockaddr_in from = local;
  open_socket();
  ngtcp2_path next = path();
  int result = ngtcp2_conn_initiate_immediate_migration(conn, &next, now());
  wants_to_move = result == NGTCP2_ERR_CONN_ID_BLOCKED || result == NGTCP2_ERR_INVALID_STATE;
  if (wants_to_move) {
    close(udp);
    udp = old;
    local = from;
  } else {
    check(result, "another port");
    close(old);
  }
}

static ngtcp2_conn *connection_of(ngtcp2_crypto_conn_ref *reference) {
  (void)reference;
  return conn;
}

static void begin(const char *ca) {
  static ngtcp2_crypto_conn_ref reference = {connection_of, NULL};
  static const gnutls_datum_t alpn = {(unsigned char *)"mqtt", 4};
  gnutls_certificate_credentials_t believed;
  gnutls_session_t tls;
  ngtcp2_callbacks callbacks = {
      .client_initial = ngtcp2_crypto_client_initial_cb,
      .recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb,
      .encrypt = ngtcp2_crypto_encrypt_cb,
      .decrypt = ngtcp2_crypto_decrypt_cb,
      .hp_mask = ngtcp2_crypto_hp_mask_cb,
      .recv_stream_data = received,
      .recv_retry = ngtcp2_crypto_recv_retry_cb,
      .extend_max_local_streams_bidi = may_open,
      .rand = fill_random,
      .get_new_connection_id = new_id,
      .update_key = ngtcp2_crypto_update_key_cb,
      .delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb,
      .delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb,
      .get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb,
      .version_negotiation = ngtcp2_crypto_version_negotiation_cb,
  };
  ngtcp2_settings settings;
  ngtcp2_transport_params offered;
  ngtcp2_cid server_id, own_id;
  ngtcp2_path first = path();

  ngtcp2_settings_default(&settings);
  settings.initial_ts = now();
  ngtcp2_transport_params_default(&offered);
  offered.initial_max_data = CREDIT_BYTES;
  offered.initial_max_stream_data_bidi_local = CREDIT_BYTES;
  offered.active_connection_id_limit = 7;
  server_id.datalen = own_id.datalen = ID_BYTES;
  fill_random(server_id.data, ID_BYTES, NULL);
  fill_random(own_id.data, ID_BYTES, NULL);
  check(ngtcp2_conn_client_new(&conn, &server_id, &own_id, &first, NGTCP2_PROTO_VER_V1, &callbacks, &settings, &offered,
                               NULL, NULL),
        "a connection");

  if (gnutls_certificate_allocate_credentials(&believed) < 0 ||
      gnutls_certificate_set_x509_trust_file(believed, ca, GNUTLS_X509_FMT_PEM) < 1 ||
      gnutls_init(&tls, GNUTLS_CLIENT | GNUTLS_NO_END_OF_EARLY_DATA) < 0 ||
      ngtcp2_crypto_gnutls_configure_client_session(tls) != 0 || gnutls_priority_set_direct(tls, CIPHERS, NULL) < 0 ||
      gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, believed) < 0 ||
      gnutls_alpn_set_protocols(tls, &alpn, 1, GNUTLS_ALPN_MANDATORY) < 0 ||
      gnutls_server_name_set(tls, GNUTLS_NAME_DNS, "localhost", strlen("localhost")) < 0)
    die("no TLS");
  gnutls_session_set_verify_cert(tls, "localhost", 0);
  gnutls_session_set_ptr(tls, &reference);
  ngtcp2_conn_set_tls_native_handle(conn, tls);
}

/* Sends whatever there is to send, and may be. */
static void flush(void) {
  int blocked = 0;
  for (;;) {
    uint8_t packet[DATAGRAM_BYTES];
    ngtcp2_path_storage there;
    ngtcp2_pkt_info info;
    ngtcp2_ssize taken = -1;
    int has_data = stream >= 0 && !blocked && !end_sent && (sent < filled || input_over);
    ngtcp2_vec rest = {input + sent, filled - sent};
    ngtcp2_path_storage_zero(&there);
    ngtcp2_ssize length = ngtcp2_conn_writev_stream(
        conn, &there.path, &info, packet, sizeof packet, &taken,
        has_data && input_over ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE, has_data ? stream : -1,
        has_data ? &rest : NULL, has_data ? 1 : 0, now());
    if (length == NGTCP2_ERR_STREAM_DATA_BLOCKED || length == NGTCP2_ERR_STREAM_SHUT_WR ||
        length == NGTCP2_ERR_STREAM_NOT_FOUND) {
      blocked = 1;
      continue;
    }
    if (length == NGTCP2_ERR_CLOSING || length == NGTCP2_ERR_DRAINING) exit(0);
    check(length, "a packet to send");
    if (taken >= 0) {
      sent += (size_t)taken;
      end_sent = input_over && sent == filled;
    }
    if (length == 0) break;
    if (send(udp, packet, (size_t)length, 0) < 0 && errno != ECONNREFUSED && errno != EAGAIN) die("cannot send");
  }
  ngtcp2_conn_update_pkt_tx_time(conn, now());
}

static void receive(void) {
  for (;;) {
    uint8_t packet[65536];
    ngtcp2_pkt_info info = {0};
    ngtcp2_path there = path();
    ssize_t length = recv(udp, packet, sizeof packet, MSG_DONTWAIT);
    if (length < 0) return;
    int result = ngtcp2_conn_read_pkt(conn, &there, &info, packet, (size_t)length, now());
    if (result == NGTCP2_ERR_DRAINING || result == NGTCP2_ERR_CLOSING) exit(0); /* the server has ended it */
    check(result, "a packet that came");
  }
}

static void read_input(void) {
  ssize_t length = filled < MOST_BYTES ? read(STDIN_FILENO, input + filled, MOST_BYTES - filled) : -1;
  if (length < 0) die("too much to send");
  filled += (size_t)length;
  input_over = length == 0;
}

int main(int count, char **words) {
  sigset_t blocked, none;
  ngtcp2_tstamp leaves = UINT64_MAX;
  struct sigaction action = {.sa_handler = move_later};

  if (count != 4) die("HOST PORT CA");
  server.sin_family = AF_INET;
  server.sin_port = htons((uint16_t)atoi(words[2]));
  if (inet_pton(AF_INET, words[1], &server.sin_addr) != 1) die("HOST is no address");
  sigemptyset(&none);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  sigaction(SIGUSR1, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  open_socket();
  begin(words[3]);
  for (;;) {
    flush();
    if ((input_over || server_done) && leaves == UINT64_MAX) leaves = now() + FAREWELL_NANOS;
    if (server_done) input_over = 1;
    ngtcp2_tstamp wakes = ngtcp2_conn_get_expiry(conn), time = now();
    if (time >= leaves) return 0;
    if (wakes > leaves) wakes = leaves;
    if (wakes > time + NGTCP2_SECONDS) wakes = time + NGTCP2_SECONDS;
    ngtcp2_duration left = wakes > time ? wakes - time : 0;
    struct timespec patience = {(time_t)(left / NGTCP2_SECONDS), (long)(left % NGTCP2_SECONDS)};
    struct pollfd ready[] = {{udp, POLLIN, 0}, {input_over ? -1 : STDIN_FILENO, POLLIN, 0}};
    int events = ppoll(ready, 2, &patience, &none);
    if (events < 0 && errno != EINTR) die("cannot wait");
    if (events > 0 && ready[0].revents) receive();
    if (events > 0 && ready[1].revents) read_input();
    if (now() >= ngtcp2_conn_get_expiry(conn)) check(ngtcp2_conn_handle_expiry(conn, now()), "a timer");
    if (wants_to_move) move();
  }
}
