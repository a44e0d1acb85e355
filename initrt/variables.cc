// Two passes: how much, then the strings. The memory is the caller's (its stack), because there is no heap.
#include "initrt/variables.h"

#include "initrt/report.h"
#include "initrt/startup.h"
#include "initrt/text.h"

namespace initrt {
namespace {

void at_origin(Context& ctx, const wire::Origin& origin) {
  ctx.origin = origin;
  ctx.has_origin = true;
}

/// The text of one piece, or the end of the launch.
const char* piece(const Context& ctx, const wire::Segment& segment) {
  if (segment.variable.get() == wire::kLiteral) return ctx.plan.str(segment.text);
  const char* name = ctx.plan.str(ctx.plan.list<wire::Ref>(ctx.image().variables)[segment.variable.get()]);
  const char* value = environment(*ctx.start, name);
  if (value != nullptr && *value != 0) return value;
  if (segment.has_default.get() != 0) return ctx.plan.str(segment.text);
  die(ctx, value == nullptr ? "launch variable is not set:" : "launch variable is empty:", name, 0, "set it, or give a default in the profile: `${NAME:-default}`");
}

bool is_dots(const char* begin, const char* end, std::size_t dots) {
  if (static_cast<std::size_t>(end - begin) != dots) return false;
  for (; begin != end; ++begin)
    if (*begin != '.') return false;
  return true;
}

/// Drops empty and `.` components, which a variable's value may bring in (a trailing slash is common), and refuses `..`.
void normalise_path(const Context& ctx, char* path) {
  if (path[0] != '/') die(ctx, "this path is not absolute once its launch variables are bound:", path);
  if (length(path) > wire::kMaxPath) die(ctx, "a path is too long once its launch variables are bound", nullptr, ENAMETOOLONG);
  char* to = path;
  const char* from = path;
  while (*from != 0) {
    while (*from == '/') ++from;
    const char* end = from;
    while (*end != 0 && *end != '/') ++end;
    if (is_dots(from, end, 2)) die(ctx, "this path has a `..` once its launch variables are bound:", path);
    if (end != from && !is_dots(from, end, 1)) {
      *to++ = '/';
      while (from != end) *to++ = *from++;
    }
    from = end;
  }
  *to = 0;
  if (to == path) die(ctx, "a path is `/` once its launch variables are bound");
}

}  // namespace

std::size_t templates_size(Context& ctx) {
  const auto templates = ctx.plan.list<wire::Template>(ctx.image().templates);
  std::size_t size = templates.size() * sizeof(char*);
  for (const wire::Template& t : templates) {
    at_origin(ctx, t.origin);
    for (const wire::Segment& segment : ctx.plan.list<wire::Segment>(t.segments)) size += length(piece(ctx, segment));
    size += 1;
  }
  ctx.has_origin = false;
  return size;
}

void bind_templates(Context& ctx, void* memory) {
  const auto templates = ctx.plan.list<wire::Template>(ctx.image().templates);
  const char** table = static_cast<const char**>(memory);
  char* to = reinterpret_cast<char*>(table + templates.size());
  for (std::uint32_t i = 0; i < templates.size(); ++i) {
    const wire::Template& t = templates[i];
    at_origin(ctx, t.origin);
    char* const begin = to;
    *to = 0;
    for (const wire::Segment& segment : ctx.plan.list<wire::Segment>(t.segments)) to = append(to, piece(ctx, segment));
    ++to;
    if (t.is_path.get() != 0) normalise_path(ctx, begin);
    table[i] = begin;
  }
  ctx.templates = table;
  ctx.has_origin = false;
}

}  // namespace initrt
