/* Writes a file by other ways than open() and write(): a stream, numbers that stand for it, and at its end. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **names) {
  if (count != 2) return 1;
  FILE *stream = fopen(names[1], "w");
  if (!stream || fputs("stream", stream) < 0 || fflush(stream) != 0) return 2;
  int copy = dup(fileno(stream));
  if (copy < 0 || write(copy, " dup", 4) != 4) return 3;
  int other = fcntl(copy, F_DUPFD_CLOEXEC, 100);
  if (other < 100 || write(other, " fcntl", 6) != 6) return 4;
  int third = dup3(other, 200, O_CLOEXEC);
  if (third != 200 || write(third, " dup3", 5) != 5) return 5;
  if (fclose(stream) != 0) return 6;
  int end = open(names[1], O_WRONLY | O_APPEND);
  if (end < 0 || pwrite(end, " end", 4, 0) != 4) return 7; /* an offset says nothing there */
  FILE *last = fdopen(end, "a");
  if (!last || fputs(" last", last) < 0 || fflush(last) != 0) return 8;
  if (fsync(fileno(last)) != 0 || fclose(last) != 0) return 9;
  return write(third, "!", 1) == 1 ? 0 : 10; /* this nobody has synced */
}
