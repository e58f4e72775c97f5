# cmake -DOUTPUT=... -DFOLDER=... -P EmbedFiles.cmake: a source with all files of a folder, for sim/plan/builtin.h.
file(GLOB names RELATIVE ${FOLDER} ${FOLDER}/*.toml ${FOLDER}/*.csv)
list(SORT names)
set(entries "")
foreach(name ${names})
  file(READ ${FOLDER}/${name} text)
  string(APPEND entries "    {\"${name}\", R\"nym-file(${text})nym-file\"},\n")
endforeach()
file(WRITE ${OUTPUT}.new "#include \"sim/plan/builtin.h\"

namespace nym::sim {
namespace {

constexpr BuiltinFile kFiles[] = {
${entries}};

}  // namespace

std::span<const BuiltinFile> builtin_files() {
  return kFiles;
}

}  // namespace nym::sim
")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
