# Run at every build (cmake -P): writes OUTPUT, a header with facts about the commit, when they have changed. The time is
# that of the first build of a commit, or SOURCE_DATE_EPOCH, so that building twice changes nothing.
function(ask_git variable)
  execute_process(COMMAND git ${ARGN} WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE answer ERROR_QUIET
    OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed OR NOT answer MATCHES "^[-A-Za-z0-9_./:+]+$")
    set(answer unknown)
  endif()
  set(${variable} ${answer} PARENT_SCOPE)
endfunction()

ask_git(sha rev-parse HEAD)
ask_git(branch rev-parse --abbrev-ref HEAD)
set(ENV{TZ} UTC)
ask_git(date log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)
set(facts "#pragma once\n
#define NYM_COMMIT_SHA \"${sha}\"
#define NYM_COMMIT_BRANCH \"${branch}\"
#define NYM_COMMIT_TIMESTAMP \"${date}\"\n")

set(known "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} known)
endif()
string(FIND "${known}" "${facts}" at)
if(NOT at EQUAL 0)
  string(TIMESTAMP built "%Y-%m-%dT%H:%M:%SZ" UTC)
  file(WRITE ${OUTPUT} "${facts}#define NYM_BUILD_TIMESTAMP \"${built}\"\n")
endif()
