using System.CommandLine;

namespace TrustMesh.Cli.Commands;

/// <summary><c>completion</c>: scripts that ask <c>trustmesh [suggest:…]</c> what may come next.</summary>
internal static class CompletionCommands
{
    private const string Bash = """
        _trustmesh() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(trustmesh "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _trustmesh trustmesh
        """;

    private const string Zsh = """
        #compdef trustmesh
        _trustmesh() {
            local -a words_found
            words_found=("${(@f)$(trustmesh "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_found
        }
        compdef _trustmesh trustmesh
        """;

    private const string Fish = """
        complete -c trustmesh -a '(trustmesh "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Build(Shell shell) => new("completion", "Scripts for tab completion; for bash: source <(trustmesh completion bash)")
    {
        Script(shell, "bash", Bash), Script(shell, "zsh", Zsh), Script(shell, "fish", Fish),
    };

    private static Command Script(Shell shell, string name, string script)
    {
        var command = new Command(name, $"The script for {name}.");
        command.SetAction(_ => shell.Surroundings.Out.WriteLine(script));
        return command;
    }
}
