// The plan image: the bytes that the compiler writes and the launcher executes in place.
//
// Layout. One `Image` at offset 0, then whatever it points to, in any order: strings, op records, lists, the filter. Every reference
// is an offset from the start of the image and a length or count; there are no pointers and nothing is relocated. All integers are
// little-endian and unaligned (le.h), so that the structs below are exactly the bytes.
//
//   Ref   a string: `len` bytes at `off`, and a NUL at `off + len`, no NUL before it
//   Text  a Ref, or, when `len` is kTemplate, the index `off` of a Template: a string that is put together when the launcher starts
//   List  `count` records of a type that the member's comment names
//
// Trust. The image is part of the executable file, and whoever can write that can write anything; so the checksum guards
// against accidents (a truncated copy, a flipped bit), not against malice. Still every offset, count and terminator is checked once
// (image_reader.h, `verify`) before the first use, because a launcher that is damaged must say so and exit 125, never crash or
// run the program half confined. What a reader must refuse: another magic or version, a size that is not the given one, a checksum that differs,
// an unknown op or flag bit, a reference that leaves the image, a string without its NUL or with one inside, a count over its limit.
//
// Versions. Nothing is released: kVersion is raised with each change of layout and a reader takes exactly its own.
#pragma once

#include "schema/le.h"

namespace wire {

inline constexpr unsigned char kMagic[8] = {'i', 'm', 'm', 'u', 'r', 'e', 0x1a, '\n'};
inline constexpr std::uint32_t kVersion = 4;

// Limits, all far above what a profile needs; they bound the runtime's loops and buffers.
inline constexpr std::uint32_t kMaxImage = 64u << 20;
inline constexpr std::uint32_t kMaxOps = 100'000;
inline constexpr std::uint32_t kMaxList = 100'000;
inline constexpr std::uint32_t kMaxFilter = 4096;  // BPF_MAXINSNS, linux/bpf_common.h
inline constexpr std::uint32_t kMaxLower = 500;    // OVL_MAX_STACK, KERNEL 2.1
inline constexpr std::uint32_t kMaxPath = 4095;    // PATH_MAX without the NUL
inline constexpr std::uint32_t kTemplate = 0xffff'ffff;

struct Ref {
  le32 off;
  le32 len;
};
struct Text {
  le32 off;
  le32 len;
};
struct List {
  le32 off;
  le32 count;
};
using Data = List;   // bytes
using Texts = List;  // of Text
using U32 = le32;
using U64 = le64;

/// Where in the profile something comes from; line 0: nowhere in particular.
struct Origin {
  le32 file;  // index into Image::files
  le32 line;
};

/// A piece of a template: literal bytes when `variable` is kLiteral, else the variable's value, or `text` when it is unset or empty and
/// `has_default` is 1.
struct Segment {
  le32 variable;  // index into Image::variables
  le32 has_default;
  Ref text;
};
inline constexpr std::uint32_t kLiteral = 0xffff'ffff;

struct Template {
  List segments;  // of Segment
  le32 is_path;   // 1: the result must be absolute, without `.`, `..` or empty components, and not "/"
  Origin origin;
};

/// A variable of the environment. The assignment is whole, so that the runtime puts nothing together.
struct EnvEntry {
  Ref name;
  Text assignment;  // "NAME=value"
};

/// Flags of one op, OpHead::flags. Which op may carry which is stated at kOpFlags.
enum OpFlag : std::uint16_t {
  kTrusted = 1 << 0,   // every parent of the target is a directory that this launch made: no symlink can be met on the way
  kMakeFile = 1 << 1,  // the target does not exist and is to be a file
  kMakeDir = 1 << 2,   // the target does not exist and is to be a directory; with kMakeFile: whichever the source of the bind is
  kOptional = 1 << 3,  // go on without when the source is missing (bind), the kernel refuses (proc) or the target is missing (mask, protect)
  kEnsure = 1 << 4,    // make the missing host directory, 0700
  kCreate = 1 << 5,    // the target may be created on the host, inside a writable bind
  kRecursive = 1 << 6,
  kInPlace = 1 << 7,      // file: create it at the target, which is on a filesystem that ends up read-only
  kEphemeral = 1 << 8,    // overlay
  kDereference = 1 << 9,  // symlink
  kRootOnly = 1 << 10,    // only where the outside user id 0 is mapped
};
inline constexpr std::uint16_t kAllOpFlags = (1 << 11) - 1;

enum class OpKind : std::uint16_t {
#define OP(Name, id, doc) Name = id,
#define FIELD(Type, name, doc)
#define END_OP(Name)
#include "schema/ops.def"
};

struct OpHead {
  le16 kind;
  le16 flags;
  le32 body;  // offset of the op's own struct
  Origin origin;
};

// The op bodies: `struct Dir { Text path; U32 mode; };` and so on.
#define OP(Name, id, doc) struct Name {
#define FIELD(Type, name, doc) Type name;
#define END_OP(Name) \
  }                  \
  ;
#include "schema/ops.def"

/// A program to execute: the profile's program, or a daemon.
struct Exec {
  Text path;
  Text argv0;
  List args;  // of Text: argv[1..]
  Origin origin;
};

/// A program that is started before the program, and the path that it makes appear when it is ready.
struct Daemon {
  Exec exec;
  Text ready;
  le32 timeout_ms;
};

/// setrlimit(2): soft and hard limit are the same. All bits set: RLIM_INFINITY.
struct ResourceLimit {
  le32 resource;  // RLIMIT_*
  le64 value;
  Origin origin;
};

struct PathRule {
  Text path;
  le64 access;  // LANDLOCK_ACCESS_FS_*
  Origin origin;
};
struct PortRule {
  le64 port;
  le64 access;  // LANDLOCK_ACCESS_NET_*
  Origin origin;
};

/// What SIGUSR2 to the launcher does.
enum CancelKind : std::uint32_t { kCancelForward = 0, kCancelKill = 1, kCancelInterrupt = 2 };
inline constexpr std::uint32_t kNoDescriptor = 0xffff'ffff;

enum ImageFlag : std::uint32_t {
  kNewSession = 1 << 0,
  kDieWithSupervisor = 1 << 1,
  kDieWithCaller = 1 << 2,
  kStdinNull = 1 << 3,
  kPassArgs = 1 << 4,
  kRootWritable = 1 << 5,
  kHasFilter = 1 << 6,
  kLoopback = 1 << 7,        // bring lo up in the new network namespace
  kNested = 1 << 8,          // the program may make user namespaces of its own
  kFilterDeniesNs = 1 << 9,  // the filter denies namespaces, so a launch may go on where the limit of nested ones cannot be set
  kRunAs = 1 << 10,          // started by root: become run_uid:run_gid first
  kWeakenNested = 1 << 11,   // go on where the limit of nested namespaces cannot be set
  kWeakenScopes = 1 << 12,   // go on where Landlock has no scopes
  kWeakenRules = 1 << 13,    // leave out the rights of Landlock rules that the kernel lacks
  kNewNetwork = 1 << 14,     // a network namespace of its own; the other six every sandbox has
};
inline constexpr std::uint32_t kAllImageFlags = (1 << 15) - 1;

/// How an id inside is chosen; IdFixed takes the number beside it.
enum IdKind : std::uint32_t { kIdCaller = 0, kIdOverflow = 1, kIdFixed = 2 };

struct Image {
  unsigned char magic[8];
  le32 version;
  le32 size;      // of the whole image, this struct included
  le64 checksum;  // checksum() over every byte after this field

  Ref name;        // the profile's name, which opens each message
  List files;      // of Ref: the profile's file, then its fragments
  List variables;  // of Ref: names of launch variables
  List templates;  // of Template

  le32 flags;     // ImageFlag
  le32 uid_kind;  // IdKind
  le32 uid;
  le32 gid_kind;
  le32 gid;
  Ref hostname;
  le32 parent_mode;  // mode of directories that are made on the way to a target
  le32 linger_ms;    // 0: nothing may outlive the program
  le32 timeout_ms;   // 0: none
  le32 cancel_kind;  // CancelKind
  le32 cancel_wait_ms;
  le32 status_fd;     // or kNoDescriptor
  List pass_fds;      // of le32: descriptors that the program keeps
  List pass_dir_fds;  // of le32: the same, and they may be directories
  le32 run_uid;
  le32 run_gid;
  Text cgroup_path;  // or empty
  le32 cgroup_fd;    // or kNoDescriptor
  Origin cgroup_origin;
  Ref root_options;  // parameters of the root tmpfs, as mount(2) takes them

  List ops;  // of OpHead

  List daemons;  // of Daemon, in the order in which they are started
  Exec program;
  Text cwd;
  Origin cwd_origin;
  List env_inherit;  // of Ref: globs on names
  List env_set;      // of EnvEntry

  List filter;             // of struct sock_filter, the program's filter
  List init_filter;        // of struct sock_filter, what init installs on itself after the last spawn
  le32 landlock_scopes;    // LANDLOCK_SCOPE_*
  List landlock_paths;     // of PathRule; one rule makes it an allow-list
  List landlock_ports;     // of PortRule; likewise
  le64 keep_capabilities;  // bit N: the program keeps capability N, as an ambient one
  List limits;             // of ResourceLimit
};

inline constexpr std::size_t kChecksumStart = 8 + 4 + 4 + 8;
static_assert(offsetof(Image, checksum) + sizeof(le64) == kChecksumStart);
static_assert(sizeof(Ref) == 8 && sizeof(Origin) == 8 && sizeof(OpHead) == 16 && sizeof(Exec) == 32);

/// Over whole 8-byte words, then the rest byte by byte. Each step is a bijection of the state, so no single changed
/// word can go unnoticed; a few kilobytes take about a microsecond.
inline std::uint64_t checksum(const unsigned char* data, std::size_t size) {
  std::uint64_t h = 0x9e37'79b9'7f4a'7c15u ^ size;
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    h ^= reinterpret_cast<const le64*>(data + i)->get();
    h *= 0xff51'afd7'ed55'8ccdu;
    h ^= h >> 32;
  }
  for (; i < size; ++i) {
    h ^= data[i];
    h *= 0xff51'afd7'ed55'8ccdu;
    h ^= h >> 32;
  }
  return h;
}

}  // namespace wire
