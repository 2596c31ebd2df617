namespace TrustMesh.Agent.Commands;

/// <summary>The agent's exit codes; those of the <c>trustmesh</c> command, as far as they apply.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Something did not work; the message says what to do.</summary>
    public const int Failure = 1;

    /// <summary>Wrong arguments or configuration: starting again without changing them is useless (systemd: RestartPreventExitStatus=2).</summary>
    public const int Usage = 2;

    /// <summary>No agent runs with this configuration, or none ever did.</summary>
    public const int NotFound = 3;

    /// <summary>The peer is not trusted: contraindicated, expired, not to be judged, or not to be reached.</summary>
    public const int NotTrusted = 6;

    /// <summary>No answer within the time that was given.</summary>
    public const int Timeout = 7;
}
