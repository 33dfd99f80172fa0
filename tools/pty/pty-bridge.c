/* A pseudo-terminal between two pipes, because Node.js cannot open one: prints the path of the terminal as its first line, then
 * carries bytes from stdin to the terminal and from the terminal to stdout until stdin ends. Optional argument: a path that
 * becomes a symbolic link to the terminal. */
#define _XOPEN_SOURCE 700
#define _DARWIN_C_SOURCE
#define _DEFAULT_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const char *linked;

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return 1;
}

static void unlink_linked(void) {
  if (linked != NULL) (void)unlink(linked);
}

static int carry(int from, int to) {
  char bytes[1024];
  ssize_t got = read(from, bytes, sizeof bytes), put = 0;
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return 1;
  if (got <= 0) return 0;
  while (put < got) {
    const ssize_t wrote = write(to, bytes + put, (size_t)(got - put));
    if (wrote < 0 && errno != EINTR) return 0;
    if (wrote > 0) put += wrote;
  }
  return 1;
}

int main(int count, char **arguments) {
  struct termios raw;
  struct pollfd ends[2];
  const char *path;
  int own, held;
  own = posix_openpt(O_RDWR | O_NOCTTY);
  if (own < 0 || grantpt(own) != 0 || unlockpt(own) != 0) return fail("no pseudo-terminal");
  path = ptsname(own);
  if (path == NULL) return fail("no name for the pseudo-terminal");
  /* Held open, so that the terminal survives masters that come and go. */
  held = open(path, O_RDWR | O_NOCTTY);
  if (held < 0 || tcgetattr(held, &raw) != 0) return fail(path);
  raw.c_iflag = 0;
  raw.c_oflag = 0;
  raw.c_lflag = 0;
  raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8 | CREAD | CLOCAL;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  if (tcsetattr(held, TCSANOW, &raw) != 0) return fail(path);
  if (count > 1) {
    if (symlink(path, arguments[1]) != 0) return fail(arguments[1]);
    linked = arguments[1];
    (void)atexit(unlink_linked);
  }
  printf("%s\n", path);
  if (fflush(stdout) != 0) return 1;
  ends[0].fd = STDIN_FILENO;
  ends[1].fd = own;
  ends[0].events = ends[1].events = POLLIN;
  for (;;) {
    if (poll(ends, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return fail("poll");
    }
    if (ends[0].revents != 0 && !carry(STDIN_FILENO, own)) return 0;
    if ((ends[1].revents & POLLIN) != 0 && !carry(own, STDOUT_FILENO)) return 0;
    if ((ends[1].revents & (POLLHUP | POLLERR)) != 0 && (ends[1].revents & POLLIN) == 0) return 0;
  }
}
