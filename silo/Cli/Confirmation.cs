using TrustMesh.Cli.Output;

namespace TrustMesh.Cli;

/// <summary>Asks a person at a terminal to type something before what cannot be undone; a script has to say so with --yes.</summary>
internal static class Confirmation
{
    /// <summary>What has to be typed: the device's name, or how many there are.</summary>
    public static string Of(IReadOnlyList<string> names) => names.Count == 1 ? names[0] : Shown.Number(names.Count);

    /// <summary>Returns if it was typed; else throws, and nothing was done.</summary>
    /// <param name="what">What happens then, such as <c>revoke 12 devices for good</c>.</param>
    public static void Ask(Surroundings surroundings, Printer printer, bool yes, string expected, string what)
    {
        if (yes) return;
        if (!surroundings.InIsTerminal)
            throw new CommandFailure(ExitCode.Usage, $"There is nobody to ask: standard input is no terminal, and this would {what}.", "Look at the plan with --dry-run, then give --yes.");
        printer.Note($"This will {what}. Type {expected} to confirm:");
        if (surroundings.In.ReadLine()?.Trim() != expected) throw new CommandFailure(ExitCode.Failure, "That is not what was asked for; nothing was done.", "");
    }
}
