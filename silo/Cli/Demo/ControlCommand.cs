namespace TrustMesh.Cli.Demo;

/// <summary>What a running demo can be asked to do, in the words of its socket.</summary>
internal static class ControlCommand
{
    public const string Status = "status", StopSilo = "silo stop", StartSilo = "silo start", RestartSilo = "silo restart", KillSilo = "silo kill";

    /// <summary>Longest line that is read.</summary>
    public const int Longest = 64;
}
