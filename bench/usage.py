# Runs commands one after the other and says what each cost: a line of JSON in, a line of JSON out.
# Node can ask for its own resource usage only; wait4 knows that of a whole process with all it waited for, in microseconds.
import json
import os
import sys
import time

for line in sys.stdin:
    asked = json.loads(line)
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.execvpe(asked["command"][0], asked["command"], asked["env"])
    _, status, usage = os.wait4(pid, 0)
    cost = {
        "code": os.waitstatus_to_exitcode(status),
        "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000,
        "wallMs": (time.monotonic() - start) * 1000,
        "rssMiB": usage.ru_maxrss / 1024,
    }
    print(json.dumps(cost), flush=True)
