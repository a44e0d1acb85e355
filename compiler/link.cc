// Puts a plan image into the launcher's stub.
//
// The stub is linked so that its last PT_LOAD, in file and in address order, holds one section, `.immure`, and nothing behind it in memory
// (initrt/launcher.ld). So an image of any size can stand there without moving anything that the code refers to:
//
//   [stub up to the offset of .immure][image][what does not live in memory: .shstrtab …][section headers]
//
// Patched are the size of that segment, the size of that section, and the offsets of what follows. The section header is kept true for the
// tools' sake: readelf and objdump show the image, and strip copies it because an allocated section covers it. The kernel and the runtime look at the
// program header only, and so does find_image.
#include "compiler/link.h"

#include <algorithm>

#include "compiler/elf.h"
#include "compiler/internal_error.h"
#include "schema/wire.h"

namespace immure {
namespace {

constexpr std::uint64_t kPage = 4096;

struct Stub {
  std::string_view bytes;
  Elf64_Ehdr ehdr;
  std::vector<Elf64_Phdr> segments;
  std::vector<Elf64_Shdr> sections;
  std::size_t plan_segment = 0;
  std::size_t plan_section = 0;
};

[[noreturn]] void refuse(const std::string& why) { throw InternalError("the launcher's stub is not fit for linking: " + why); }

template <class T>
T must(std::optional<T> value, const char* what) {
  if (!value) refuse(what);
  return *std::move(value);
}

std::size_t last_load(const std::vector<Elf64_Phdr>& segments) {
  std::size_t last = segments.size();
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (segments[i].p_type == PT_LOAD) last = i;
  return last;
}

std::string_view section_name(const Stub& stub, const Elf64_Shdr& section) {
  if (stub.ehdr.e_shstrndx >= stub.sections.size()) refuse("it has no section names");
  const Elf64_Shdr& names = stub.sections[stub.ehdr.e_shstrndx];
  const std::string_view all = must(elf::slice(stub.bytes, names.sh_offset, names.sh_size), "its section names lie outside of it");
  if (section.sh_name >= all.size()) refuse("a section's name lies outside of it");
  const std::string_view rest = all.substr(section.sh_name);
  return rest.substr(0, rest.find('\0'));
}

bool occupies_memory(const Elf64_Shdr& section) { return (section.sh_flags & SHF_ALLOC) != 0; }

bool ends_before(std::uint64_t start, std::uint64_t size, std::uint64_t limit) { return start <= limit && size <= limit - start; }

/// The plan's segment is read-only, on pages of its own, and nothing follows it.
void check_plan_segment(const Stub& stub) {
  const Elf64_Phdr& plan = stub.segments[stub.plan_segment];
  if (plan.p_flags != PF_R || plan.p_vaddr % kPage != 0 || plan.p_offset % kPage != 0) refuse("its last segment is not a read-only page of its own");
  for (std::size_t i = 0; i < stub.segments.size(); ++i) {
    const Elf64_Phdr& other = stub.segments[i];
    if (i == stub.plan_segment || other.p_type != PT_LOAD) continue;
    if (!ends_before(other.p_vaddr, other.p_memsz, plan.p_vaddr) || !ends_before(other.p_offset, other.p_filesz, plan.p_offset)) refuse("another segment lies behind the plan's");
  }
}

void check_plan_section(const Stub& stub) {
  const Elf64_Phdr& segment = stub.segments[stub.plan_segment];
  const Elf64_Shdr& plan = stub.sections[stub.plan_section];
  if (plan.sh_type != SHT_PROGBITS || plan.sh_flags != SHF_ALLOC) refuse("`.immure` is not plain read-only data");
  if (plan.sh_addr != segment.p_vaddr || plan.sh_offset != segment.p_offset) refuse("`.immure` does not start its segment");
  for (std::size_t i = 0; i < stub.sections.size(); ++i) {
    const Elf64_Shdr& other = stub.sections[i];
    if (i != stub.plan_section && occupies_memory(other) && !ends_before(other.sh_addr, other.sh_size, plan.sh_addr)) refuse("a section lies behind `.immure`");
  }
}

Stub read_stub(std::string_view bytes) {
  Stub stub{bytes, must(elf::header(bytes), "it is no static x86-64 ELF file"), {}, {}};
  stub.segments = must(elf::table<Elf64_Phdr>(bytes, stub.ehdr.e_phoff, stub.ehdr.e_phnum), "its program headers lie outside of it");
  stub.sections = must(elf::table<Elf64_Shdr>(bytes, stub.ehdr.e_shoff, stub.ehdr.e_shnum), "its section headers lie outside of it");
  stub.plan_segment = last_load(stub.segments);
  if (stub.plan_segment == stub.segments.size()) refuse("it has no segment");
  stub.plan_section = stub.sections.size();
  for (std::size_t i = 0; i < stub.sections.size(); ++i) {
    if (section_name(stub, stub.sections[i]) != ".immure") continue;
    if (stub.plan_section != stub.sections.size()) refuse("it has two sections `.immure`");
    stub.plan_section = i;
  }
  if (stub.plan_section == stub.sections.size()) refuse("it has no section `.immure`");
  check_plan_segment(stub);
  check_plan_section(stub);
  return stub;
}

void pad_to(std::string& out, std::uint64_t alignment) {
  while (alignment > 1 && out.size() % alignment != 0) out.push_back('\0');
}

void overwrite(std::string& out, std::uint64_t offset, std::string_view bytes) {
  if (!elf::slice(out, offset, bytes.size())) refuse("its headers lie behind the plan");
  out.replace(static_cast<std::size_t>(offset), bytes.size(), bytes);
}

}  // namespace

std::string link(std::string_view stub_bytes, std::string_view image) {
  Stub stub = read_stub(stub_bytes);
  Elf64_Phdr& segment = stub.segments[stub.plan_segment];
  Elf64_Shdr& section = stub.sections[stub.plan_section];

  std::string out(must(elf::slice(stub.bytes, 0, segment.p_offset), "its plan lies outside of it"));
  out.append(image);
  segment.p_filesz = segment.p_memsz = section.sh_size = image.size();

  for (Elf64_Shdr& other : stub.sections) {
    if (occupies_memory(other) || other.sh_type == SHT_NULL || other.sh_type == SHT_NOBITS) continue;
    const std::string_view content = must(elf::slice(stub.bytes, other.sh_offset, other.sh_size), "a section lies outside of it");
    pad_to(out, other.sh_addralign);
    other.sh_offset = out.size();
    out.append(content);
  }
  pad_to(out, alignof(Elf64_Shdr));
  stub.ehdr.e_shoff = out.size();
  for (const Elf64_Shdr& header : stub.sections) out.append(elf::bytes_of(header));

  overwrite(out, 0, elf::bytes_of(stub.ehdr));
  overwrite(out, stub.ehdr.e_phoff + stub.plan_segment * sizeof(Elf64_Phdr), elf::bytes_of(segment));
  return out;
}

std::optional<std::string_view> find_image(std::string_view launcher) {
  const std::optional<Elf64_Ehdr> ehdr = elf::header(launcher);
  if (!ehdr) return std::nullopt;
  const auto segments = elf::table<Elf64_Phdr>(launcher, ehdr->e_phoff, ehdr->e_phnum);
  if (!segments || last_load(*segments) == segments->size()) return std::nullopt;
  const Elf64_Phdr& plan = (*segments)[last_load(*segments)];
  const std::optional<std::string_view> image = elf::slice(launcher, plan.p_offset, plan.p_filesz);
  const std::string_view magic(reinterpret_cast<const char*>(wire::kMagic), sizeof wire::kMagic);
  return image && image->starts_with(magic) ? image : std::nullopt;
}

}  // namespace immure
