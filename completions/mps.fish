# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mps_global_optspecs
    string join \n json q/quiet v/verbose no-input color= no-pager log-file= profile= partner-app-id= partner-name= api-version= graph-url= ca-file= app-secret-file= journal-file= h/help V/version
end

function __fish_mps_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mps_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mps_using_subcommand
    set -l cmd (__fish_mps_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mps -n "__fish_mps_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_needs_command" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_needs_command" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_needs_command" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_needs_command" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_needs_command" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_needs_command" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_needs_command" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_needs_command" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_needs_command" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_needs_command" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_needs_command" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_needs_command" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_needs_command" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_needs_command" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_needs_command" -s V -l version -d 'Print version'
complete -c mps -n "__fish_mps_needs_command" -f -a "onboard" -d 'Onboard a Tech Provider: token, apps, solutions created and accepted, hand-off'
complete -c mps -n "__fish_mps_needs_command" -f -a "serve-button" -d 'Host the page with Meta\'s button and catch the user token'
complete -c mps -n "__fish_mps_needs_command" -f -a "watch" -d 'Stay up and onboard whoever comes, for all valid links at one address'
complete -c mps -n "__fish_mps_needs_command" -f -a "listen" -d 'Take Meta\'s webhooks about solutions and customers in, and write a line for each change'
complete -c mps -n "__fish_mps_needs_command" -f -a "invite" -d 'Write the link for a Tech Provider elsewhere, and the message to send with it'
complete -c mps -n "__fish_mps_needs_command" -f -a "snippet" -d 'Print HTML to put on a web site of your own'
complete -c mps -n "__fish_mps_needs_command" -f -a "list-apps" -d 'List the apps that the Tech Provider granted'
complete -c mps -n "__fish_mps_needs_command" -f -a "create" -d 'Create a solution for each of the Tech Provider\'s apps'
complete -c mps -n "__fish_mps_needs_command" -f -a "accept" -d 'Accept solutions, so that they become ACTIVE'
complete -c mps -n "__fish_mps_needs_command" -f -a "reject" -d 'Reject solutions that wait for us, so that they end REJECTED'
complete -c mps -n "__fish_mps_needs_command" -f -a "deactivate" -d 'Ask for the end of an active solution, or answer such a request'
complete -c mps -n "__fish_mps_needs_command" -f -a "tidy" -d 'Reject our own surplus, and show what else is left over'
complete -c mps -n "__fish_mps_needs_command" -f -a "business-token" -d 'Get the business token of a client who was onboarded with a solution'
complete -c mps -n "__fish_mps_needs_command" -f -a "clients" -d 'List the clients\' accounts, and the solution with which each was onboarded'
complete -c mps -n "__fish_mps_needs_command" -f -a "list" -d 'List the solutions of our app, in both roles'
complete -c mps -n "__fish_mps_needs_command" -f -a "show" -d 'Show solutions whole: both sides, our role, what was done, who must act next'
complete -c mps -n "__fish_mps_needs_command" -f -a "wait" -d 'Wait until a solution is active, rejected, deactivated, or asked to be deactivated'
complete -c mps -n "__fish_mps_needs_command" -f -a "resume" -d 'Take up everything unfinished in the journal'
complete -c mps -n "__fish_mps_needs_command" -f -a "history" -d 'Show what was done, by whom, newest first'
complete -c mps -n "__fish_mps_needs_command" -f -a "journal" -d 'Show where the journal is and who holds what; end a frozen holder'
complete -c mps -n "__fish_mps_needs_command" -f -a "handoff" -d 'Write the message to the Tech Provider about solutions'
complete -c mps -n "__fish_mps_needs_command" -f -a "api" -d 'Make any call of the Graph API with mps\'s client'
complete -c mps -n "__fish_mps_needs_command" -f -a "init" -d 'Make a profile: ask for settings and secrets, check them, keep them'
complete -c mps -n "__fish_mps_needs_command" -f -a "doctor" -d 'Check every precondition, one by one, each with its remedy'
complete -c mps -n "__fish_mps_needs_command" -f -a "profile" -d 'List, show, change and delete profiles'
complete -c mps -n "__fish_mps_needs_command" -f -a "sandbox" -d 'Run a stand-in for Meta on this machine'
complete -c mps -n "__fish_mps_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c mps -n "__fish_mps_needs_command" -f -a "complete-words" -d 'Print words for the dynamic completions'
complete -c mps -n "__fish_mps_needs_command" -f -a "man" -d 'Write the man pages'
complete -c mps -n "__fish_mps_needs_command" -f -a "skill" -d 'Print a page for agents: what is safe to run, what needs a person'
complete -c mps -n "__fish_mps_needs_command" -f -a "help" -d 'Show the help of mps, of a command, or of a topic'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l app-id -d 'The Tech Provider\'s app; `-` reads ids or JSON lines from stdin (can be repeated)' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l from -d 'Several Tech Providers whose user tokens are there: a file with a line each, CSV or JSON, with `ref` (the label), `user_token_file` and `app_ids`; `-` for stdin' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l handoff -d 'Write the message to the Tech Provider to this file; `-`: to stdout instead of the ids' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l probe -d 'Write to this file what Meta answered to what nobody outside Meta knows yet, without tokens, names and ids' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l name -d 'The name of each solution; can hold {app_name}, {app_id}, {partner_name}, {partner_app_id}, {label}, {date} [env: MPS_NAME] [default: "{app_name} + {partner_name}"]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l messaging -d 'Who may send messages: both, partner (us) or tech-provider (owner) [env: MPS_MESSAGING] [default: both]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l port -d 'The port on this machine [default: 8443]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l cert -d 'A PEM file with the page\'s certificate' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l key -d 'A PEM file with the certificate\'s key' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l public-url -d 'The page\'s public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l listen -d 'Listen on another address, with --public-url or --published only (for containers)' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l published -d 'Where the page is reached from outside a container: https://localhost:PORT' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l login-config-id -d 'A configuration of Facebook Login for Business, sent instead of the permission' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l lang -d 'The Tech Provider\'s language where their browser wishes none of ours: en, es, pt-BR, fr, id or hi' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l for -d 'Whom the link is for: the same link every time for this label' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l link-days -d 'How many days a link with --for stays the same' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l deadline -d 'How long to wait for the token, like 90s or 10m; `none` for ever' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand onboard" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand onboard" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand onboard" -l all -d 'Every app that the Tech Provider granted, but those whose latest solution with us has ended'
complete -c mps -n "__fish_mps_using_subcommand onboard" -s y -l yes -d 'Say yes to the plan'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l accept-anyone -d 'With --yes and the page: onboard whoever signs in, whatever apps they grant'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l no-accept -d 'Stop at INITIATED; a colleague with the system token accepts'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l no-check -d 'Do not read the solutions before and after accepting, where Meta refuses the reading'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l dry-run -d 'Show what would be done and send nothing that changes anything'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l sandbox -d 'Try it all against the built-in stand-in for Meta, with no account and no token'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l allow-duplicate -d 'Make another solution even where a live one exists; needs --name, and once per name'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l no-look -d 'Do not look for existing solutions first, for accounts where Meta refuses the listing'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l http -d 'Serve http://localhost, for apps in development mode only'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l no-open -d 'Do not open a browser'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l paste -d 'Read a token that you have already, at a prompt or from stdin, instead of serving the page'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l no-scope-check -d 'Take a user token that lists its apps even where Meta does not report manage_app_solution of it'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand onboard" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand onboard" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand onboard" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand onboard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l port -d 'The port on this machine [default: 8443]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l cert -d 'A PEM file with the page\'s certificate' -r -F
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l key -d 'A PEM file with the certificate\'s key' -r -F
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l public-url -d 'The page\'s public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l listen -d 'Listen on another address, with --public-url or --published only (for containers)' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l published -d 'Where the page is reached from outside a container: https://localhost:PORT' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l login-config-id -d 'A configuration of Facebook Login for Business, sent instead of the permission' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l lang -d 'The Tech Provider\'s language where their browser wishes none of ours: en, es, pt-BR, fr, id or hi' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l for -d 'Whom the link is for: the same link every time for this label' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l link-days -d 'How many days a link with --for stays the same' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l deadline -d 'How long to wait for the token, like 90s or 10m; `none` for ever' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l token-out -d 'Write the token to this file, readable by you alone' -r -F
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l http -d 'Serve http://localhost, for apps in development mode only'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l no-open -d 'Do not open a browser'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l paste -d 'Read a token that you have already, at a prompt or from stdin, instead of serving the page'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l no-scope-check -d 'Take a user token that lists its apps even where Meta does not report manage_app_solution of it'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand serve-button" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand watch" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l port -d 'The port on this machine [default: 8443]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l cert -d 'A PEM file with the page\'s certificate' -r -F
complete -c mps -n "__fish_mps_using_subcommand watch" -l key -d 'A PEM file with the certificate\'s key' -r -F
complete -c mps -n "__fish_mps_using_subcommand watch" -l public-url -d 'The page\'s public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l listen -d 'Listen on another address, with --public-url or --published only (for containers)' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l published -d 'Where the page is reached from outside a container: https://localhost:PORT' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l login-config-id -d 'A configuration of Facebook Login for Business, sent instead of the permission' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l lang -d 'The Tech Provider\'s language where their browser wishes none of ours: en, es, pt-BR, fr, id or hi' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand watch" -l verify-token-file -d 'A file with the verify token of our webhooks, `-` for stdin [env: MPS_VERIFY_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand watch" -l notify -d 'Post each line to this https address, signed as Standard Webhooks wants it, with retries over a day' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l notify-secret-file -d 'A file with the signing secret of --notify, `-` for stdin [env: MPS_NOTIFY_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand watch" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand watch" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand watch" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand watch" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand watch" -s y -l yes -d 'Begin with nobody at a terminal; what waits is then for `mps accept`'
complete -c mps -n "__fish_mps_using_subcommand watch" -l accept-anyone -d 'Accept the apps that the invitation does not expect, too'
complete -c mps -n "__fish_mps_using_subcommand watch" -l http -d 'Serve http://localhost, for apps in development mode only'
complete -c mps -n "__fish_mps_using_subcommand watch" -l no-open -d 'Do not open a browser'
complete -c mps -n "__fish_mps_using_subcommand watch" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand watch" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand watch" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand watch" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand watch" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l exec -d 'Run this in the shell for each change, the change on its stdin; one that fails is tried at the next start' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l forward -d 'Send each webhook on to this https address, body and signature unchanged, with retries over a day' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l port -d 'The port on this machine [default: 8443]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l cert -d 'A PEM file with the certificate, where no proxy ends TLS' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l key -d 'A PEM file with the certificate\'s key' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l public-url -d 'The public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l listen -d 'Listen on another address, with --public-url only (for containers)' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l verify-token-file -d 'A file with the verify token of our webhooks, `-` for stdin [env: MPS_VERIFY_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l subscribe -d 'Subscribe our app to these webhooks at Meta, after showing what would change'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -s y -l yes -d 'Say yes to the question of --subscribe'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand listen; and not __fish_seen_subcommand_from replay" -f -a "replay" -d 'Write the changes that came since then once more'
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l since -d 'From when on: a day, a time, or so long ago, like 7d' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l exec -d 'Run this in the shell for each change, the change on its stdin' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand listen; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l for -d 'Whom the link is for: the same link every time for this label' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l from -d 'A file with a line per Tech Provider, CSV or JSON, with `ref` (the label) and, if wanted, `app_ids` (between blanks), `messaging`, `name` and `lang`; `-` for stdin' -r -F
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l app-id -d 'The Tech Provider\'s app that is expected (can be repeated)' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l messaging -d 'Who may send messages in their solutions' -r -f -a "both\t'Both sides, as in Meta\'s guide to embedded creation'
partner\t'Our side only'
tech-provider\t'The Tech Provider\'s side only'"
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l name -d 'The name of their solutions, a template as in `mps onboard --name`' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l link-days -d 'How many days the link stays the same, counted from its first use' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l public-url -d 'The page\'s public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l format -d 'The form of the message' -r -f -a "text\t'Plain text, for a mail or a chat'
markdown\t'Markdown'
eml\t'A mail that is not sent yet; a mail program opens it'"
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l lang -d 'The Tech Provider\'s language, for the message and the page: en, es, pt-BR, fr, id or hi' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -f -a "list" -d 'Show every invitation and how far each Tech Provider is'
complete -c mps -n "__fish_mps_using_subcommand invite; and not __fish_seen_subcommand_from list revoke" -f -a "revoke" -d 'Take the link of a Tech Provider back'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l public-url -d 'The page\'s public address, so that the links can be shown [env: MPS_PUBLIC_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l public-url -d 'The page\'s public address, so that the link can be shown [env: MPS_PUBLIC_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand invite; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -f -a "button" -d 'The page with Meta\'s button, as one HTML file'
complete -c mps -n "__fish_mps_using_subcommand snippet; and not __fish_seen_subcommand_from button signup" -f -a "signup" -d 'Embedded Signup for clients of one solution, as one HTML file'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l login-config-id -d 'A configuration of Facebook Login for Business, sent instead of the permission' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l lang -d 'The page\'s language: en, es, pt-BR, fr, id or hi' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from button" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l solution-id -d 'The solution that the clients come into' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l signup-config-id -d 'Our app\'s configuration of Facebook Login for Business for Embedded Signup' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l lang -d 'The page\'s language: en, es, pt-BR, fr, id or hi' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l force -d 'Make the page also where the solution is not ACTIVE, or cannot be read'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand snippet; and __fish_seen_subcommand_from signup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l no-scope-check -d 'Take a user token that lists its apps even where Meta does not report manage_app_solution of it'
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand list-apps" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand list-apps" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand list-apps" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand list-apps" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand create" -l app-id -d 'The Tech Provider\'s app; `-` reads ids or JSON lines from stdin (can be repeated)' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l name -d 'The name of each solution; can hold {app_name}, {app_id}, {partner_name}, {partner_app_id}, {label}, {date} [env: MPS_NAME] [default: "{app_name} + {partner_name}"]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l messaging -d 'Who may send messages: both, partner (us) or tech-provider (owner) [env: MPS_MESSAGING] [default: both]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand create" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand create" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand create" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand create" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand create" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand create" -l all -d 'Every app that the Tech Provider granted, but those whose latest solution with us has ended'
complete -c mps -n "__fish_mps_using_subcommand create" -l allow-duplicate -d 'Make another solution even where a live one exists; needs --name, and once per name'
complete -c mps -n "__fish_mps_using_subcommand create" -l no-look -d 'Do not look for existing solutions first, for accounts where Meta refuses the listing'
complete -c mps -n "__fish_mps_using_subcommand create" -l dry-run -d 'Show what would be done and send nothing that changes anything'
complete -c mps -n "__fish_mps_using_subcommand create" -s y -l yes -d 'Say yes to the plan'
complete -c mps -n "__fish_mps_using_subcommand create" -l no-scope-check -d 'Take a user token that lists its apps even where Meta does not report manage_app_solution of it'
complete -c mps -n "__fish_mps_using_subcommand create" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand create" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand create" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand create" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand create" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand accept" -l app-id -d 'With --no-check and one solution: the Tech Provider\'s app whose unanswered create it settles' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand accept" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand accept" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand accept" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand accept" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand accept" -l dry-run -d 'Show what would be accepted and send nothing that changes anything'
complete -c mps -n "__fish_mps_using_subcommand accept" -l no-check -d 'Do not read the solutions before and after, for accounts where Meta refuses the reading'
complete -c mps -n "__fish_mps_using_subcommand accept" -l allow-duplicate -d 'Accept it also beside another live solution of the same two apps'
complete -c mps -n "__fish_mps_using_subcommand accept" -l allow-empty -d 'Nothing on stdin is no error'
complete -c mps -n "__fish_mps_using_subcommand accept" -s y -l yes -d 'Say yes to the question'
complete -c mps -n "__fish_mps_using_subcommand accept" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand accept" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand accept" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand accept" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand accept" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand accept" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand reject" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand reject" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand reject" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand reject" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand reject" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand reject" -l dry-run -d 'Show what would be done and send nothing that changes anything'
complete -c mps -n "__fish_mps_using_subcommand reject" -s y -l yes -d 'Say yes to the question'
complete -c mps -n "__fish_mps_using_subcommand reject" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand reject" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand reject" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand reject" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand reject" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -f -a "request" -d 'Ask the other side to end active solutions'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -f -a "accept" -d 'Agree to the end of solutions, so that they end DEACTIVATED'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and not __fish_seen_subcommand_from request accept reject" -f -a "reject" -d 'Decline the end of solutions, so that they stay ACTIVE'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l dry-run -d 'Show what would be done and send nothing that changes anything'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -s y -l yes -d 'Say yes to the question'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from request" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l dry-run -d 'Show what would be done and send nothing that changes anything'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -s y -l yes -d 'Say yes to the question'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l dry-run -d 'Show what would be done and send nothing that changes anything'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -s y -l yes -d 'Say yes to the question'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand deactivate; and __fish_seen_subcommand_from reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand tidy" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand tidy" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand tidy" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand tidy" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand tidy" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand tidy" -l dry-run -d 'Show what is left over and send nothing that changes anything'
complete -c mps -n "__fish_mps_using_subcommand tidy" -s y -l yes -d 'Say yes to the question'
complete -c mps -n "__fish_mps_using_subcommand tidy" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand tidy" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand tidy" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand tidy" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand tidy" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand tidy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand business-token" -l business-id -d 'The client\'s business portfolio' -r
complete -c mps -n "__fish_mps_using_subcommand business-token" -l token-out -d 'Write the token to this file, readable by you alone' -r -F
complete -c mps -n "__fish_mps_using_subcommand business-token" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand business-token" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand business-token" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand business-token" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand business-token" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand business-token" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand business-token" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand business-token" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand business-token" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand business-token" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand business-token" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand business-token" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand business-token" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand business-token" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand business-token" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand business-token" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand business-token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand clients" -l business -d 'Our business portfolio' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l through -d 'Only accounts that came through solutions with this company\'s business portfolio' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand clients" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand clients" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand clients" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand clients" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand clients" -l csv -d 'Write CSV with a line of headings'
complete -c mps -n "__fish_mps_using_subcommand clients" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand clients" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand clients" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand clients" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand clients" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand clients" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand list" -l role -d 'Only those where the app has this role' -r -f -a "owner\t'The app made the solution'
partner\t'The app was invited'"
complete -c mps -n "__fish_mps_using_subcommand list" -l status -d 'Only those with this status, in Meta\'s words (can be repeated)' -r -f -a "DRAFT\t''
INITIATED\t''
ACTIVE\t''
REJECTED\t''
DEACTIVATED\t''
PENDING\t''
PENDING_DEACTIVATION\t''"
complete -c mps -n "__fish_mps_using_subcommand list" -l for -d 'Only the apps of this label (`mps invite --for LABEL`)' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l app-id -d 'Another app than ours' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l waba -d 'Only those with which this client\'s WhatsApp Business account was onboarded' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand list" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand list" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand list" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand list" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand list" -l csv -d 'Write CSV with a line of headings'
complete -c mps -n "__fish_mps_using_subcommand list" -l web -d 'Open our app in Meta\'s App Dashboard; where no browser would be seen, write its address'
complete -c mps -n "__fish_mps_using_subcommand list" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand list" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand list" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand list" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand list" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand show" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand show" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand show" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand show" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand show" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand show" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand show" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand show" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand show" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand show" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand show" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand show" -l web -d 'Open the app in Meta\'s App Dashboard where we see it; where no browser would be seen, write its address'
complete -c mps -n "__fish_mps_using_subcommand show" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand show" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand show" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand show" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand show" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand wait" -l until -d 'What it is to become' -r -f -a "active\t'ACTIVE'
rejected\t'REJECTED'
deactivated\t'DEACTIVATED'
pending_deactivation\t'ACTIVE, and its end was asked for'"
complete -c mps -n "__fish_mps_using_subcommand wait" -l timeout -d 'How long to wait, like 90s, 10m or 2h' -r
complete -c mps -n "__fish_mps_using_subcommand wait" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand wait" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand wait" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand wait" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand wait" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand wait" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand wait" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand wait" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand wait" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand wait" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand wait" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand wait" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand wait" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand wait" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand wait" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand wait" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand wait" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand resume" -l app-id -d 'Only this app of a Tech Provider (can be repeated)' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l name -d 'With --not-made: the name of what `--allow-duplicate` sent' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l jobs -d 'How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l wait-quota -d 'Wait when Meta\'s quota is used up, at most so long (like 30m), instead of ending with exit code 5' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand resume" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand resume" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand resume" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand resume" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand resume" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand resume" -l not-made -d 'Close the row of this app: a create without an answer made nothing at Meta (looks first, then asks)'
complete -c mps -n "__fish_mps_using_subcommand resume" -l wait -d 'Wait until what had no answer is ten minutes old, and so can be decided on'
complete -c mps -n "__fish_mps_using_subcommand resume" -l dry-run -d 'Show what is unfinished and send nothing'
complete -c mps -n "__fish_mps_using_subcommand resume" -s y -l yes -d 'Say yes to the list'
complete -c mps -n "__fish_mps_using_subcommand resume" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand resume" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand resume" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand resume" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand resume" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l since -d 'Not before: a day (UTC), a time, or so long ago (like 7d or 12h)' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l until -d 'Before: a day (UTC, that day included), a time, or so long ago' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l app-id -d 'Only this app of a Tech Provider' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l for -d 'Only the apps of this label (`mps invite --for LABEL`)' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l limit -d 'At most so many' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l failed -d 'Only what was refused, lost or never sent'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l events -d 'Every line: also what was written down before each write was sent'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l csv -d 'Write CSV with a line of headings'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -f -a "verify" -d 'Check the chain of hashes through all events'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -f -a "export" -d 'Write the whole journal into a file, to carry it elsewhere'
complete -c mps -n "__fish_mps_using_subcommand history; and not __fish_seen_subcommand_from verify export import" -f -a "import" -d 'Take the journal of an exported file into an empty one'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l from -d 'Require an event with this hash, kept elsewhere, and check from it on' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand history; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -f -a "status" -d 'Show which store the journal is in, and who holds which app'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -f -a "unlock" -d 'End the run that holds an app of a team\'s database'
complete -c mps -n "__fish_mps_using_subcommand journal; and not __fish_seen_subcommand_from status unlock grants" -f -a "grants" -d 'Print the SQL that gives an operator and an auditor their rights'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -s y -l yes -d 'Do not ask'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand journal; and __fish_seen_subcommand_from grants" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand handoff" -l for -d 'Those of this label (`mps invite --for LABEL`) that the journal knows' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l run -d 'Those that this run of mps made or accepted (`run_id` in `mps history --json`)' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l format -d 'The form of the message' -r -f -a "text\t'Plain text, for a mail or a chat'
markdown\t'Markdown'
json\t'An object, for a program'
env\t'Variables, for the Tech Provider\'s settings'
eml\t'A mail that is not sent yet; a mail program opens it'"
complete -c mps -n "__fish_mps_using_subcommand handoff" -l lang -d 'The language of the message: en, es, pt-BR, fr, id or hi' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand handoff" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand handoff" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand handoff" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand handoff" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand handoff" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand handoff" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand handoff" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand handoff" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand handoff" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand handoff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand api" -s f -l field -d 'A parameter whose value is a text, NAME=TEXT (can be repeated)' -r
complete -c mps -n "__fish_mps_using_subcommand api" -s F -l typed-field -d 'A parameter: true, false, null, a number, [...] and {...} are JSON, @FILE is what the file holds (can be repeated)' -r
complete -c mps -n "__fish_mps_using_subcommand api" -l input -d 'A file with the JSON object of a POST\'s body, `-` for stdin' -r -F
complete -c mps -n "__fish_mps_using_subcommand api" -l token -d 'Which token to use' -r -f -a "user\t'The Tech Provider\'s'
system\t'Our system user\'s'"
complete -c mps -n "__fish_mps_using_subcommand api" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand api" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand api" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand api" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand api" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand api" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand api" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand api" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand api" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand api" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand api" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand api" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand api" -l paginate -d 'All pages of a list, an item per line'
complete -c mps -n "__fish_mps_using_subcommand api" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand api" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand api" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand api" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand api" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand init" -l secret-store -d 'Where the secrets are kept' -r -f -a "keyring\t'The system\'s keyring'
command\t'Nowhere: a command prints them'
file\t'A file that only you can read'
none\t'Nowhere: they come from options or the environment'"
complete -c mps -n "__fish_mps_using_subcommand init" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand init" -l system-token-command -d 'A command that prints the system token' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l app-secret-command -d 'A command that prints the app secret' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l verify-token-file -d 'A file with the verify token of our webhooks, `-` for stdin [env: MPS_VERIFY_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand init" -l verify-token-command -d 'A command that prints the verify token of our webhooks' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l journal-command -d 'A command that prints the address of a team\'s journal' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l name -d 'The name of each solution, a template [env: MPS_NAME]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l messaging -d 'Who may send messages: both, partner (us) or tech-provider (owner) [env: MPS_MESSAGING]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l jobs -d 'How many apps or solutions are worked on at once [env: MPS_JOBS]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l public-url -d 'The public address of the button\'s page [env: MPS_PUBLIC_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l lang -d 'The Tech Providers\' language: en, es, pt-BR, fr, id or hi' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l brand-name -d 'Our name on the page' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l brand-logo -d 'Our logo on the page: a PNG, SVG, JPEG or WebP of at most 100 KiB' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l brand-color -d 'Our colour on the page, dark enough to be read on white, like \'#0a7a5c\'' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l privacy-url -d 'Our privacy page, which the page leads to' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand init" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand init" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand init" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand init" -l overwrite -d 'Change what a profile holds without asking'
complete -c mps -n "__fish_mps_using_subcommand init" -l no-check -d 'Do not ask Meta whether the values are right'
complete -c mps -n "__fish_mps_using_subcommand init" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand init" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand init" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand init" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand init" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand doctor" -l user-token-file -d 'A file with the Tech Provider\'s user token, `-` for stdin [env: MPS_USER_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand doctor" -l system-token-file -d 'A file with our system user\'s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]' -r -F
complete -c mps -n "__fish_mps_using_subcommand doctor" -l port -d 'The port that the button\'s page is to have' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l check -d 'Only this check, by its name in --json; Meta is asked only if it needs to be (can be repeated)' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l probe -d 'Read, without changing anything, what nobody outside Meta knows yet, and write what came to this file, without tokens, names and ids' -r -F
complete -c mps -n "__fish_mps_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand doctor" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand doctor" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand doctor" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand doctor" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand doctor" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand doctor" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand doctor" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand doctor" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -f -a "list" -d 'List the profiles'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -f -a "show" -d 'Show a profile: its settings, and where its secrets are'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -f -a "use" -d 'Use a profile from now on, where neither --profile nor MPS_PROFILE names one'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -f -a "edit" -d 'Edit the profile in use with $VISUAL or $EDITOR; what cannot be read is not kept'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -f -a "set" -d 'Set one key of the profile in use; an empty value takes it away'
complete -c mps -n "__fish_mps_using_subcommand profile; and not __fish_seen_subcommand_from list show use edit set delete" -f -a "delete" -d 'Delete a profile, with its secrets in the keyring and in files that mps wrote'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l keep-secrets -d 'Leave the secrets where they are'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l port -d 'The port on 127.0.0.1; 0 takes a free one' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l apps -d 'How many apps the Tech Provider has' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l latency -d 'How long every answer takes, in milliseconds' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l rate-limit -d 'How many calls a second are answered; those above it are refused as Meta refuses without quota' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l shapes -d 'Which of Meta\'s documents the answers follow where they differ' -r -f -a "guide\t'The guide to Multi-Partner Solutions'
openapi\t'The OpenAPI file: rich answers, required bodies, no /me/application_details'"
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l state -d 'Keep what there is in this file, and go on with what is in it' -r -F
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l fault -d 'What goes wrong from the start (can be repeated); the sandbox\'s page turns it off again' -r -f -a "rate-limit\t'Every call is refused for want of quota, with both usage headers'
lost-answers\t'Each write is done, and the connection ends without an answer'
gateway-504\t'Each write is done, and a gateway answers 504'
html\t'The next two reads of each sort get Meta\'s HTML page'
owner-lag\t'A new solution shows in its owner\'s listing only after three'
partner-lag\t'A new solution shows in its partner\'s listing only after three'
read-lag\t'A new solution or status shows only after three reads'
no-owner-app\t'Items of listings do not say whose they are'
empty-partners\t'Items of listings have partners without anybody in it'
odd-fields\t'Empty fields come as [], {}, false or 0'
expiring-tokens\t'A granted token ends after two minutes, ours in five days'
other-scopes\t'The permission is reported under another name'
strict-messaging\t'Both sides with MESSAGING are refused'"
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l shell -d 'Print the variables for a shell to evaluate, leave the server running in the background, and end'
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l for-shell -d 'A shell evaluates what this one\'s parent prints'
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand sandbox" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand sandbox" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand sandbox" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand completions" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand completions" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand completions" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand completions" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand completions" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand completions" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand completions" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand completions" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand completions" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand completions" -l dynamic -d 'Complete profiles and the journal\'s solutions too (bash, zsh, fish); the script holds the path of this mps'
complete -c mps -n "__fish_mps_using_subcommand completions" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand completions" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand completions" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand completions" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand completions" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand complete-words" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand complete-words" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand complete-words" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand complete-words" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand man" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand man" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand man" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand man" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand man" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand man" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand man" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand man" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand man" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand man" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand man" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand man" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand man" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand man" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand skill" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand skill" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand skill" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand skill" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand skill" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand skill" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand skill" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand skill" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand skill" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand skill" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand skill" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand skill" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand skill" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand skill" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand skill" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand skill" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mps -n "__fish_mps_using_subcommand help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or TERM=dumb speak against it'
always\t'Even in a pipe'
never\t'Not at all'"
complete -c mps -n "__fish_mps_using_subcommand help" -l log-file -d 'Write the run\'s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]' -r
complete -c mps -n "__fish_mps_using_subcommand help" -l profile -d 'The profile with the settings [env: MPS_PROFILE] [default: default]' -r
complete -c mps -n "__fish_mps_using_subcommand help" -l partner-app-id -d 'Our app\'s id [env: MPS_PARTNER_APP_ID]' -r
complete -c mps -n "__fish_mps_using_subcommand help" -l partner-name -d 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app\'s name]' -r
complete -c mps -n "__fish_mps_using_subcommand help" -l api-version -d 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]' -r
complete -c mps -n "__fish_mps_using_subcommand help" -l graph-url -d 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]' -r
complete -c mps -n "__fish_mps_using_subcommand help" -l ca-file -d 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system\'s]' -r
complete -c mps -n "__fish_mps_using_subcommand help" -l app-secret-file -d 'A file with our app\'s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]' -r -F
complete -c mps -n "__fish_mps_using_subcommand help" -l journal-file -d 'A file with the address of a team\'s journal, `-` for stdin [env: MPS_JOURNAL]' -r -F
complete -c mps -n "__fish_mps_using_subcommand help" -l json -d 'Write JSON: one object per line for things that come in numbers, one object otherwise'
complete -c mps -n "__fish_mps_using_subcommand help" -s q -l quiet -d 'Say less: no status lines, no progress; warnings and errors stay'
complete -c mps -n "__fish_mps_using_subcommand help" -s v -l verbose -d 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)'
complete -c mps -n "__fish_mps_using_subcommand help" -l no-input -d 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2'
complete -c mps -n "__fish_mps_using_subcommand help" -l no-pager -d 'Show a table that is longer than the screen without $PAGER'
complete -c mps -n "__fish_mps_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
