// The message is put together in one buffer and written with one call, so that lines of several processes do not mix.
// What comes from outside (paths, names) is shown with control characters replaced, those of the upper half (C2 80 to C2 9F in UTF-8) too: a file name must not drive the terminal.
#include "initrt/report.h"

#include "initrt/text.h"

namespace initrt {
namespace {

struct Line {
  char data[2048];
  unsigned size = 0;

  void add(const char* text) {
    for (; *text != 0 && size < sizeof data - 2; ++text) {
      const unsigned char c = static_cast<unsigned char>(*text), next = static_cast<unsigned char>(text[1]);
      const bool upper = c == 0xc2 && next >= 0x80 && next <= 0x9f;
      data[size++] = c < 0x20 || c == 0x7f || upper ? '?' : static_cast<char>(c);
      if (upper) ++text;
    }
  }
  void add_number(unsigned long value) {
    char digits[24];
    append_number(digits, value);
    add(digits);
  }
  void quoted(const char* text) {
    add("`");
    add(text);
    add("`");
  }
  void send() {
    data[size++] = '\n';
    // Nothing can be done about a standard error that does not take it.
    (void)sys::write(2, data, size).failed();
  }
};

struct ErrorName {
  int error;
  const char* text;
};
constexpr ErrorName kErrors[] = {
    {EPERM, "Operation not permitted"},
    {ENOENT, "No such file or directory"},
    {EIO, "Input/output error"},
    {E2BIG, "Argument list too long"},
    {ENOEXEC, "Exec format error"},
    {EBADF, "Bad file descriptor"},
    {ECHILD, "No child processes"},
    {EAGAIN, "Resource temporarily unavailable"},
    {ENOMEM, "Cannot allocate memory"},
    {EACCES, "Permission denied"},
    {EFAULT, "Bad address"},
    {EBUSY, "Device or resource busy"},
    {EEXIST, "File exists"},
    {EXDEV, "Invalid cross-device link"},
    {ENODEV, "No such device"},
    {ENOTDIR, "Not a directory"},
    {EISDIR, "Is a directory"},
    {EINVAL, "Invalid argument"},
    {ENFILE, "Too many open files in system"},
    {EMFILE, "Too many open files"},
    {ENOTTY, "Inappropriate ioctl for device"},
    {ETXTBSY, "Text file busy"},
    {EFBIG, "File too large"},
    {ENOSPC, "No space left on device"},
    {EROFS, "Read-only file system"},
    {EMLINK, "Too many links"},
    {ENAMETOOLONG, "File name too long"},
    {ENOSYS, "Function not implemented"},
    {ENOTEMPTY, "Directory not empty"},
    {ELOOP, "Too many levels of symbolic links"},
    {EOVERFLOW, "Value too large for defined data type"},
    {EUSERS, "Too many users"},
    {EOPNOTSUPP, "Operation not supported"},
    {EDQUOT, "Disk quota exceeded"},
    {ELIBBAD, "Accessing a corrupted shared library"},
    {ESTALE, "Stale file handle"},
};

void add_place(Line& line, const Context& ctx) {
  line.add(ctx.name);
  line.add(": ");
  if (!ctx.has_origin) return;
  line.add(ctx.plan.str(ctx.plan.list<wire::Ref>(ctx.image().files)[ctx.origin.file.get()]));
  if (ctx.origin.line.get() != 0) {
    line.add(":");
    line.add_number(ctx.origin.line.get());
  }
  line.add(": ");
}

void add_subject(Line& line, const Subject& subject) {
  if (subject.verb == nullptr) return;
  line.add(subject.verb);
  if (subject.target != nullptr) {
    line.add(" ");
    line.quoted(subject.target);
  }
  if (subject.source != nullptr) {
    line.add(" from ");
    line.quoted(subject.source);
  }
  line.add(": ");
}

void add_error(Line& line, int error) {
  line.add(": ");
  const char* text = error_string(error);
  if (text != nullptr) return line.add(text);
  line.add("error ");
  line.add_number(static_cast<unsigned long>(error));
}

void add_step(Line& line, const char* what, const char* detail) {
  line.add(what);
  if (detail == nullptr) return;
  line.add(" ");
  line.quoted(detail);
}

void complain(const Context& ctx, const char* prefix, const char* what, const char* detail, int error, const char* hint) {
  Line line;
  add_place(line, ctx);
  add_subject(line, ctx.subject);
  line.add(prefix);
  add_step(line, what, detail);
  if (error != 0) add_error(line, error);
  if (hint != nullptr) {
    line.add(" (");
    line.add(hint);
    line.add(")");
  }
  line.send();
}

}  // namespace

const char* error_string(int error) {
  for (const ErrorName& entry : kErrors)
    if (entry.error == error) return entry.text;
  return nullptr;
}

void report(const Context& ctx, const char* what, const char* detail) { complain(ctx, "", what, detail, 0, nullptr); }

void die_with(const Context& ctx, int status, const char* what, const char* detail, int error, const char* hint) {
  complain(ctx, "", what, detail, error, hint);
  sys::exit(status);
}

void die_cannot(const Context& ctx, const char* what, const char* detail, int error, const char* hint) {
  complain(ctx, "cannot ", what, detail, error, hint);
  sys::exit(kExitLaunch);
}

Result traced(const Context& ctx, Result result, const char* what, const char* detail) {
  if (!ctx.trace) return result;
  Line line;
  line.add(ctx.name);
  line.add(ctx.inside ? ": init: " : ": supervisor: ");
  add_subject(line, ctx.subject);
  add_step(line, what, detail);
  if (result.failed()) {
    add_error(line, result.error());
  } else {
    line.add(" = ");
    line.add_number(static_cast<unsigned long>(result.raw));
  }
  line.send();
  return result;
}

int must(const Context& ctx, Result result, const char* what, const char* detail, const char* hint) {
  if (traced(ctx, result, what, detail).failed()) die_cannot(ctx, what, detail, result.error(), hint);
  return result.value();
}

}  // namespace initrt
