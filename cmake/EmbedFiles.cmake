# cmake -DOUTPUT=... -DFOLDER=... -DHEADER=... -DFUNCTION=... [-DFILE=...] -P EmbedFiles.cmake: a source with all files
# of a folder, and one from elsewhere, as BuiltinFile (sim/plan/builtin.h); the header declares the function.
file(GLOB files ${FOLDER}/*)
list(SORT files)
set(entries "")
foreach(file ${files} ${FILE})
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND entries "    {\"${name}\", R\"nym-file(${text})nym-file\"},\n")
endforeach()
file(WRITE ${OUTPUT}.new "#include \"${HEADER}\"

namespace nym::sim {
namespace {

constexpr BuiltinFile kFiles[] = {
${entries}};

}  // namespace

std::span<const BuiltinFile> ${FUNCTION}() {
  return kFiles;
}

}  // namespace nym::sim
")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
