namespace TrustMesh.Tests.Orleans.Chaos;

internal enum IncidentKind
{
    /// <summary>kill -9 of one.</summary>
    Kill,

    /// <summary>kill -9 of two at nearly the same time.</summary>
    KillTwo,

    /// <summary>kill -9 of all of them.</summary>
    KillAll,

    /// <summary>SIGTERM: it hands over.</summary>
    Leave,

    /// <summary>SIGSTOP for less than it takes the others to give a silo up.</summary>
    Pause,

    /// <summary>SIGSTOP for longer: a silo that was given up ends by itself with code 3.</summary>
    Freeze,
}
