# Every folder is one library made of all sources in it, so that the link line is the list of what a folder may include.

add_library(nym_flags INTERFACE)
target_compile_options(nym_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers -fno-strict-aliasing -fstack-protector-strong
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-uninitialized -Wno-stringop-overflow -Wno-restrict
    -Wno-array-bounds>)  # g++ 12 sees phantoms in std::variant and std::vector
if(NYM_WERROR)
  target_compile_options(nym_flags INTERFACE -Werror)
endif()
if(NYM_SANITIZE)
  add_compile_options(-fsanitize=${NYM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NYM_SANITIZE})
endif()

# nym_library(name FOLDER folder LINK libraries...)
function(nym_library name)
  cmake_parse_arguments(ARG "" "FOLDER" "LINK;PRIVATE_LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_FOLDER}/*.cc)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_FOLDER}/*.h)
  add_library(${name} STATIC ${sources} ${headers})
  # Headers cost more than sources here: compiled together, a folder takes a third of the time.
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${NYM_UNITY} UNITY_BUILD_BATCH_SIZE 6)
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/nym>)
  target_compile_features(${name} PUBLIC cxx_std_23)
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK} $<BUILD_INTERFACE:nym_flags>)
endfunction()
