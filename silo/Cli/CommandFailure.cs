namespace TrustMesh.Cli;

/// <summary>A command that cannot go on: one sentence what is wrong, the fix, and the exit code.</summary>
internal sealed class CommandFailure(ExitCode code, string problem, string fix, Exception? cause = null) : Exception($"{problem} {fix}".TrimEnd(), cause)
{
    public ExitCode Code { get; } = code;

    /// <summary>One sentence, ending with a full stop.</summary>
    public string Problem { get; } = problem;

    /// <summary>What to do about it; empty where there is nothing to say.</summary>
    public string Fix { get; } = fix;
}
