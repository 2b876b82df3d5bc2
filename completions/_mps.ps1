
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'mps' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'mps'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'mps' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('onboard', 'onboard', [CompletionResultType]::ParameterValue, 'Onboard a Tech Provider: token, apps, solutions created and accepted, hand-off')
            [CompletionResult]::new('serve-button', 'serve-button', [CompletionResultType]::ParameterValue, 'Host the page with Meta''s button and catch the user token')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Stay up and onboard whoever comes, for all valid links at one address')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Write the link for a Tech Provider elsewhere, and the message to send with it')
            [CompletionResult]::new('snippet', 'snippet', [CompletionResultType]::ParameterValue, 'Print HTML to put on a web site of your own')
            [CompletionResult]::new('list-apps', 'list-apps', [CompletionResultType]::ParameterValue, 'List the apps that the Tech Provider granted')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a solution for each of the Tech Provider''s apps')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Accept solutions, so that they become ACTIVE')
            [CompletionResult]::new('reject', 'reject', [CompletionResultType]::ParameterValue, 'Reject solutions that wait for us, so that they end REJECTED')
            [CompletionResult]::new('tidy', 'tidy', [CompletionResultType]::ParameterValue, 'Reject our own surplus, and show what else is left over')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the solutions of our app, in both roles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show solutions whole: both sides, their permissions, our role, who must act next')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Take up everything unfinished in the journal')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what was done, by whom, newest first')
            [CompletionResult]::new('handoff', 'handoff', [CompletionResultType]::ParameterValue, 'Write the message to the Tech Provider about solutions')
            [CompletionResult]::new('api', 'api', [CompletionResultType]::ParameterValue, 'Make any call of the Graph API with mps''s client')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a profile: ask for settings and secrets, check them, keep them')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check every precondition, one by one, each with its remedy')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'List, show, change and delete profiles')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a stand-in for Meta on this machine')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('complete-words', 'complete-words', [CompletionResultType]::ParameterValue, 'Print words for the dynamic completions')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the man pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;onboard' {
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'The Tech Provider''s app; `-` reads ids or JSON lines from stdin (can be repeated)')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Several Tech Providers whose user tokens are there: a file with a line each, CSV or JSON, with `ref` (the label), `user_token_file` and `app_ids`; `-` for stdin')
            [CompletionResult]::new('--handoff', '--handoff', [CompletionResultType]::ParameterName, 'Write the message to the Tech Provider to this file; `-`: to stdout instead of the ids')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name of each solution; can hold {app_name}, {app_id}, {partner_name}, {partner_app_id}, {label}, {date} [env: MPS_NAME] [default: "{app_name} + {partner_name}"]')
            [CompletionResult]::new('--messaging', '--messaging', [CompletionResultType]::ParameterName, 'Who may send messages: both, partner (us) or tech-provider (owner) [env: MPS_MESSAGING] [default: both]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many apps or solutions are worked on at once [env: MPS_JOBS] [default: 8]')
            [CompletionResult]::new('--wait-quota', '--wait-quota', [CompletionResultType]::ParameterName, 'Wait when Meta''s quota is used up, at most so long (like 30m), instead of ending with exit code 5')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port on this machine')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'A PEM file with the page''s certificate')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'A PEM file with the certificate''s key')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'The page''s public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen on another address, with --public-url or --published only (for containers)')
            [CompletionResult]::new('--published', '--published', [CompletionResultType]::ParameterName, 'Where the page is reached from outside a container: https://localhost:PORT')
            [CompletionResult]::new('--login-config-id', '--login-config-id', [CompletionResultType]::ParameterName, 'A configuration of Facebook Login for Business, sent instead of the permission')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The Tech Provider''s language where their browser wishes none of ours: en, es, pt-BR, fr, id or hi')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Whom the link is for: the same link every time for this label')
            [CompletionResult]::new('--link-days', '--link-days', [CompletionResultType]::ParameterName, 'How many days a link with --for stays the same')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'How long to wait for the token, like 90s or 10m; `none` for ever')
            [CompletionResult]::new('--user-token-file', '--user-token-file', [CompletionResultType]::ParameterName, 'A file with the Tech Provider''s user token, `-` for stdin [env: MPS_USER_TOKEN]')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every app that the Tech Provider granted, but those whose latest solution with us has ended')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Say yes to the plan')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Say yes to the plan')
            [CompletionResult]::new('--accept-anyone', '--accept-anyone', [CompletionResultType]::ParameterName, 'With --yes and the page: onboard whoever signs in, whatever apps they grant')
            [CompletionResult]::new('--no-accept', '--no-accept', [CompletionResultType]::ParameterName, 'Stop at INITIATED; a colleague with the system token accepts')
            [CompletionResult]::new('--no-check', '--no-check', [CompletionResultType]::ParameterName, 'Do not read the solutions before and after accepting, where Meta refuses the reading')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done and send nothing that changes anything')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Try it all against the built-in stand-in for Meta, with no account and no token')
            [CompletionResult]::new('--allow-duplicate', '--allow-duplicate', [CompletionResultType]::ParameterName, 'Make another solution even where a live one exists; needs --name, and once per name')
            [CompletionResult]::new('--no-look', '--no-look', [CompletionResultType]::ParameterName, 'Do not look for existing solutions first, for accounts where Meta refuses the listing')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'Serve http://localhost, for apps in development mode only')
            [CompletionResult]::new('--no-open', '--no-open', [CompletionResultType]::ParameterName, 'Do not open a browser')
            [CompletionResult]::new('--paste', '--paste', [CompletionResultType]::ParameterName, 'Read a token that you have already, at a prompt or from stdin, instead of serving the page')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;serve-button' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port on this machine')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'A PEM file with the page''s certificate')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'A PEM file with the certificate''s key')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'The page''s public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen on another address, with --public-url or --published only (for containers)')
            [CompletionResult]::new('--published', '--published', [CompletionResultType]::ParameterName, 'Where the page is reached from outside a container: https://localhost:PORT')
            [CompletionResult]::new('--login-config-id', '--login-config-id', [CompletionResultType]::ParameterName, 'A configuration of Facebook Login for Business, sent instead of the permission')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The Tech Provider''s language where their browser wishes none of ours: en, es, pt-BR, fr, id or hi')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Whom the link is for: the same link every time for this label')
            [CompletionResult]::new('--link-days', '--link-days', [CompletionResultType]::ParameterName, 'How many days a link with --for stays the same')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'How long to wait for the token, like 90s or 10m; `none` for ever')
            [CompletionResult]::new('--token-out', '--token-out', [CompletionResultType]::ParameterName, 'Write the token to this file, readable by you alone')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'Serve http://localhost, for apps in development mode only')
            [CompletionResult]::new('--no-open', '--no-open', [CompletionResultType]::ParameterName, 'Do not open a browser')
            [CompletionResult]::new('--paste', '--paste', [CompletionResultType]::ParameterName, 'Read a token that you have already, at a prompt or from stdin, instead of serving the page')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;watch' {
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many apps or solutions are worked on at once [env: MPS_JOBS] [default: 8]')
            [CompletionResult]::new('--wait-quota', '--wait-quota', [CompletionResultType]::ParameterName, 'Wait when Meta''s quota is used up, at most so long (like 30m), instead of ending with exit code 5')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port on this machine')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'A PEM file with the page''s certificate')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'A PEM file with the certificate''s key')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'The page''s public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen on another address, with --public-url or --published only (for containers)')
            [CompletionResult]::new('--published', '--published', [CompletionResultType]::ParameterName, 'Where the page is reached from outside a container: https://localhost:PORT')
            [CompletionResult]::new('--login-config-id', '--login-config-id', [CompletionResultType]::ParameterName, 'A configuration of Facebook Login for Business, sent instead of the permission')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The Tech Provider''s language where their browser wishes none of ours: en, es, pt-BR, fr, id or hi')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Begin with nobody at a terminal; what waits is then for `mps accept`')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Begin with nobody at a terminal; what waits is then for `mps accept`')
            [CompletionResult]::new('--accept-anyone', '--accept-anyone', [CompletionResultType]::ParameterName, 'Accept the apps that the invitation does not expect, too')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'Serve http://localhost, for apps in development mode only')
            [CompletionResult]::new('--no-open', '--no-open', [CompletionResultType]::ParameterName, 'Do not open a browser')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;invite' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Whom the link is for: the same link every time for this label')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'A file with a line per Tech Provider, CSV or JSON, with `ref` (the label) and, if wanted, `app_ids` (between blanks), `messaging`, `name` and `lang`; `-` for stdin')
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'The Tech Provider''s app that is expected (can be repeated)')
            [CompletionResult]::new('--messaging', '--messaging', [CompletionResultType]::ParameterName, 'Who may send messages in their solutions')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name of their solutions, a template as in `mps onboard --name`')
            [CompletionResult]::new('--link-days', '--link-days', [CompletionResultType]::ParameterName, 'How many days the link stays the same, counted from its first use')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'The page''s public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the message')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The Tech Provider''s language, for the message and the page: en, es, pt-BR, fr, id or hi')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every invitation and how far each Tech Provider is')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Take the link of a Tech Provider back')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;invite;list' {
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'The page''s public address, so that the links can be shown [env: MPS_PUBLIC_URL]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;invite;revoke' {
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'The page''s public address, so that the link can be shown [env: MPS_PUBLIC_URL]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;invite;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every invitation and how far each Tech Provider is')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Take the link of a Tech Provider back')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;invite;help;list' {
            break
        }
        'mps;invite;help;revoke' {
            break
        }
        'mps;invite;help;help' {
            break
        }
        'mps;snippet' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('button', 'button', [CompletionResultType]::ParameterValue, 'The page with Meta''s button, as one HTML file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;snippet;button' {
            [CompletionResult]::new('--login-config-id', '--login-config-id', [CompletionResultType]::ParameterName, 'A configuration of Facebook Login for Business, sent instead of the permission')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The page''s language: en, es, pt-BR, fr, id or hi')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;snippet;help' {
            [CompletionResult]::new('button', 'button', [CompletionResultType]::ParameterValue, 'The page with Meta''s button, as one HTML file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;snippet;help;button' {
            break
        }
        'mps;snippet;help;help' {
            break
        }
        'mps;list-apps' {
            [CompletionResult]::new('--user-token-file', '--user-token-file', [CompletionResultType]::ParameterName, 'A file with the Tech Provider''s user token, `-` for stdin [env: MPS_USER_TOKEN]')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;create' {
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'The Tech Provider''s app; `-` reads ids or JSON lines from stdin (can be repeated)')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name of each solution; can hold {app_name}, {app_id}, {partner_name}, {partner_app_id}, {label}, {date} [env: MPS_NAME] [default: "{app_name} + {partner_name}"]')
            [CompletionResult]::new('--messaging', '--messaging', [CompletionResultType]::ParameterName, 'Who may send messages: both, partner (us) or tech-provider (owner) [env: MPS_MESSAGING] [default: both]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many apps or solutions are worked on at once [env: MPS_JOBS] [default: 8]')
            [CompletionResult]::new('--wait-quota', '--wait-quota', [CompletionResultType]::ParameterName, 'Wait when Meta''s quota is used up, at most so long (like 30m), instead of ending with exit code 5')
            [CompletionResult]::new('--user-token-file', '--user-token-file', [CompletionResultType]::ParameterName, 'A file with the Tech Provider''s user token, `-` for stdin [env: MPS_USER_TOKEN]')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every app that the Tech Provider granted, but those whose latest solution with us has ended')
            [CompletionResult]::new('--allow-duplicate', '--allow-duplicate', [CompletionResultType]::ParameterName, 'Make another solution even where a live one exists; needs --name, and once per name')
            [CompletionResult]::new('--no-look', '--no-look', [CompletionResultType]::ParameterName, 'Do not look for existing solutions first, for accounts where Meta refuses the listing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done and send nothing that changes anything')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Say yes to the plan')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Say yes to the plan')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;accept' {
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'With --no-check and one solution: the Tech Provider''s app whose unanswered create it settles')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many apps or solutions are worked on at once [env: MPS_JOBS] [default: 8]')
            [CompletionResult]::new('--wait-quota', '--wait-quota', [CompletionResultType]::ParameterName, 'Wait when Meta''s quota is used up, at most so long (like 30m), instead of ending with exit code 5')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be accepted and send nothing that changes anything')
            [CompletionResult]::new('--no-check', '--no-check', [CompletionResultType]::ParameterName, 'Do not read the solutions before and after, for accounts where Meta refuses the reading')
            [CompletionResult]::new('--allow-duplicate', '--allow-duplicate', [CompletionResultType]::ParameterName, 'Accept it also beside another live solution of the same two apps')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Nothing on stdin is no error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Say yes to the question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Say yes to the question')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;reject' {
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many apps or solutions are worked on at once [env: MPS_JOBS] [default: 8]')
            [CompletionResult]::new('--wait-quota', '--wait-quota', [CompletionResultType]::ParameterName, 'Wait when Meta''s quota is used up, at most so long (like 30m), instead of ending with exit code 5')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Say yes to the question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Say yes to the question')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;tidy' {
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many apps or solutions are worked on at once [env: MPS_JOBS] [default: 8]')
            [CompletionResult]::new('--wait-quota', '--wait-quota', [CompletionResultType]::ParameterName, 'Wait when Meta''s quota is used up, at most so long (like 30m), instead of ending with exit code 5')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what is left over and send nothing that changes anything')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Say yes to the question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Say yes to the question')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;list' {
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Only those where the app has this role')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only those with this status, in Meta''s words (can be repeated)')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Only the apps of this label (`mps invite --for LABEL`)')
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'Another app than ours')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--user-token-file', '--user-token-file', [CompletionResultType]::ParameterName, 'A file with the Tech Provider''s user token, `-` for stdin [env: MPS_USER_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Write CSV with a line of headings')
            [CompletionResult]::new('--web', '--web', [CompletionResultType]::ParameterName, 'Open our app in Meta''s App Dashboard; where no browser would be seen, write its address')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;show' {
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--user-token-file', '--user-token-file', [CompletionResultType]::ParameterName, 'A file with the Tech Provider''s user token, `-` for stdin [env: MPS_USER_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--web', '--web', [CompletionResultType]::ParameterName, 'Open the app in Meta''s App Dashboard where we see it; where no browser would be seen, write its address')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;resume' {
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'Only this app of a Tech Provider (can be repeated)')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'With --not-made: the name of what `--allow-duplicate` sent')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many apps or solutions are worked on at once [env: MPS_JOBS] [default: 8]')
            [CompletionResult]::new('--wait-quota', '--wait-quota', [CompletionResultType]::ParameterName, 'Wait when Meta''s quota is used up, at most so long (like 30m), instead of ending with exit code 5')
            [CompletionResult]::new('--user-token-file', '--user-token-file', [CompletionResultType]::ParameterName, 'A file with the Tech Provider''s user token, `-` for stdin [env: MPS_USER_TOKEN]')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--not-made', '--not-made', [CompletionResultType]::ParameterName, 'Close the row of this app: a create without an answer made nothing at Meta (looks first, then asks)')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait until what had no answer is ten minutes old, and so can be decided on')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what is unfinished and send nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Say yes to the list')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Say yes to the list')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;history' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Not before: a day (UTC), a time, or so long ago (like 7d or 12h)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before: a day (UTC, that day included), a time, or so long ago')
            [CompletionResult]::new('--app-id', '--app-id', [CompletionResultType]::ParameterName, 'Only this app of a Tech Provider')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Only the apps of this label (`mps invite --for LABEL`)')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'At most so many')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only what was refused, lost or never sent')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Every line: also what was written down before each write was sent')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Write CSV with a line of headings')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check the chain of hashes through all events')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;history;verify' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Require an event with this hash, kept elsewhere, and check from it on')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;history;help' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check the chain of hashes through all events')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;history;help;verify' {
            break
        }
        'mps;history;help;help' {
            break
        }
        'mps;handoff' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Those of this label (`mps invite --for LABEL`) that the journal knows')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Those that this run of mps made or accepted (`run_id` in `mps history --json`)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the message')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of the message: en, es, pt-BR, fr, id or hi')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;api' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'A parameter, NAME=VALUE (can be repeated)')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'A parameter, NAME=VALUE (can be repeated)')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'Which token to use')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--user-token-file', '--user-token-file', [CompletionResultType]::ParameterName, 'A file with the Tech Provider''s user token, `-` for stdin [env: MPS_USER_TOKEN]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--paginate', '--paginate', [CompletionResultType]::ParameterName, 'All pages of a list, an item per line')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;init' {
            [CompletionResult]::new('--secret-store', '--secret-store', [CompletionResultType]::ParameterName, 'Where the secrets are kept')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--system-token-command', '--system-token-command', [CompletionResultType]::ParameterName, 'A command that prints the system token')
            [CompletionResult]::new('--app-secret-command', '--app-secret-command', [CompletionResultType]::ParameterName, 'A command that prints the app secret')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name of each solution, a template [env: MPS_NAME]')
            [CompletionResult]::new('--messaging', '--messaging', [CompletionResultType]::ParameterName, 'Who may send messages: both, partner (us) or tech-provider (owner) [env: MPS_MESSAGING]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many apps or solutions are worked on at once [env: MPS_JOBS]')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'The public address of the button''s page [env: MPS_PUBLIC_URL]')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The Tech Providers'' language: en, es, pt-BR, fr, id or hi')
            [CompletionResult]::new('--brand-name', '--brand-name', [CompletionResultType]::ParameterName, 'Our name on the page')
            [CompletionResult]::new('--brand-logo', '--brand-logo', [CompletionResultType]::ParameterName, 'Our logo on the page: a PNG, SVG, JPEG or WebP of at most 100 KiB')
            [CompletionResult]::new('--brand-color', '--brand-color', [CompletionResultType]::ParameterName, 'Our colour on the page, dark enough to be read on white, like ''#0a7a5c''')
            [CompletionResult]::new('--privacy-url', '--privacy-url', [CompletionResultType]::ParameterName, 'Our privacy page, which the page leads to')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--overwrite', '--overwrite', [CompletionResultType]::ParameterName, 'Change what a profile holds without asking')
            [CompletionResult]::new('--no-check', '--no-check', [CompletionResultType]::ParameterName, 'Do not ask Meta whether the values are right')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;doctor' {
            [CompletionResult]::new('--user-token-file', '--user-token-file', [CompletionResultType]::ParameterName, 'A file with the Tech Provider''s user token, `-` for stdin [env: MPS_USER_TOKEN]')
            [CompletionResult]::new('--system-token-file', '--system-token-file', [CompletionResultType]::ParameterName, 'A file with our system user''s token, `-` for stdin [env: MPS_SYSTEM_TOKEN]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port that the button''s page is to have')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;profile' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a profile: its settings, and where its secrets are')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set one key of the profile in use; an empty value takes it away')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a profile, with its secrets in the keyring and in files that mps wrote')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;profile;list' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;profile;show' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;profile;set' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;profile;delete' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--keep-secrets', '--keep-secrets', [CompletionResultType]::ParameterName, 'Leave the secrets where they are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;profile;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a profile: its settings, and where its secrets are')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set one key of the profile in use; an empty value takes it away')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a profile, with its secrets in the keyring and in files that mps wrote')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;profile;help;list' {
            break
        }
        'mps;profile;help;show' {
            break
        }
        'mps;profile;help;set' {
            break
        }
        'mps;profile;help;delete' {
            break
        }
        'mps;profile;help;help' {
            break
        }
        'mps;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port on 127.0.0.1; 0 takes a free one')
            [CompletionResult]::new('--apps', '--apps', [CompletionResultType]::ParameterName, 'How many apps the Tech Provider has')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'How long every answer takes, in milliseconds')
            [CompletionResult]::new('--rate-limit', '--rate-limit', [CompletionResultType]::ParameterName, 'How many calls a second are answered; those above it are refused as Meta refuses without quota')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'Print the variables for a shell to evaluate, leave the server running in the background, and end')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--dynamic', '--dynamic', [CompletionResultType]::ParameterName, 'Complete profiles and the journal''s solutions too (bash, zsh, fish); the script holds the path of this mps')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;complete-words' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Write the run''s log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile with the settings [env: MPS_PROFILE] [default: default]')
            [CompletionResult]::new('--partner-app-id', '--partner-app-id', [CompletionResultType]::ParameterName, 'Our app''s id [env: MPS_PARTNER_APP_ID]')
            [CompletionResult]::new('--partner-name', '--partner-name', [CompletionResultType]::ParameterName, 'Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app''s name]')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'The version of the Graph API [env: MPS_API_VERSION] [default: v26.0]')
            [CompletionResult]::new('--graph-url', '--graph-url', [CompletionResultType]::ParameterName, 'Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system''s]')
            [CompletionResult]::new('--app-secret-file', '--app-secret-file', [CompletionResultType]::ParameterName, 'A file with our app''s secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON: one object per line for things that come in numbers, one object otherwise')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less: no status lines, no progress; warnings and errors stay')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, as if nobody were there; what then needs --yes ends with exit code 2')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Show a table that is longer than the screen without $PAGER')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mps;help' {
            [CompletionResult]::new('onboard', 'onboard', [CompletionResultType]::ParameterValue, 'Onboard a Tech Provider: token, apps, solutions created and accepted, hand-off')
            [CompletionResult]::new('serve-button', 'serve-button', [CompletionResultType]::ParameterValue, 'Host the page with Meta''s button and catch the user token')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Stay up and onboard whoever comes, for all valid links at one address')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Write the link for a Tech Provider elsewhere, and the message to send with it')
            [CompletionResult]::new('snippet', 'snippet', [CompletionResultType]::ParameterValue, 'Print HTML to put on a web site of your own')
            [CompletionResult]::new('list-apps', 'list-apps', [CompletionResultType]::ParameterValue, 'List the apps that the Tech Provider granted')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a solution for each of the Tech Provider''s apps')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Accept solutions, so that they become ACTIVE')
            [CompletionResult]::new('reject', 'reject', [CompletionResultType]::ParameterValue, 'Reject solutions that wait for us, so that they end REJECTED')
            [CompletionResult]::new('tidy', 'tidy', [CompletionResultType]::ParameterValue, 'Reject our own surplus, and show what else is left over')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the solutions of our app, in both roles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show solutions whole: both sides, their permissions, our role, who must act next')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Take up everything unfinished in the journal')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show what was done, by whom, newest first')
            [CompletionResult]::new('handoff', 'handoff', [CompletionResultType]::ParameterValue, 'Write the message to the Tech Provider about solutions')
            [CompletionResult]::new('api', 'api', [CompletionResultType]::ParameterValue, 'Make any call of the Graph API with mps''s client')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a profile: ask for settings and secrets, check them, keep them')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check every precondition, one by one, each with its remedy')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'List, show, change and delete profiles')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a stand-in for Meta on this machine')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('complete-words', 'complete-words', [CompletionResultType]::ParameterValue, 'Print words for the dynamic completions')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the man pages')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mps;help;onboard' {
            break
        }
        'mps;help;serve-button' {
            break
        }
        'mps;help;watch' {
            break
        }
        'mps;help;invite' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show every invitation and how far each Tech Provider is')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Take the link of a Tech Provider back')
            break
        }
        'mps;help;invite;list' {
            break
        }
        'mps;help;invite;revoke' {
            break
        }
        'mps;help;snippet' {
            [CompletionResult]::new('button', 'button', [CompletionResultType]::ParameterValue, 'The page with Meta''s button, as one HTML file')
            break
        }
        'mps;help;snippet;button' {
            break
        }
        'mps;help;list-apps' {
            break
        }
        'mps;help;create' {
            break
        }
        'mps;help;accept' {
            break
        }
        'mps;help;reject' {
            break
        }
        'mps;help;tidy' {
            break
        }
        'mps;help;list' {
            break
        }
        'mps;help;show' {
            break
        }
        'mps;help;resume' {
            break
        }
        'mps;help;history' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check the chain of hashes through all events')
            break
        }
        'mps;help;history;verify' {
            break
        }
        'mps;help;handoff' {
            break
        }
        'mps;help;api' {
            break
        }
        'mps;help;init' {
            break
        }
        'mps;help;doctor' {
            break
        }
        'mps;help;profile' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a profile: its settings, and where its secrets are')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set one key of the profile in use; an empty value takes it away')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a profile, with its secrets in the keyring and in files that mps wrote')
            break
        }
        'mps;help;profile;list' {
            break
        }
        'mps;help;profile;show' {
            break
        }
        'mps;help;profile;set' {
            break
        }
        'mps;help;profile;delete' {
            break
        }
        'mps;help;sandbox' {
            break
        }
        'mps;help;completions' {
            break
        }
        'mps;help;complete-words' {
            break
        }
        'mps;help;man' {
            break
        }
        'mps;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
