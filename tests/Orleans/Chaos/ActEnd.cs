namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>What became of something that was asked for.</summary>
internal enum ActEnd
{
    /// <summary>Nobody has answered: it may have happened, and may happen later.</summary>
    Unknown,

    /// <summary>It was answered with yes: it has happened.</summary>
    Acknowledged,

    /// <summary>It was answered with no, or nobody was there to ask: it has not happened and never will.</summary>
    Refused,
}
