# bash completion for dev-server. What can be said is asked of the program itself, of its --help.
_dev_server()
{
    local program=$1 word=$2 before=$3 command='' i help words
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} != -* ]]; then
            command=${COMP_WORDS[i]}
            break
        fi
    done
    help=$("$program" $command --help 2>/dev/null) || return

    if [[ $before == --* ]]; then
        # The values of an option that takes one of a few; of any other it is files.
        words=$(sed -n "s/^  $before [^{]*{\([^}]*\)}.*/\1/p" <<<"$help" | tr , ' ')
    elif [[ $word == -* ]]; then
        words=$(sed -n 's/^  \(-[a-z],\)\?\(--[a-z][a-z-]*\).*/\2/p' <<<"$help")
    elif [[ -z $command ]]; then
        words=$(sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' <<<"$help")
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _dev_server dev-server
