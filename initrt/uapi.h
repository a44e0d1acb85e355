// Kernel constants and structs: the kernel's own headers where they have them, and, with the version that brought each, what is newer
// than the headers of Debian 12 (linux-libc-dev 6.1), lies in a libc's headers only, or would clash with those (signals, stat) in the tests.
#pragma once

#include <asm/ioctls.h>
#include <asm/resource.h>
#include <asm/statfs.h>
#include <asm/unistd.h>
#include <linux/auxvec.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/poll.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/stat.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#include <cstddef>
#include <cstdint>

namespace initrt {

// include/linux/fs.h and sys/file.h: not in the UAPI headers.
inline constexpr int kPopulateRead = 22;        // MADV_POPULATE_READ, Linux 5.14
inline constexpr std::size_t kPageSize = 4096;  // mmap(2)
inline constexpr int kReadWrite = 3;            // PROT_READ | PROT_WRITE
inline constexpr int kSharedAnonymous = 0x21;   // MAP_SHARED | MAP_ANONYMOUS
inline constexpr int kLockExclusive = 2;
inline constexpr int kLockNonBlocking = 4;
inline constexpr unsigned kMountRdonlyFlag = 1;                                       // ST_RDONLY of statfs::f_flags, include/linux/statfs.h
inline constexpr std::uint64_t kMountPrivate = 1 << 18;                               // MS_PRIVATE, mount(2)
inline constexpr unsigned long kMountNosuid = 2, kMountNodev = 4, kMountBind = 4096;  // MS_NOSUID, MS_NODEV, MS_BIND
inline constexpr int kUmountDetach = 2;                                               // MNT_DETACH, umount2(2)
inline constexpr int kUmountNoFollow = 8;                                             // UMOUNT_NOFOLLOW

inline constexpr long kOpenTreeAttr = 467;  // __NR_open_tree_attr, Linux 6.15, the same number on every architecture

// Landlock ABI 6, Linux 6.12: scopes.
struct LandlockRulesetAttr {
  std::uint64_t handled_access_fs;
  std::uint64_t handled_access_net;
  std::uint64_t scoped;
};

// Landlock ABI 4, Linux 6.7: TCP ports.
struct LandlockPortRule {
  std::uint64_t allowed_access;
  std::uint64_t port;
};
inline constexpr int kLandlockRuleNetPort = 2;
/// LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP
inline constexpr std::uint64_t kLandlockAllPorts = 3;

// sys/socket.h
struct IoVector {
  void* data;
  std::size_t size;
};
struct MessageHeader {
  void* name;
  unsigned name_size;
  IoVector* vectors;
  std::size_t vector_count;
  void* control;
  std::size_t control_size;
  int flags;
};
/// A control message of type SCM_CREDENTIALS, unix(7).
struct CredentialsMessage {
  std::size_t size;
  int level, type;
  int pid;
  unsigned uid, gid, padding;
};
inline constexpr int kSeqPacket = 5, kSocketNonBlocking = 04000, kSocketLevel = 1, kPassCredentials = 16, kScmCredentials = 2;

// net/if.h
struct InterfaceRequest {
  char name[16];
  short flags;
  char rest[22];
};
inline constexpr short kInterfaceUpRunning = 0x41;      // IFF_UP | IFF_RUNNING
inline constexpr unsigned kSetInterfaceFlags = 0x8914;  // SIOCSIFFLAGS

inline constexpr int kUnixSocket = 1;            // AF_UNIX
inline constexpr int kDatagram = 2;              // SOCK_DGRAM
inline constexpr int kSocketCloexec = 02000000;  // SOCK_CLOEXEC

// linux/stat.h leaves file types to the libc, inode(7).
inline constexpr unsigned kFileType = 0170000, kRegularFile = 0100000, kDirectory = 0040000, kSymlink = 0120000, kCharacterDevice = 0020000;

/// struct stat of asm/stat.h on x86-64.
struct Stat {
  unsigned long st_dev, st_ino, st_nlink;
  unsigned st_mode, st_uid, st_gid, padding;
  unsigned long st_rdev;
  long st_size, st_blksize, st_blocks;
  unsigned long times[6];
  long unused[3];
};
static_assert(sizeof(Stat) == 144);

// signal(7)
inline constexpr int kSigHup = 1, kSigInt = 2, kSigQuit = 3, kSigKill = 9, kSigUsr1 = 10, kSigUsr2 = 12, kSigTerm = 15, kSigChld = 17, kSigCont = 18, kSigStop = 19, kSigTstp = 20,
                     kSigWinch = 28, kSigIo = 29;
inline constexpr int kLastSignal = 64;
inline constexpr int kSetMask = 2;  // SIG_SETMASK
using SignalSet = unsigned long;    // 64 signals; bit N-1 is signal N
inline constexpr SignalSet kAllSignals = ~0ul;

constexpr SignalSet signal_bit(int signal) { return SignalSet{1} << (signal - 1); }

inline constexpr int kSetFs = 0x1002;  // ARCH_SET_FS of asm/prctl.h

struct KernelSigaction {  // what rt_sigaction(2) takes on x86-64
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  unsigned long mask;
};

}  // namespace initrt
