# Runs PostgreSQL ("$@") for as long as anybody uses it, and prints its process id.
# Standard input is a named pipe that every user of the server holds open for writing. The kernel
# closes a dead process's end whatever killed it, so the end of input means: nobody is left.
# A user who joins writes a line; the file made in answer tells it that the server will stay.
exec 3<&0 </dev/null
"$@" 3<&- >&2 &
postgres=$!
(
    exec >/dev/null
    while read -r user <&3; do : >"joined.$user"; done
    kill -INT "$postgres" # "fast shutdown": ends sessions, writes a checkpoint
) &
watcher=$!
exec 3<&-
echo "$postgres"
exec >/dev/null
wait "$postgres"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
