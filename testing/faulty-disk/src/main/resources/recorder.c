/*
 * Loaded under a process (LD_PRELOAD), it writes down what the process does to the files of one folder: every write, every
 * change of a name, and every sync that ended well. What the process sees is the kernel's own; what would be on a disk whose
 * power failed is worked out afterwards, from the record (PowerOff.java).
 *
 * VMQTT_DISK_FOLDER  the folder, an absolute path
 * VMQTT_DISK_RECORD  where the record goes; processes that follow one another append to it
 * VMQTT_DISK_LIES    syncs of files whose path contains this text, or ends with what stands before a $, are not written
 *                    down: a program that forgets them
 *
 * A file RECORD.fault with "sync|write ERRNO N TEXT" makes the N-th such call from then on fail, of files whose path
 * contains the text; it is gone when that has happened.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_FILES = 1 << 16 };

/* The letters of a record; see Record.java. */
enum {
  CREATED = 'C',
  OPENED = 'O',
  WRITTEN = 'W',
  TRUNCATED = 'T',
  GROWN = 'G',
  SYNC_BEGUN = 'B',
  SYNC_ENDED = 'E',
  SYNC_FAILED = 'F',
  MADE_FOLDER = 'M',
  REMOVED = 'U',
  RENAMED = 'R',
  LINKED = 'L',
  MAPPED = 'P',
};

/* Native byte order, no gaps; behind it both names and the bytes. */
struct __attribute__((packed)) head {
  uint8_t what;
  uint16_t name_bytes;
  uint16_t other_name_bytes;
  uint64_t file; /* the inode; of an end of a sync the number of its begin */
  uint64_t offset;
  uint32_t bytes;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *lies;
static size_t folder_length;
static int record = -1;
static char fault_file[PATH_MAX];
static unsigned fault_calls;
static uint64_t syncs;

/* Of each file descriptor of ours. */
static uint64_t inode_of[MAX_FILES];
static char *path_of[MAX_FILES];
static char syncs_itself[MAX_FILES]; /* O_SYNC, O_DSYNC: a write is safe when it has returned */

#define REAL(name) static __typeof__(&name) real_##name
REAL(open64); REAL(openat64); REAL(close); REAL(fclose); REAL(dup2); REAL(write); REAL(pwrite64); REAL(writev); REAL(pwritev64);
REAL(ftruncate64); REAL(pwritev2); REAL(fallocate64); REAL(copy_file_range); REAL(sendfile64);
REAL(renameat2); REAL(unlink); REAL(unlinkat); REAL(linkat);
REAL(mkdirat); REAL(fsync); REAL(fdatasync); REAL(mmap64);
REAL(dup); REAL(dup3); REAL(fcntl64); REAL(fopen64); REAL(fdopen); REAL(fileno);

static void begin(void) {
#define FIND(name) real_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
  FIND(open64); FIND(openat64); FIND(close); FIND(fclose); FIND(dup2); FIND(write); FIND(pwrite64); FIND(writev); FIND(pwritev64);
  FIND(ftruncate64); FIND(pwritev2); FIND(fallocate64); FIND(copy_file_range); FIND(sendfile64);
  FIND(renameat2); FIND(unlink); FIND(unlinkat); FIND(linkat);
  FIND(mkdirat); FIND(fsync); FIND(fdatasync); FIND(mmap64);
  FIND(dup); FIND(dup3); FIND(fcntl64); FIND(fopen64); FIND(fdopen); FIND(fileno);
  const char *where = getenv("VMQTT_DISK_RECORD");
  folder = getenv("VMQTT_DISK_FOLDER");
  lies = getenv("VMQTT_DISK_LIES");
  if (!where || !folder) return;
  folder_length = strlen(folder);
  syncs = (uint64_t)getpid() << 32;
  snprintf(fault_file, sizeof fault_file, "%s.fault", where);
  record = real_open64(where, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (record < 0) {
    fprintf(stderr, "recorder: cannot write %s: %s\n", where, strerror(errno));
    abort();
  }
  /* Out of the way of numbers that the process could close without knowing. */
  int high = real_fcntl64(record, F_DUPFD_CLOEXEC, 900);
  if (high >= 0) {
    real_close(record);
    record = high;
  }
}

static void start(void) { pthread_once(&once, begin); }

/* A record that is not whole would make the rest unreadable: better no process at all. */
static void put(const struct iovec *parts, int count) {
  size_t wanted = 0;
  for (int i = 0; i < count; i++) wanted += parts[i].iov_len;
  if (real_writev(record, parts, count) != (ssize_t)wanted) {
    fprintf(stderr, "recorder: a record was cut short: %s\n", strerror(errno));
    abort();
  }
}

static void note_io(uint8_t what, const char *name, const char *other, uint64_t file, uint64_t offset, const struct iovec *data,
                    int count, size_t bytes) {
  struct head head = {what, name ? strlen(name) : 0, other ? strlen(other) : 0, file, offset, bytes};
  struct iovec parts[3 + IOV_MAX];
  int all = 0;
  parts[all++] = (struct iovec){&head, sizeof head};
  if (head.name_bytes) parts[all++] = (struct iovec){(void *)name, head.name_bytes};
  if (head.other_name_bytes) parts[all++] = (struct iovec){(void *)other, head.other_name_bytes};
  for (int i = 0; i < count && bytes > 0; i++) {
    size_t some = data[i].iov_len < bytes ? data[i].iov_len : bytes;
    parts[all++] = (struct iovec){data[i].iov_base, some};
    bytes -= some;
  }
  /* The kernel takes IOV_MAX parts at a time. */
  for (int done = 0; done < all; done += IOV_MAX) put(parts + done, all - done < IOV_MAX ? all - done : IOV_MAX);
}

static void note(uint8_t what, const char *name, const char *other, uint64_t file, uint64_t offset) {
  note_io(what, name, other, file, offset, NULL, 0, 0);
}

/* Whether a path is in the folder; if so, `full` gets it as an absolute one. */
static int is_ours(int directory, const char *path, char *full) {
  if (record < 0 || !path) return 0;
  if (path[0] == '/') {
    if (snprintf(full, PATH_MAX, "%s", path) >= PATH_MAX) return 0;
  } else {
    char base[PATH_MAX];
    char link_name[64] = "/proc/self/cwd";
    if (directory != AT_FDCWD) snprintf(link_name, sizeof link_name, "/proc/self/fd/%d", directory);
    ssize_t length = readlink(link_name, base, sizeof base - 1);
    if (length < 0) return 0;
    base[length] = 0;
    if (snprintf(full, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
  }
  return strncmp(full, folder, folder_length) == 0 && (full[folder_length] == '/' || full[folder_length] == 0);
}

/* Asks the kernel whether it is still the file that was opened: the C library closes and opens by ways of its own, too. */
static uint64_t inode(int fd) {
  uint64_t number = fd >= 0 && fd < MAX_FILES ? __atomic_load_n(&inode_of[fd], __ATOMIC_RELAXED) : 0;
  struct stat status;
  return number && fstat(fd, &status) == 0 && status.st_ino == number ? number : 0;
}

static void keep(int fd, uint64_t number, const char *path) {
  if (fd < 0 || fd >= MAX_FILES) return;
  free(path_of[fd]);
  path_of[fd] = path ? strdup(path) : NULL;
  __atomic_store_n(&inode_of[fd], number, __ATOMIC_RELAXED);
}

static int is_forgotten(int fd) {
  if (!lies || !*lies || !path_of[fd]) return 0;
  size_t wanted = strlen(lies), length = strlen(path_of[fd]);
  if (lies[wanted - 1] != '$') return strstr(path_of[fd], lies) != NULL;
  return --wanted <= length && strncmp(path_of[fd] + length - wanted, lies, wanted) == 0;
}

/* Whether this call is the one that fails; errno says how. With the lock. */
static int is_struck(const char *kind, int fd) {
  if (access(fault_file, F_OK) != 0) return 0;
  char text[512] = "", wanted[16], part[PATH_MAX] = "";
  int number;
  unsigned turn;
  int file = real_open64(fault_file, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  real_close(file);
  if (length <= 0 || sscanf(text, "%15s %d %u %4095s", wanted, &number, &turn, part) < 3) return 0;
  if (strcmp(wanted, kind) != 0 || (path_of[fd] && !strstr(path_of[fd], part))) return 0;
  if (++fault_calls < turn) return 0;
  fault_calls = 0;
  real_unlink(fault_file);
  errno = number;
  return 1;
}

static int opened(int fd, const char *full, int existed, int flags) {
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) return fd;
  keep(fd, status.st_ino, full);
  if (fd < MAX_FILES) syncs_itself[fd] = (flags & O_DSYNC) != 0;
  note(existed ? OPENED : CREATED, full, NULL, status.st_ino, S_ISDIR(status.st_mode));
  if (existed && (flags & O_TRUNC)) note(TRUNCATED, NULL, NULL, status.st_ino, 0);
  return fd;
}

static int open_at(int directory, const char *path, int flags, mode_t mode) {
  start();
  char full[PATH_MAX];
  if (!is_ours(directory, path, full) || (flags & O_PATH)) return real_openat64(directory, path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat status;
  int existed = lstat(full, &status) == 0;
  int fd = opened(real_openat64(directory, path, flags, mode), full, existed, flags);
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE(flags)                                    \
  mode_t mode = 0;                                     \
  if ((flags) & (O_CREAT | O_TMPFILE)) {               \
    va_list more;                                      \
    va_start(more, flags);                             \
    mode = va_arg(more, mode_t);                       \
    va_end(more);                                      \
  }

int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int directory, const char *path, int flags, ...) { MODE(flags) return open_at(directory, path, flags, mode); }
int openat64(int directory, const char *path, int flags, ...) { MODE(flags) return open_at(directory, path, flags, mode); }
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static void forget(int fd) {
  if (fd < 0 || fd >= MAX_FILES || !__atomic_load_n(&inode_of[fd], __ATOMIC_RELAXED)) return;
  pthread_mutex_lock(&lock);
  keep(fd, 0, NULL);
  pthread_mutex_unlock(&lock);
}

int close(int fd) {
  start();
  if (fd == record && record >= 0) return 0;
  forget(fd);
  return real_close(fd);
}

int fclose(FILE *file) {
  start();
  forget(real_fileno(file)); /* none for a stream of ours, which ends by close() */
  return real_fclose(file);
}

/* Another number for the same file. */
static int duplicated(int from, int to) {
  if (to >= 0 && from != to && (inode(from) || inode(to))) {
    pthread_mutex_lock(&lock);
    keep(to, inode(from), inode(from) ? path_of[from] : NULL);
    if (from < MAX_FILES && to < MAX_FILES) syncs_itself[to] = syncs_itself[from];
    pthread_mutex_unlock(&lock);
  }
  return to;
}

int dup(int from) { start(); return duplicated(from, real_dup(from)); }
int dup2(int from, int to) { start(); return duplicated(from, real_dup2(from, to)); }
int dup3(int from, int to, int flags) { start(); return duplicated(from, real_dup3(from, to, flags)); }

static int control(int fd, int what, void *argument) {
  start();
  int result = real_fcntl64(fd, what, argument);
  return what == F_DUPFD || what == F_DUPFD_CLOEXEC ? duplicated(fd, result) : result;
}

#define ARGUMENT(what)               \
  va_list more;                      \
  va_start(more, what);              \
  void *argument = va_arg(more, void *); \
  va_end(more);

int fcntl(int fd, int what, ...) { ARGUMENT(what) return control(fd, what, argument); }
int fcntl64(int fd, int what, ...) { ARGUMENT(what) return control(fd, what, argument); }

/* Writes and notes; an offset below 0 is that of the file descriptor. */
static ssize_t write_parts(int fd, const struct iovec *parts, int count, off64_t offset) {
  pthread_mutex_lock(&lock);
  ssize_t done = -1;
  if (!is_struck("write", fd)) {
    done = offset < 0 ? real_writev(fd, parts, count) : real_pwritev64(fd, parts, count, offset);
    if (done > 0) {
      uint64_t at = offset < 0 ? (uint64_t)(lseek64(fd, 0, SEEK_CUR) - done) : (uint64_t)offset;
      struct stat status;
      /* Linux appends whatever the offset is. */
      if (offset >= 0 && (real_fcntl64(fd, F_GETFL) & O_APPEND) && fstat(fd, &status) == 0) at = status.st_size - done;
      note_io(WRITTEN, NULL, NULL, inode(fd), at, parts, count, done);
      if (syncs_itself[fd] && !is_forgotten(fd)) {
        note(SYNC_BEGUN, NULL, NULL, inode(fd), ++syncs);
        note(SYNC_ENDED, NULL, NULL, inode(fd), syncs);
      }
    }
  }
  int problem = errno;
  pthread_mutex_unlock(&lock);
  errno = problem;
  return done;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  start();
  if (!inode(fd)) return real_write(fd, bytes, count);
  struct iovec part = {(void *)bytes, count};
  return write_parts(fd, &part, 1, -1);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  start();
  if (!inode(fd)) return real_pwrite64(fd, bytes, count, offset);
  struct iovec part = {(void *)bytes, count};
  return write_parts(fd, &part, 1, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  start();
  return inode(fd) ? write_parts(fd, parts, count, -1) : real_writev(fd, parts, count);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  start();
  return inode(fd) ? write_parts(fd, parts, count, offset) : real_pwritev64(fd, parts, count, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return pwritev64(fd, parts, count, offset); }

/*
 * Streams of the C library write by ways of its own: those that write files of ours get others, which write by those above.
 * fileno() knows no such stream, so their numbers are kept.
 */
enum { MAX_STREAMS = 256 };
static struct {
  FILE *stream;
  int fd;
} streams[MAX_STREAMS];

static ssize_t stream_read(void *cookie, char *bytes, size_t count) { return read((int)(intptr_t)cookie, bytes, count); }

static ssize_t stream_write(void *cookie, const char *bytes, size_t count) {
  ssize_t done = write((int)(intptr_t)cookie, bytes, count);
  return done < 0 ? 0 : done; /* 0 is how such a stream hears of a failure */
}

static int stream_seek(void *cookie, off64_t *offset, int from) {
  off64_t at = lseek64((int)(intptr_t)cookie, *offset, from);
  if (at < 0) return -1;
  *offset = at;
  return 0;
}

static int stream_close(void *cookie) {
  int fd = (int)(intptr_t)cookie;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MAX_STREAMS; i++) {
    if (streams[i].stream && streams[i].fd == fd) streams[i].stream = NULL;
  }
  pthread_mutex_unlock(&lock);
  return close(fd);
}

static FILE *stream_of(int fd, const char *mode) {
  cookie_io_functions_t ways = {stream_read, stream_write, stream_seek, stream_close};
  FILE *stream = fopencookie((void *)(intptr_t)fd, mode, ways);
  int kept = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; stream && !kept && i < MAX_STREAMS; i++) {
    if (streams[i].stream) continue;
    streams[i].stream = stream;
    streams[i].fd = fd;
    kept = 1;
  }
  pthread_mutex_unlock(&lock);
  if (stream && !kept) abort(); /* more of them than anybody was thought to have */
  return stream;
}

static int is_for_writing(const char *mode) { return mode[0] != 'r' || strchr(mode, '+'); }

static FILE *open_stream(const char *path, const char *mode) {
  start();
  char full[PATH_MAX];
  if (!is_for_writing(mode) || !is_ours(AT_FDCWD, path, full)) return real_fopen64(path, mode);
  int flags = strchr(mode, '+') ? O_RDWR : O_WRONLY;
  flags |= mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT | O_APPEND : 0;
  flags |= strchr(mode, 'e') ? O_CLOEXEC : 0;
  int fd = open_at(AT_FDCWD, path, flags, 0666);
  return fd < 0 ? NULL : stream_of(fd, mode);
}

FILE *fopen(const char *path, const char *mode) { return open_stream(path, mode); }
FILE *fopen64(const char *path, const char *mode) { return open_stream(path, mode); }

FILE *fdopen(int fd, const char *mode) {
  start();
  return is_for_writing(mode) && inode(fd) ? stream_of(fd, mode) : real_fdopen(fd, mode);
}

int fileno(FILE *stream) {
  start();
  int fd = -1;
  pthread_mutex_lock(&lock);
  for (int i = 0; fd < 0 && i < MAX_STREAMS; i++) {
    if (streams[i].stream == stream) fd = streams[i].fd;
  }
  pthread_mutex_unlock(&lock);
  return fd >= 0 ? fd : real_fileno(stream);
}

int fileno_unlocked(FILE *stream) { return fileno(stream); }

/* Ways that nobody goes: whoever does has to be told, for what he writes would be missed. */
ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags) {
  start();
  if (inode(fd)) abort();
  return real_pwritev2(fd, parts, count, offset, flags);
}

int truncate64(const char *path, off64_t length) {
  int fd = open64(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  int result = ftruncate64(fd, length), problem = errno;
  close(fd);
  errno = problem;
  return result;
}

int truncate(const char *path, off_t length) { return truncate64(path, length); }

/* What the kernel has copied is read back, to be noted. */
static void note_copied(int fd, uint64_t offset, size_t bytes) {
  char name[64], part[1 << 16];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  int file = real_open64(name, O_RDONLY | O_CLOEXEC);
  while (file >= 0 && bytes > 0) {
    ssize_t some = pread64(file, part, bytes < sizeof part ? bytes : sizeof part, offset);
    if (some <= 0) break;
    struct iovec data = {part, some};
    note_io(WRITTEN, NULL, NULL, inode(fd), offset, &data, 1, some);
    offset += some;
    bytes -= some;
  }
  if (file >= 0) real_close(file);
  if (bytes > 0) abort();
}

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t count, unsigned flags) {
  start();
  if (!inode(to)) return real_copy_file_range(from, from_offset, to, to_offset, count, flags);
  pthread_mutex_lock(&lock);
  ssize_t done = real_copy_file_range(from, from_offset, to, to_offset, count, flags);
  if (done > 0) note_copied(to, (to_offset ? *to_offset : lseek64(to, 0, SEEK_CUR)) - done, done);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
  start();
  if (!inode(to)) return real_sendfile64(to, from, offset, count);
  pthread_mutex_lock(&lock);
  ssize_t done = real_sendfile64(to, from, offset, count);
  if (done > 0) note_copied(to, lseek64(to, 0, SEEK_CUR) - done, done);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t sendfile(int to, int from, off_t *offset, size_t count) { return sendfile64(to, from, (off64_t *)offset, count); }

int ftruncate64(int fd, off64_t length) {
  start();
  if (!inode(fd)) return real_ftruncate64(fd, length);
  pthread_mutex_lock(&lock);
  int result = real_ftruncate64(fd, length);
  if (result == 0) note(TRUNCATED, NULL, NULL, inode(fd), length);
  pthread_mutex_unlock(&lock);
  return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fallocate64(int fd, int how, off64_t offset, off64_t length) {
  start();
  if (!inode(fd) || (how & FALLOC_FL_KEEP_SIZE)) return real_fallocate64(fd, how, offset, length);
  pthread_mutex_lock(&lock);
  int result = real_fallocate64(fd, how, offset, length);
  if (result == 0) note(GROWN, NULL, NULL, inode(fd), offset + length);
  pthread_mutex_unlock(&lock);
  return result;
}

int fallocate(int fd, int how, off_t offset, off_t length) { return fallocate64(fd, how, offset, length); }

int posix_fallocate64(int fd, off64_t offset, off64_t length) {
  return fallocate64(fd, 0, offset, length) == 0 ? 0 : errno;
}

int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }

static int rename_at(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  start();
  char full_from[PATH_MAX], full_to[PATH_MAX];
  int ours = is_ours(from_folder, from, full_from) | (is_ours(to_folder, to, full_to) << 1);
  if (!ours) return real_renameat2(from_folder, from, to_folder, to, flags);
  pthread_mutex_lock(&lock);
  int result = real_renameat2(from_folder, from, to_folder, to, flags);
  if (result == 0) {
    if (ours != 3) abort(); /* into the folder, or out of it: nobody does that, and nothing here could tell what it means */
    note(RENAMED, full_from, full_to, 0, 0);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int rename(const char *from, const char *to) { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return rename_at(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  return rename_at(from_folder, from, to_folder, to, flags);
}

static int remove_at(int directory, const char *path, int flags) {
  start();
  char full[PATH_MAX];
  if (!is_ours(directory, path, full)) return real_unlinkat(directory, path, flags);
  pthread_mutex_lock(&lock);
  int result = real_unlinkat(directory, path, flags);
  if (result == 0) note(REMOVED, full, NULL, 0, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int unlink(const char *path) { return remove_at(AT_FDCWD, path, 0); }
int unlinkat(int directory, const char *path, int flags) { return remove_at(directory, path, flags); }
int rmdir(const char *path) { return remove_at(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int result = unlink(path);
  return result != 0 && errno == EISDIR ? rmdir(path) : result;
}

static int link_at(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  start();
  char full_from[PATH_MAX], full_to[PATH_MAX];
  if (!is_ours(to_folder, to, full_to)) return real_linkat(from_folder, from, to_folder, to, flags);
  if (!is_ours(from_folder, from, full_from)) abort();
  pthread_mutex_lock(&lock);
  int result = real_linkat(from_folder, from, to_folder, to, flags);
  if (result == 0) note(LINKED, full_from, full_to, 0, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int link(const char *from, const char *to) { return link_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  return link_at(from_folder, from, to_folder, to, flags);
}

int mkdirat(int directory, const char *path, mode_t mode) {
  start();
  char full[PATH_MAX];
  if (!is_ours(directory, path, full)) return real_mkdirat(directory, path, mode);
  pthread_mutex_lock(&lock);
  int result = real_mkdirat(directory, path, mode);
  if (result == 0) note(MADE_FOLDER, full, NULL, 0, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* What was written before it began is safe when it has ended; the process may go on writing meanwhile. */
static int sync_file(int fd, __typeof__(&fsync) real) {
  start();
  if (!inode(fd)) return real(fd);
  pthread_mutex_lock(&lock);
  uint64_t file = inode(fd), number = ++syncs;
  int struck = is_struck("sync", fd), problem = errno;
  int lie = is_forgotten(fd);
  if (!lie) note(SYNC_BEGUN, NULL, NULL, file, number);
  pthread_mutex_unlock(&lock);
  int result = struck ? -1 : real(fd);
  if (!struck) problem = errno;
  pthread_mutex_lock(&lock);
  if (!lie) note(result == 0 ? SYNC_ENDED : SYNC_FAILED, NULL, NULL, file, number);
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

int fsync(int fd) { start(); return sync_file(fd, real_fsync); }
int fdatasync(int fd) { start(); return sync_file(fd, real_fdatasync); }

/* What is written through a mapping passes by here: noted, so that a wrong answer is not taken for one. */
void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
  start();
  if (fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE) && inode(fd)) {
    pthread_mutex_lock(&lock);
    note(MAPPED, path_of[fd], NULL, inode(fd), 0);
    pthread_mutex_unlock(&lock);
  }
  return real_mmap64(address, length, protection, flags, fd, offset);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  return mmap64(address, length, protection, flags, fd, offset);
}
