namespace TrustMesh.Cli;

/// <summary>What the process ends with. Scripts depend on these numbers; they are part of <c>--help</c> and never change meaning.</summary>
internal enum ExitCode
{
    Ok = 0, Failure = 1, Usage = 2, NotFound = 3, Denied = 4, Conflict = 5, NotTrusted = 6, Timeout = 7, Interrupted = 130,
}
